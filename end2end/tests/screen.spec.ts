// The big screen: for halls and for streaming software, in the campaign's languages, on for days.
import type { Page } from "@playwright/test";
import { axe, expect, fitsTheWindow, shot, test } from "./support/fixtures.ts";
import { DESK } from "./support/organizer.ts";
import { number, say } from "./support/words.ts";
import { api, DEMO } from "./support/world.ts";

const screen = (slug: string, query = "") => `${DESK}/admin/screen/${slug}${query}`;

/** How opaque the page's corner is where nothing lies behind the page: 0 to 255. */
async function corner(page: Page): Promise<number> {
  const clip = { x: 2, y: 2, width: 4, height: 4 };
  const picture = await page.screenshot({ omitBackground: true, clip });
  return await page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const context = document.createElement("canvas").getContext("2d")!;
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, 1, 1).data[3]!;
  }, picture.toString("base64"));
}

test("it needs nobody signed in, speaks the campaign's languages, and lies over a picture", async ({
  page,
}) => {
  await page.goto(screen(DEMO));
  await expect(page.getByRole("heading", { name: "Equal Futures", level: 1 })).toBeVisible();
  await expect(page.getByText(say("screen-join"))).toBeVisible();
  await expect(page.getByRole("heading", { name: say("countries-title") })).toBeVisible();
  const code = page.locator("img");
  await expect(code).toHaveJSProperty("complete", true);
  expect((await code.boundingBox())!.width / 1280).toBeGreaterThan(0.23);
  const shown = number(await page.locator(".huge").innerText());
  await fitsTheWindow(page);
  await shot(page, "screen");
  await axe(page);
  expect(await corner(page)).toBe(255);

  await page.goto(screen(DEMO, "?lang=ar"));
  await expect(page.getByRole("heading", { name: "مستقبل متساوٍ", level: 1 })).toBeVisible();
  const main = page.getByRole("main");
  await expect(main).toHaveAttribute("lang", "ar");
  await expect(main).toHaveAttribute("dir", "rtl");
  await expect(main).toContainText(say("screen-join", "ar"));
  const answer = await page.request.get(api(DEMO, "/totals"));
  const { countries } = (await answer.json()) as { countries: Record<string, number> };
  const [most] = Object.entries(countries).sort(([, one], [, other]) => other - one)[0]!;
  await expect(main).toContainText(new Intl.DisplayNames("ar", { type: "region" }).of(most)!);
  await expect(page.locator(".huge")).toHaveText(/^[٠-٩٬]+$/);
  expect(number(await page.locator(".huge").innerText())).toBe(shown);
  await expect(main.getByRole("button")).toHaveText(say("screen-full", "ar"));
  await fitsTheWindow(page);
  await shot(page, "screen-ar");

  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(screen(DEMO, "?transparent=1"));
    await expect(page.getByRole("heading", { name: "Equal Futures", level: 1 })).toBeVisible();
    for (const part of ["html", "main"]) {
      const paper = page.locator(part);
      await expect(paper).toHaveCSS("background-color", "rgba(0, 0, 0, 0)");
    }
    expect(await corner(page), colorScheme).toBe(0);
  }
});

test("it is on for days: places, why the number fell, a lost link, an update, and nothing burns in", async ({
  campaign,
  page,
  stream,
}) => {
  await page.clock.install();
  const { epoch } = await campaign.totals();
  const frame = { epoch, goal: 500 };
  stream.send({ ...frame, seq: 1_000, total: 30, countries: { KE: 20, FR: 10 } });
  await page.goto(screen(campaign.slug, "?lang=fr"));
  await expect(page.getByRole("heading", { name: "Avenirs égaux", level: 1 })).toBeVisible();

  const latest = page.getByRole("heading", { name: say("screen-latest", "fr") });
  await expect(page.getByRole("listitem")).toHaveText(["Kenya 20", "France 10"]);
  await expect(latest).toBeHidden();
  stream.send({ ...frame, seq: 1_001, total: 33, countries: { KE: 23 }, partial: true });
  await expect(latest).toBeVisible();
  await expect(page.getByRole("listitem")).toHaveText(["Kenya +3", "Kenya 23", "France 10"]);

  const said = page.getByRole("main").getByRole("status");
  const fallen = { ...frame, total: 25, countries: { KE: 15, FR: 10 } };
  stream.send({ ...fallen, seq: 1_002, reason: "removed" });
  await expect(page.locator(".huge")).toHaveText("25");
  await expect(said).toHaveText(say("status-removed", "fr"));
  await page.clock.runFor(65_000);
  await expect(said).toHaveText("");

  // From here on: whether this is still the page that was loaded.
  await page.evaluate(() => Object.assign(window, { here: true }));
  const here = () => page.evaluate(() => "here" in window).catch(() => false);
  const lost = page.locator(".lost");
  const after = (count: number) =>
    expect
      .poll(async () => {
        await page.clock.runFor(3_000);
        return lost.count();
      })
      .toBe(count);
  stream.refuse(503);
  await after(1);
  await expect(lost).toContainText(say("status-lost", "fr"));
  stream.recover();
  await after(0);
  await expect(page.locator(".huge")).toHaveText("25");
  expect(await here()).toBe(true);

  // Nothing stands in one place, and nothing wanders far.
  const places = await page.evaluate(() => {
    const title = document.querySelector("h1")!;
    const moving = document.getAnimations();
    return [1, 61_000, 121_000].map((time) => {
      moving.forEach((animation) => (animation.currentTime = time));
      const { x, y } = title.getBoundingClientRect();
      return { x, y };
    });
  });
  expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(3);
  for (const axis of ["x", "y"] as const) {
    const all = places.map((place) => place[axis]);
    expect(Math.max(...all) - Math.min(...all)).toBeLessThan(20);
  }

  // The server comes back as another build.
  await page.route(screen(campaign.slug, "*"), async (route) => {
    if (route.request().resourceType() === "document") return route.continue();
    const response = await route.fetch();
    const body = (await response.text()).replaceAll(/dashboard-\w+/g, "dashboard-another");
    return route.fulfill({ response, body });
  });
  stream.hangUp();
  await expect.poll(here).toBe(false);
  await expect(page.getByRole("heading", { name: "Avenirs égaux", level: 1 })).toBeVisible();
});
