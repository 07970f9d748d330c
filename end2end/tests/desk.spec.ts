// Every page of the dashboard: without barriers, light and dark, wide and on a phone.
import { axe, expect, fitsTheWindow, shot, test } from "./support/fixtures.ts";
import { accept, DESK, invite, organizer } from "./support/organizer.ts";
import { DEMO } from "./support/world.ts";

const PAGES = [
  ["live", "Live"],
  ["supporters", "Supporters"],
  ["offline", "Offline"],
  ["embed", "Embed & share"],
  ["exports", "Exports"],
  ["settings", "Campaign settings"],
  ["privacy", "Privacy & retention"],
  ["webhooks", "Webhooks"],
] as const;

const OTHERS = [
  ["team", "Team"],
  ["audit", "Audit log"],
  ["account", "Account"],
  ["new", "New campaign"],
] as const;

test("every page stands without barriers, light and dark, wide and on a phone", async ({ page }) => {
  test.setTimeout(180_000);
  await accept(page, await invite(organizer()), "Noor Haddad");
  const paths = [
    ...PAGES.map(([path, title]) => [`campaigns/${DEMO}/${path}`, title, path] as const),
    ...OTHERS.map(([path, title]) => [path, title, path] as const),
  ];
  for (const [path, title, name] of paths) {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${DESK}/admin/${path}`);
    await expect(page.getByRole("heading", { name: title, level: 1 })).toBeAttached();
    await expect(page.locator(".skeleton")).toHaveCount(0);
    if (name === "settings") await expect(page.getByText("The real widget")).toBeVisible();
    await shot(page, name);
    await axe(page);
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await page.setViewportSize({ width: 360, height: 740 });
    await shot(page, `${name}-phone`);
    await fitsTheWindow(page);
    await axe(page);
  }
});

test("the big screen needs nobody signed in, and shows the number, the places and a code", async ({
  page,
}) => {
  await page.goto(`${DESK}/admin/screen/${DEMO}`);
  await expect(page.getByText("Equal Futures", { exact: true })).toBeVisible();
  await expect(page.getByText("Sign with your phone")).toBeVisible();
  await expect(page.locator("img")).toHaveJSProperty("complete", true);
  await fitsTheWindow(page);
  await shot(page, "screen");
  await axe(page);
  await page.goto(`${DESK}/admin/screen/${DEMO}?transparent=1`);
  await expect(page.getByText("Equal Futures", { exact: true })).toBeVisible();
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(paper).toBe("rgba(0, 0, 0, 0)");
});

test("a chart is walked with the arrow keys, has a table, and downloads as SVG and CSV", async ({
  page,
}) => {
  await accept(page, await invite(organizer()), "Noor Haddad");
  await page.goto(`${DESK}/admin/campaigns/${DEMO}/live`);
  const figure = page.getByRole("figure", { name: "Total and what moved it" });
  await expect(figure).toBeVisible();
  const cursor = figure.getByRole("slider");
  await cursor.focus();
  await page.keyboard.press("ArrowLeft");
  await expect(cursor).toHaveAttribute("aria-valuetext", /signed/);
  for (const [kind, ending] of [["SVG", "svg"], ["CSV", "csv"]] as const) {
    const coming = page.waitForEvent("download");
    await figure.getByRole("button", { name: new RegExp(`as ${kind}`) }).click();
    expect((await coming).suggestedFilename()).toMatch(new RegExp(`\\.${ending}$`));
  }
  await figure.getByRole("button", { name: "Show as table" }).click();
  await expect(figure.getByRole("table")).toBeVisible();
});
