// Views, starts and shares are counted, and nobody is known by it.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { say } from "./support/words.ts";

/** What the page tells of from now on. */
const listen = (page: Page): string[] => {
  const told: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/events")) told.push(JSON.parse(request.postData() ?? "{}").kind);
  });
  return told;
};

test("a view and a start are told once, a share each time", async ({ campaign, embed, page }) => {
  const told = listen(page);
  const widget = await embed(campaign.slug);
  await expect.poll(() => told).toEqual(["seen"]);
  await widget.sign();
  await widget.shows(1);
  expect(told).toEqual(["seen", "started"]);
  await widget.root.getByRole("button", { name: say("share-copy") }).click();
  await expect.poll(() => told).toEqual(["seen", "started", "shared"]);
});

for (const wish of ["globalPrivacyControl", "doNotTrack"]) {
  test(`whoever asks by ${wish} is not counted`, async ({ campaign, embed, page }) => {
    const told = listen(page);
    await page.addInitScript((wish) => {
      const value = wish === "doNotTrack" ? "1" : true;
      Object.defineProperty(navigator, wish, { value });
    }, wish);
    const widget = await embed(campaign.slug);
    await widget.sign();
    await widget.shows(1);
    expect(told).toEqual([]);
  });
}
