// What a site's own policy allows: the element, else a frame, else a link. Never a blank box.
import type { Page } from "@playwright/test";
import { axe, expect, fitsTheWindow, HOST, look, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";

const open = (page: Page, policy: string, campaign: string, view = "full") =>
  page.goto(`${HOST}/${policy}?${new URLSearchParams({ campaign, view })}`);

const frame = (page: Page) => new Widget(page.frameLocator("pledge-widget iframe"));

/** The height that the page gives to the frame. */
const height = (page: Page) =>
  page.locator("pledge-widget iframe").evaluate((box) => box.getBoundingClientRect().height);

/** The frame holds all of its content: nothing to scroll inside. */
async function fits(page: Page) {
  const handle = await page.locator("pledge-widget iframe").elementHandle();
  const inside = (await handle!.contentFrame())!;
  await expect
    .poll(() =>
      inside.evaluate(() => document.documentElement.scrollHeight - window.innerHeight),
    )
    .toBeLessThanOrEqual(0);
}

test("a strict policy that names the server allows the element", async ({ campaign, page }) => {
  await open(page, "csp-strict", campaign.slug);
  const widget = await new Widget(page.locator("pledge-widget")).ready();
  await expect(page.locator("pledge-widget iframe")).toHaveCount(0);
  await widget.sign();
  await widget.shows(1);
});

for (const [policy, what] of [
  ["csp-no-wasm", "without WebAssembly"],
  ["trusted-types", "with Trusted Types"],
] as const) {
  test(`fault_42 ${what} the widget is a frame, and takes a pledge`, async ({ campaign, page }) => {
    await open(page, policy, campaign.slug);
    await expect(page.locator("pledge-widget iframe")).toHaveAttribute("title", /./);
    const widget = await frame(page).ready();
    await fits(page);
    await widget.sign();
    await widget.shows(1);
    await fits(page);
    expect((await campaign.totals()).total).toBe(1);
    await look(page, `ladder-${policy}`, { fullPage: true });
  });
}

test("fault_42 without frames the widget is a link", async ({ campaign, page }) => {
  await open(page, "csp-no-frames", campaign.slug);
  const link = page.locator("pledge-widget").getByRole("link");
  await expect(link).toBeVisible();
  await expect(link).toHaveAttribute("href", new RegExp(`/c/${campaign.slug}`));
  const box = await page.locator("pledge-widget").boundingBox();
  expect(box!.height).toBeGreaterThanOrEqual(24);
  await look(page, "ladder-csp-no-frames");
  await link.click();
  await page.waitForURL(`**/c/${campaign.slug}*`);
  await new Widget(page).ready();
});

test("fault_42 the counter steps down as well", async ({ campaign, page }) => {
  await open(page, "csp-no-wasm", campaign.slug, "counter");
  const widget = await frame(page).ready();
  await expect(widget.form).toHaveCount(0);
  await expect(widget.root.getByRole("link", { name: "Sign the pledge" })).toBeVisible();
});

test("fault_42 where the server cannot be reached there is a link", async ({ page, campaign }) => {
  await page.route("**/api/v1/campaigns/*/widget*", (route) => route.abort("connectionrefused"));
  await page.route("**/embed/*", (route) => route.abort("connectionrefused"));
  await page.goto(`${HOST}/plain?campaign=${campaign.slug}`);
  const link = page.locator("pledge-widget").getByRole("link");
  await expect(link).toBeVisible({ timeout: 20_000 });
  await expect(link).toHaveAttribute("href", new RegExp(`/c/${campaign.slug}`));
});

test("until it is there, its place is kept and looks like it", async ({ campaign, page }) => {
  await page.route("**/api/v1/campaigns/*/widget*", () => {}); // Never answered.
  await page.goto(`${HOST}/plain?campaign=${campaign.slug}`);
  const waits = page.locator("pledge-widget [part=loading]");
  await expect(waits).toBeVisible();
  expect((await waits.boundingBox())!.height).toBeGreaterThan(500);
  await axe(page, "pledge-widget");
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await fitsTheWindow(page);
      await look(page.locator("pledge-widget"), `loading-${scheme}-${width}`);
    }
  }
});

test("the events of a frame are the element's events", async ({ campaign, page }) => {
  await open(page, "csp-no-wasm", campaign.slug);
  const widget = await frame(page).ready();
  await expect
    .poll(() => page.evaluate(() => window.heard.map(({ type }) => type)))
    .toContain("pledge:ready");
  await widget.sign();
  await expect
    .poll(() => page.evaluate(() => window.heard.map(({ type }) => type)))
    .toContain("pledge:signed");
});

test("the frame grows with its content, and shrinks", async ({ campaign, page }) => {
  await open(page, "csp-no-wasm", campaign.slug);
  const widget = await frame(page).ready();
  await fits(page);
  const before = await height(page);
  await widget.privacy.click();
  await expect.poll(() => height(page)).toBeGreaterThan(before + 20);
  await fits(page);
  await widget.privacy.click();
  await expect.poll(() => height(page)).toBe(before);
});

test("fault_41 forged messages do not move the frame", async ({ page }) => {
  await page.goto(`${HOST}/forged`);
  const widget = await frame(page).ready();
  await fits(page);
  const before = await height(page);

  await page.evaluate(() => (window as unknown as { forge(): void }).forge());
  await page.waitForFunction(() => "forgedDone" in window);
  expect(await height(page)).toBe(before);

  // From another frame, with another origin, in the right shape.
  const liar = page.frames().find((other) => other.url().startsWith("data:"))!;
  for (const message of [
    { type: "countersign:height", slug: "equal-futures", height: 4321 },
    { type: "countersign:signed", slug: "equal-futures", number: 4321 },
    { type: "countersign:event", slug: "equal-futures", event: "pledge:signed", detail: {} },
  ]) {
    await liar.evaluate((text) => window.parent.postMessage(text, "*"), message);
  }
  await liar.evaluate(() => window.parent.postMessage("the end", "*"));
  expect(await height(page)).toBe(before);
  const heard = await page.evaluate(() => window.heard.map(({ type }) => type));
  expect(heard).not.toContain("pledge:signed");

  // The true one is still heard.
  await widget.privacy.click();
  await expect.poll(() => height(page)).toBeGreaterThan(before);
});

test("fault_41 even a true frame does not grow without end", async ({ campaign, page }) => {
  await open(page, "csp-no-wasm", campaign.slug);
  const widget = await frame(page).ready();
  await fits(page);
  const before = await height(page);
  const handle = await page.locator("pledge-widget iframe").elementHandle();
  const inside = (await handle!.contentFrame())!;
  for (const tall of [1e9, -5, Number.NaN, Infinity]) {
    await inside.evaluate(
      ([slug, height]) => {
        window.parent.postMessage({ type: "countersign:height", slug, height }, "*");
      },
      [campaign.slug, tall] as const,
    );
  }
  await widget.privacy.click();
  await expect.poll(() => height(page)).not.toBe(before);
  expect(await height(page)).toBeLessThan(10_000);
  expect(await height(page)).toBeGreaterThan(100);
});
