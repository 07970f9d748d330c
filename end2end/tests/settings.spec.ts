// A campaign's settings: what is not saved, what is not translated, what cannot be read, its file, its
// life, and how it is put on a site.
import { readFile } from "node:fs/promises";
import { type Download, type Page } from "@playwright/test";
import { axe, expect, test } from "./support/fixtures.ts";
import { DESK, go, owner } from "./support/organizer.ts";
import { api } from "./support/world.ts";

const text = async (file: Download) => readFile(await file.path(), "utf8");

/** Whether the browser would ask before it closes the page. */
const holdsUnsaved = (page: Page) =>
  page.evaluate(() => !window.dispatchEvent(new Event("beforeunload", { cancelable: true })));

const read = (page: Page, toml: string) =>
  page.getByLabel("Read a campaign file").setInputFiles({
    name: "campaign.toml",
    mimeType: "application/toml",
    buffer: Buffer.from(toml),
  });

test("settings: nothing is lost, nothing is hidden by accident, and everything can be taken along", async ({
  context,
  page,
  campaign,
}) => {
  test.setTimeout(120_000);
  const { slug } = campaign;
  const copy = `${slug}-copy`;
  const settings = `${DESK}/admin/campaigns/${slug}/settings`;
  const title = page.getByLabel("Title");
  const asks = page.getByRole("dialog", { name: "Leave without saving?" });
  const stage = page.locator(".where > .pill");
  await owner(page);
  await page.goto(`${DESK}/admin/campaigns/${slug}/live`);

  await test.step("who leaves what is not saved is asked, whichever way they go", async () => {
    await go(page, "Campaign settings");
    expect(await holdsUnsaved(page)).toBe(false);
    await title.fill("Something new");
    await expect(page.getByText("Not saved yet")).toBeVisible();
    expect(await holdsUnsaved(page)).toBe(true);
    await page.getByRole("link", { name: "Privacy & retention" }).click();
    await expect(asks).toBeVisible();
    await asks.getByRole("button", { name: "Cancel" }).click();
    await expect(page).toHaveURL(settings);
    await expect(title).toHaveValue("Something new");
    await page.goBack();
    await expect(asks).toBeVisible();
    await expect(page).toHaveURL(settings);
    await asks.getByRole("button", { name: "Leave and lose it" }).click();
    await expect(page).toHaveURL(/\/live$/);
    await expect(page.getByRole("heading", { name: "Live", level: 1 })).toBeAttached();
    await page.goForward();
    await expect(title).toHaveValue("Equal Futures");
    await expect(asks).toBeHidden();
  });

  await test.step("a new campaign is guarded from the first letter on", async () => {
    await page.getByLabel("Change the campaign").click();
    await page.getByRole("link", { name: "New campaign" }).click();
    await expect(page.getByRole("heading", { name: "New campaign" })).toBeVisible();
    expect(await holdsUnsaved(page)).toBe(false);
    await title.fill("A beginning");
    expect(await holdsUnsaved(page)).toBe(true);
    await page.getByRole("link", { name: "Campaign settings" }).click();
    await asks.getByRole("button", { name: "Leave and lose it" }).click();
    await expect(page).toHaveURL(settings);
  });

  await test.step("a language is complete when it is translated, not when it is copied", async () => {
    await expect(page.getByRole("button", { name: /French\s*6 of 6/ })).toBeVisible();
    await page.getByRole("button", { name: /French/ }).click();
    await page.getByLabel("Add a language").fill("sw");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByRole("button", { name: /Swahili\s*0 of 6/ })).toBeVisible();
    await expect(title).toHaveValue("Equal Futures");
    const open = page.getByText("Still as in English: ");
    await expect(open).toContainText("Title, The pledge, A sentence or two below, After signing");
    await title.fill("Mustakabali sawa");
    await expect(page.getByRole("button", { name: /Swahili\s*1 of 6/ })).toBeVisible();
    await expect(open).not.toContainText("Title");
    await page.getByLabel("On the button").fill("");
    await expect(page.getByText("Missing: On the button")).toBeVisible();
    await page.getByRole("button", { name: "Remove Swahili" }).click();
    await expect(page.getByText("Everything is saved")).toBeVisible();
  });

  await test.step("a colour that cannot be read is said to be shown as another", async () => {
    const colour = page.getByLabel("Colour");
    await colour.fill("#ffee00");
    const warning = page.locator(".badges .warn", { hasText: "Text on light paper" });
    await expect(warning).toContainText(/#ffee00 would have 1\.2:1, too weak.* with (4\.[5-9]|[5-9])/);
    await expect(page.getByText("Button on dark paper")).toBeVisible();
    await page.getByLabel("Paper").first().selectOption("light");
    await expect(page.getByText("Button on dark paper")).toBeHidden();
    await axe(page, ".badges");
    await page.getByLabel("Paper").first().selectOption("auto");
    await colour.fill("#b3125f");
    await expect(page.getByText("Everything is saved")).toBeVisible();
  });

  await test.step("the file that was taken out and read again is the same, and moves no stage", async () => {
    const get = async () => {
      const coming = page.waitForEvent("download");
      await page.getByRole("button", { name: "Download the campaign file" }).click();
      return text(await coming);
    };
    const first = await get();
    await title.fill("Something else");
    await read(page, first);
    await expect(title).toHaveValue("Equal Futures");
    await expect(page.getByText("Everything is saved")).toBeVisible();
    const changed = first.replace('title = "Equal Futures"', 'title = "Equal Futures, again"');
    await read(page, changed.replace('stage = "live"', 'stage = "draft"').replace(slug, "another"));
    await expect(title).toHaveValue("Equal Futures, again");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("Saved. Open pages show it within seconds.")).toBeVisible();
    await expect(stage).toHaveText("Live");
    expect(await get()).toBe(changed);
    expect((await fetch(api(slug))).status).toBe(200);
    expect((await fetch(api("another"))).status).toBe(404);
    await title.fill("Not yet");
    await page.getByRole("button", { name: "Duplicate" }).click();
    await expect(page.getByText("Save your changes first.")).toBeVisible();
    await title.fill("Equal Futures, again");
  });

  await test.step("a duplicate is a draft, and each step of its life that hides something asks", async () => {
    await page.getByLabel("Name in addresses").fill(copy);
    await page.getByRole("button", { name: "Duplicate" }).click();
    await expect(page).toHaveURL(`${DESK}/admin/campaigns/${copy}/settings`);
    await expect(stage).toHaveText("Draft");
    expect((await fetch(api(copy))).status).toBe(404);
    await title.fill(copy);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("Everything is saved")).toBeVisible();
    await page.getByRole("button", { name: "Make it live" }).click();
    await expect(stage).toHaveText("Live");
    const step = async (name: string, sure: string, answer: string) => {
      await page.getByRole("main").getByRole("button", { name }).click();
      const box = page.getByRole("dialog", { name });
      await expect(box).toContainText(sure);
      await box.getByRole("button", { name: answer }).click();
      await expect(box).toBeHidden();
    };
    await step("Close it now", "Nobody can sign from now on", "Cancel");
    await expect(stage).toHaveText("Live");
    await step("Close it now", "Nobody can sign from now on", "Close it now");
    await expect(stage).toHaveText("Closed");
    await step("Archive it", "leaves the menu of campaigns", "Archive it");
    await expect(stage).toHaveText("Archived");
  });

  await test.step("an archived campaign is in the list and in no menu, and comes back closed", async () => {
    await page.goto(settings);
    const menu = page.getByLabel("Change the campaign");
    await menu.click();
    await expect(page.locator(".where").getByRole("link", { name: "Equal Futures, again" })).toBeVisible();
    await expect(page.locator(".where").getByRole("link", { name: copy })).toHaveCount(0);
    await page.getByRole("link", { name: "All campaigns" }).click();
    const line = page.getByRole("row", { name: copy });
    await expect(line).toContainText("Archived");
    await axe(page);
    await line.getByRole("link").click();
    await go(page, "Campaign settings");
    await page.getByRole("button", { name: "Back as a closed one" }).click();
    await expect(stage).toHaveText("Closed");
    await expect(page.getByText("It has ended")).toBeVisible();
  });

  await test.step("what goes on a site is checked, and the code can be taken in every form", async () => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const verdict = (what: string) => page.locator(".verdicts li", { hasText: what }).locator(".pill");
    await go(page, "Embed & share");
    await expect(verdict("The campaign")).toHaveText("Look at this");
    await page.goto(`${DESK}/admin/campaigns/${slug}/embed`);
    await expect(verdict("The campaign")).toHaveText("Good");
    await expect(verdict("Languages")).toHaveText("Good");
    const head = page.locator("section", { hasText: "For the head of the page" }).locator("code");
    await expect(head).toContainText(/preconnect[\s\S]+modulepreload/);
    const download = async (kind: string) => {
      const coming = page.waitForEvent("download");
      await page.getByRole("button", { name: `Download as ${kind}` }).click();
      return coming;
    };
    const svg = await text(await download("SVG"));
    expect(svg).toMatch(/^<svg/);
    const png = await readFile(await (await download("PNG")).path());
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    // Four times the SVG, so that it can be printed.
    const wide = Number(/width="(\d+)"/.exec(svg)?.[1]);
    expect(png.readUInt32BE(16)).toBe(4 * wide);
    await page.getByRole("button", { name: "Copy the picture" }).click();
    await expect(page.getByText("Copied.")).toBeVisible();
    const kinds = () =>
      page.evaluate(async () => (await navigator.clipboard.read()).flatMap((item) => [...item.types]));
    expect(await kinds()).toContain("image/png");
    await page.getByRole("button", { name: "Copy as SVG" }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(svg);
    await axe(page);
  });
});
