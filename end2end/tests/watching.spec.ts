// What organizers watch, on the page itself: marks, comparisons, tables, files, days, and what stays
// when the server gives no answer. In Auckland, whose days are not those of UTC.
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { Campaign, sign } from "./support/campaign.ts";
import { axe, expect, test } from "./support/fixtures.ts";
import { accept, DESK, invite, organizer, owner } from "./support/organizer.ts";

const ZONE = "Pacific/Auckland";
const DAY = 24 * 60 * 60 * 1000;

test.use({ timezoneId: ZONE });

/** A file that a button of a chart gives. */
async function saved(page: Page, figure: Locator, kind: string): Promise<string> {
  const coming = page.waitForEvent("download");
  await figure.getByRole("button", { name: new RegExp(`as ${kind}`) }).click();
  return readFile(await (await coming).path(), "utf8");
}

async function people(slug: string, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) await sign(slug);
}

test("marks, comparisons, tables and files, days, and a server that gives no answer", async ({ page }) => {
  test.setTimeout(120_000);
  const campaign = await Campaign.make({ settings: "hide_groups_below = 1" });
  const hidden = await Campaign.make({ settings: "hide_count_below = 100" });
  await owner(page);
  const funnel = page.getByRole("figure", { name: "From seen to shared" });
  const chart = page.getByRole("figure", { name: "Total and what moved it" });
  const number = page.locator(".big").first();
  await people(campaign.slug, 6);

  await test.step("today is the organizer's, and cards by days in UTC name them", async () => {
    // The page before may still ask about its own campaign.
    const asked = page.waitForRequest(new RegExp(`/${campaign.slug}/countries\\?`));
    await page.goto(`${DESK}/admin/campaigns/${campaign.slug}/live?range=today`);
    await expect(number).toHaveText("6");
    const query = new URL((await asked).url()).searchParams;
    const [from, to] = [Date.parse(query.get("from")!), Date.parse(query.get("to")!)];
    // The day began in Auckland while it was the day before in UTC, and it is not over.
    const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short", timeStyle: "medium" });
    const [, time] = clock.format(Date.now()).split(" ");
    const [hours, minutes] = time!.split(":").map(Number);
    const midnight = Date.now() - (hours! * 60 + minutes!) * 60_000;
    expect(from).toBe(Math.floor(midnight / DAY) * DAY);
    expect(to).toBe(Math.ceil(Date.now() / DAY) * DAY);
    await expect(page.getByText(/^Counted by days in UTC: /)).toHaveCount(3);
    await expect(funnel.getByText("6", { exact: true })).toBeVisible();
    await expect(page.getByText("6 an hour over the last day")).toBeVisible();
    // Over all of time there are no days to name.
    await page.goto(`${DESK}/admin/campaigns/${campaign.slug}/live?range=all`);
    await expect(funnel.getByText("6", { exact: true })).toBeVisible();
    await expect(page.getByText(/^Counted by days in UTC: /)).toHaveCount(0);
  });

  await test.step("a mark says what followed in the time that has passed, and can be changed", async () => {
    await page.goto(`${DESK}/admin/campaigns/${campaign.slug}/live?range=today`);
    await chart.getByRole("button", { name: "Add a mark" }).click();
    await page.getByLabel("What happened").fill("Radio");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    const row = chart.getByRole("row", { name: /Radio/ });
    await expect(row).toContainText(/[1-9] min/);
    await row.getByRole("button", { name: "Change the mark Radio" }).click();
    const box = page.getByRole("dialog", { name: "Change the mark Radio" });
    await box.getByLabel("What happened").fill("Radio interview");
    const earlier = new Date(Date.now() - 150 * 60_000);
    const wall = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short", timeStyle: "short" });
    await box.getByLabel(`When (${ZONE})`).fill(wall.format(earlier).replace(" ", "T"));
    await box.getByRole("button", { name: "Save" }).click();
    const changed = chart.getByRole("row", { name: /Radio interview/ });
    await expect(changed).toContainText("2 h");
    await expect(changed).toContainText("+6");
    await expect(row).toHaveCount(1);
  });

  await test.step("a table behind a chart keeps its rows while their numbers move", async () => {
    const map = page.getByRole("figure", { name: "Where people sign" });
    await map.getByRole("button", { name: "Show as table" }).click();
    const kenya = map.getByRole("row", { name: /Kenya/ });
    await expect(kenya).toContainText("6");
    const node = await kenya.elementHandle();
    await sign(campaign.slug, "FR");
    await people(campaign.slug, 1);
    await expect(kenya).toContainText("7");
    await expect(map.getByRole("row", { name: /France/ })).toContainText("1");
    expect(await node?.evaluate((row) => row.isConnected && row.textContent?.includes("7"))).toBe(true);
    await expect(number).toHaveText("8");
    await expect(funnel.getByText("8", { exact: true })).toBeVisible();
    await axe(page);
  });

  await test.step("its files hold what it shows", async () => {
    const csv = await saved(page, page.getByRole("figure", { name: "Where people sign" }), "CSV");
    expect(csv).toBe("\u{feff}Country,Signed,Share\r\nKE,7,0.8750\r\nFR,1,0.1250\r\n");
    await chart.getByRole("button", { name: "Show as table" }).click();
    const rows = chart.getByRole("table").first().getByRole("row");
    await expect(rows.nth(1).getByRole("cell").last()).toHaveText("8");
    const minutes = (await saved(page, chart, "CSV")).trimEnd().split("\r\n");
    expect(minutes[0]).toBe("\u{feff}When,Signed,Total");
    expect(minutes[1]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z,\d+,8$/);
    const signed = minutes.slice(1).map((line) => Number(line.split(",")[1]));
    expect(signed.reduce((all, one) => all + one, 0)).toBe(8);
    await chart.getByRole("button", { name: "Show as table" }).click();
    const svg = await saved(page, chart, "SVG");
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).not.toContain("class=");
    expect(svg).toMatch(/<path [^>]*stroke="rgb/);
  });

  await test.step("compared with the days before, a year ago, or days of one's own; marks stay", async () => {
    const open = () => page.locator("summary", { hasText: /Today|Since the start|Last/ }).click();
    const compare = page.getByLabel("Compare with");
    const compared = page.getByRole("figure", { name: "Compared with other days" });
    await open();
    for (const [chosen, before] of [["before", 1], ["year", 365]] as const) {
      await compare.selectOption(chosen);
      const asked = Date.now() - before * DAY;
      const day = (at: number) => new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, dateStyle: "medium" }).format(at);
      // A leap day lies between some dates and themselves a year ago.
      const either = [day(asked), day(asked - DAY)].slice(0, chosen === "year" ? 2 : 1);
      await expect(compared.getByRole("row", { name: new RegExp(either.join("|")) }).first()).toBeVisible();
    }
    await compare.selectOption("own");
    await page.getByLabel("As many days from").fill("2026-01-05");
    const theirs = compared.getByRole("row", { name: /5 Jan 2026/ });
    await expect(theirs.getByRole("cell").first()).toHaveText("0");
    await expect(page).toHaveURL(/compare=2026-01-05/);
    await expect(compared.getByRole("row", { name: /Radio interview/ })).toContainText("+8");
    await page.getByRole("button", { name: "Since the start" }).click();
    await expect(chart).toBeVisible();
    await open();
    await expect(compare).toBeDisabled();
    await expect(page.getByText("Before the start there is nothing to compare with.")).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("where no answer comes the last number stays, says so, and is asked for again", async () => {
    await page.route(/\/funnel$/, (route) => route.fulfill({ status: 503, body: "" }));
    await sign(campaign.slug);
    await expect(number).toHaveText("9");
    await expect(funnel).toContainText("no answer since. It is asked for again.");
    await expect(funnel.getByText("8", { exact: true })).toBeVisible();
    await page.unroute(/\/funnel$/);
    await expect(funnel.getByText("9", { exact: true })).toBeVisible();
    await expect(funnel).not.toContainText("no answer since");
  });

  await test.step("while the count is hidden from others, every card moves as well", async () => {
    await page.goto(`${DESK}/admin/campaigns/${hidden.slug}/live`);
    await expect(number).toHaveText("0");
    await people(hidden.slug, 2);
    await expect(number).toHaveText("2");
    await expect(funnel.getByText("2", { exact: true })).toBeVisible();
    expect((await hidden.totals()).total).toBeNull();
  });
});

test("times and numbers are written as the organizer chose, wherever the browser is", async ({ page }) => {
  const campaign = await Campaign.make();
  await accept(page, await invite(organizer()), "Noor Haddad");
  await sign(campaign.slug);
  await page.goto(`${DESK}/admin/account`);
  await page.getByLabel("Time zone").selectOption("Africa/Nairobi");
  await page.getByLabel("Numbers and dates").fill("de");
  await expect(page.getByText("1.234.567,8")).toBeVisible();
  const profile = page.locator("form").filter({ has: page.getByLabel("Time zone") });
  await profile.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved")).toBeVisible();
  // As they were chosen, not as this page remembers them.
  await page.goto(`${DESK}/admin/campaigns/${campaign.slug}/supporters`);
  const there = new Intl.DateTimeFormat("de", {
    dateStyle: "medium", timeStyle: "short", timeZone: "Africa/Nairobi",
  });
  const lately = [0, 1, 2, 3].map((minutes) => there.format(Date.now() - minutes * 60_000));
  const times = page.getByRole("cell", { name: /^\d+\.\d+\.\d{4}, \d+:\d+$/ });
  await expect(times).toHaveCount(1);
  expect(lately).toContain(await times.textContent());
});
