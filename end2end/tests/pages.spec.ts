// The pages that the server makes itself.
import { expect, fitsTheWindow, look, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";
import { DEMO, SERVER } from "./support/world.ts";

test("the campaign's page tells others what it is", async ({ page }) => {
  await page.goto(`${SERVER}/c/${DEMO}`);
  await new Widget(page).ready();
  await expect(page).toHaveTitle(/Equal Futures/);
  const meta = (name: string) => page.locator(`meta[property="og:${name}"]`);
  await expect(meta("title")).toHaveAttribute("content", /./);
  await expect(meta("description")).toHaveAttribute("content", /./);
  await expect(meta("url")).toHaveAttribute("content", `${SERVER}/c/${DEMO}`);
  await expect(page.locator('meta[name="description"]')).toHaveAttribute("content", /./);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("the campaign's page fits wide and narrow windows", async ({ page }) => {
  for (const [name, scheme, lang] of [
    ["light", "light", "en"],
    ["dark", "dark", "en"],
    ["arabic", "light", "ar"],
  ] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(`${SERVER}/c/${DEMO}?lang=${lang}`);
    await new Widget(page, lang).ready();
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await fitsTheWindow(page);
      await look(page, `page-${name}-${width}`, { fullPage: true });
    }
  }
});

test("the pages of the API and the pages of errors can be read", async ({ page }) => {
  for (const [name, path] of [
    ["docs", "/docs"],
    ["home", "/"],
    ["missing", "/c/no-such-campaign"],
  ] as const) {
    await page.goto(`${SERVER}${path}`);
    await expect(page.getByRole("heading").first()).toBeVisible();
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await fitsTheWindow(page);
      await look(page, `${name}-${width}`);
    }
  }
});
