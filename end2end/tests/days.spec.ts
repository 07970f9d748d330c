// The big screen that is left on for days, by the page's own clock: the number is the present one, the page does
// not grow, and a night without the server leaves no trace. On its transparent paper, over light and dark.
import type { Page } from "@playwright/test";
import { axe, expect, fitsTheWindow, shot, test } from "./support/fixtures.ts";
import { DESK } from "./support/organizer.ts";
import { say } from "./support/words.ts";
import { DEMO } from "./support/world.ts";

const HOUR = 60 * 60 * 1000;

/** How much there is of the page. */
const size = (page: Page) => page.evaluate(() => document.querySelectorAll("*").length);

test("after five days it shows the present number, has not grown, and finds back after a night without a server", async ({
  campaign,
  page,
  stream,
}) => {
  test.setTimeout(90_000);
  await page.clock.install();
  const { epoch } = await campaign.totals();
  const codes = ["KE", "FR", "BR", "IN", "ZA", "DE", "MX", "JP"];
  let seq = 1_000;
  let total = 80;
  const countries: Record<string, number> = Object.fromEntries(codes.map((code) => [code, 10]));
  const send = (code: string) => {
    seq += 1;
    total += 1;
    countries[code]! += 1;
    stream.send({ epoch, seq, total, goal: 500, countries });
  };
  stream.send({ epoch, seq, total, goal: 500, countries });
  await page.goto(`${DESK}/admin/screen/${campaign.slug}`);
  const number = page.locator(".huge");
  await expect(number).toHaveText("80");
  // So many that the list of the latest is full.
  for (const code of codes) {
    send(code);
    await expect(number).toHaveText(String(total));
  }
  await page.evaluate(() => Object.assign(window, { here: true }));
  const full = await size(page);

  for (let day = 1; day <= 5; day += 1) {
    await test.step(`day ${day}`, async () => {
      for (let hour = 0; hour < 24; hour += 1) {
        await page.clock.fastForward(HOUR);
        if (hour % 8 === 0) {
          send(codes[(day + hour) % codes.length]!);
          await expect(number).toHaveText(String(total));
        }
        // Servers close streams on purpose now and then, and the browser opens another.
        if (hour === 12) stream.hangUp();
      }
      await expect.poll(() => stream.viewers).toBe(1);
    });
  }
  expect(await size(page)).toBeLessThanOrEqual(full);

  await test.step("a night without a server, and the morning after", async () => {
    stream.refuse(503);
    const lost = page.locator(".lost");
    await expect
      .poll(async () => {
        await page.clock.runFor(3_000);
        return lost.count();
      })
      .toBe(1);
    await page.clock.fastForward(9 * HOUR);
    await page.clock.runFor(2_000);
    await expect(lost).toContainText(say("status-lost"));
    await expect(number, "the last that is known").toHaveText(String(total));
    stream.recover();
    send("KE");
    await expect
      .poll(async () => {
        await page.clock.runFor(5_000);
        return stream.viewers;
      })
      .toBe(1);
    await expect(number).toHaveText(String(total));
    await expect
      .poll(async () => {
        await page.clock.runFor(1_000);
        return lost.count();
      })
      .toBe(0);
    expect(await size(page)).toBeLessThanOrEqual(full);
    expect(await page.evaluate(() => "here" in window), "never loaded again").toBe(true);
  });
});

/** Transparent, wide and upright, with what streaming software puts behind it. */
async function over(page: Page, behind: string, name: string): Promise<void> {
  for (const [width, height] of [[1280, 720], [360, 740]] as const) {
    await page.setViewportSize({ width, height });
    await page.goto(`${DESK}/admin/screen/${DEMO}?transparent=1`);
    await expect(page.getByRole("heading", { name: "Equal Futures", level: 1 })).toBeVisible();
    await expect(page.locator(".huge")).toHaveText(/\d/);
    await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
    await page.evaluate(
      (behind) => document.documentElement.style.setProperty("background", behind, "important"),
      behind,
    );
    await fitsTheWindow(page);
    await shot(page, `transparent-${name}-${width}`, false);
    await axe(page);
  }
}

test("transparent, it is read over a dark picture", async ({ page }) => {
  await over(page, "#101010", "dark");
});

test("transparent, it is read over snow", async ({ page }) => {
  await over(page, "#fff", "light");
});
