// A page or a box as it is seen: light on a desk, dark on a phone.
import { expect, type Page } from "@playwright/test";
import { axe, fitsTheWindow, shot } from "./fixtures.ts";

const SEEN = [
  ["light", 1280, 900],
  ["dark", 360, 740],
] as const;

/** No barrier and nothing to the side, in both; `part` for a box above the page. */
export async function inBothLights(page: Page, name: string, part?: string): Promise<void> {
  for (const [colorScheme, width, height] of SEEN) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    await expect(page.locator(".skeleton")).toHaveCount(0);
    await fitsTheWindow(page);
    if (part) {
      const over = await page.locator(part).last().evaluate((box) => box.scrollWidth - box.clientWidth);
      expect(over, `pixels beyond the side of ${part}`).toBeLessThanOrEqual(0);
    }
    await shot(page, `${name}-${colorScheme}`, false);
    await axe(page, part);
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** The same of the box that is open above the page. */
export async function boxInBothLights(page: Page, name: string): Promise<void> {
  await inBothLights(page, `box-${name}`, "dialog[open]");
}
