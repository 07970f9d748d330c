// Every page of the dashboard: without barriers, light and dark, wide and on a phone.
import { type Page } from "@playwright/test";
import { sign } from "./support/campaign.ts";
import { axe, expect, fitsTheWindow, PICTURES, shot, test } from "./support/fixtures.ts";
import { DESK, go, owner } from "./support/organizer.ts";
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

const PATHS = [
  ...PAGES.map(([path, title]) => [`campaigns/${DEMO}/${path}`, title, path] as const),
  ...OTHERS.map(([path, title]) => [path, title, path] as const),
];

/** Pages in a test: few enough for two browsers to share them, so many that signing in is little. */
const TOGETHER = 4;

for (let first = 0; first < PATHS.length; first += TOGETHER) {
  const some = PATHS.slice(first, first + TOGETHER);
  const names = some.map(([, title]) => title).join(", ");
  test(`no barrier, light and dark, wide and on a phone: ${names}`, async ({ page }) => {
    await owner(page);
    for (const [path, title, name] of some) await stands(page, path, title, name);
    // Last: its robots would be in the other pictures.
    if (PICTURES && first === 0) await live(page);
  });
}

async function stands(page: Page, path: string, title: string, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${DESK}/admin/${path}`);
  await expect(page.getByRole("heading", { name: title, level: 1 })).toBeAttached();
  await expect(page.locator(".skeleton")).toHaveCount(0);
  if (name === "settings") {
    await expect(page.getByText("The real widget")).toBeVisible();
    await expect(page.locator(".preview .cs-root").first()).toBeVisible();
  }
  await shot(page, name);
  await axe(page);
  await onAPhoneAtNight(page);
  await shot(page, `${name}-phone`);
  await fitsTheWindow(page);
  await axe(page);
}

async function onAPhoneAtNight(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 360, height: 740 });
}

/** The live page once more, while a robot is at work. */
async function live(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${DESK}/admin/campaigns/${DEMO}/live`);
  await letManySign(page);
  for (let person = 0; person < 120; person += 1) await sign(DEMO, "US", "A Robot");
  await page.reload();
  await expect(async () => {
    await page.reload();
    await expect(page.locator(".alarm").first()).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
  await expect(page.locator(".skeleton")).toHaveCount(0);
  await shot(page, "live");
  await onAPhoneAtNight(page);
  await shot(page, "live-phone");
}

/** The demo's limit holds for its tests as well: an event's lets a robot through. */
async function letManySign(page: Page): Promise<void> {
  const saved = await page.evaluate(async (path) => {
    const { settings } = (await (await fetch(path)).json()) as { settings: object };
    const body = JSON.stringify({ settings: { ...settings, rate_limit: "event" } });
    const headers = { "content-type": "application/json" };
    return (await fetch(path, { method: "PUT", headers, body })).status;
  }, `/api/v1/admin/campaigns/${DEMO}`);
  expect(saved).toBe(200);
}

test("a chart is walked with the arrow keys, has a table, and downloads as SVG and CSV", async ({
  page,
}) => {
  await owner(page);
  await page.goto(`${DESK}/admin/campaigns/${DEMO}/supporters`);
  await go(page, "Live");
  // The heading takes the focus, for those who hear the page; nobody sees it jump in.
  const heading = page.getByRole("heading", { name: "Live", level: 1 });
  await expect(heading).toBeFocused();
  expect((await heading.boundingBox())!.height).toBeLessThanOrEqual(1);
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
  await expect(figure.getByRole("table").first()).toBeVisible();
});
