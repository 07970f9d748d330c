// A whole day of an organizer: from the invitation to the file that is opened again and counted.
import { readFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { axe, expect, HOST, shot, test } from "./support/fixtures.ts";
import { accept, DESK, device, go, invite, organizer } from "./support/organizer.ts";
import { Widget } from "./support/widget.ts";
import { say } from "./support/words.ts";
import { api } from "./support/world.ts";

const PEOPLE = 200;
const FALSE_PEOPLE = 30;
const COUNTRIES = ["KE", "FR", "BR", "IN", "ZA"];

interface Row {
  state: string;
  email: string | null;
}

/** All sign, a few at a time, as scripts do. */
async function sign(slug: string): Promise<void> {
  const people = Array.from({ length: PEOPLE }, (_, number) => number);
  const one = async (number: number) => {
    const domain = number < FALSE_PEOPLE ? "robots.example" : "example.org";
    const answer = await fetch(`${api(slug)}/pledges`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        name: `Person ${number}`,
        email: `p${number}.${randomUUID().slice(0, 8)}@${domain}`,
        country: COUNTRIES[number % COUNTRIES.length],
        locale: "en",
        source: number % 2 ? { utm_source: "newsletter" } : {},
      }),
    });
    expect(answer.status).toBe(201);
  };
  for (let from = 0; from < PEOPLE; from += 20) {
    await Promise.all(people.slice(from, from + 20).map(one));
  }
}

/** The number that each card of the live page shows. */
async function cards(page: Page): Promise<Record<string, number>> {
  return page.getByRole("main").evaluate((main) => {
    const figure = (title: string) =>
      [...main.querySelectorAll("figure")].find((figure) => figure.querySelector("h2")?.textContent?.includes(title));
    const read = (text: string | null | undefined) => Number(text?.replace(/[^0-9]/g, "") || NaN);
    const sentence = (title: string, form: RegExp) =>
      read(form.exec(figure(title)?.querySelector("svg")?.getAttribute("aria-label") ?? "")?.[1]);
    const sum = (found: Iterable<Element>) => [...found].reduce((all, one) => all + read(one.textContent), 0);
    const steps = [...(figure("From seen")?.querySelectorAll("svg text") ?? [])].map((text) => text.textContent);
    const sources = [...main.querySelectorAll("section.card")].find((card) => card.textContent?.startsWith("Sources"));
    return {
      total: read(main.querySelector(".big")?.textContent),
      lastHour: read(main.querySelector(".up")?.textContent),
      minutes: sentence("The last 60 minutes", /: (.*) in all/),
      chart: sentence("Total and what", /: ([0-9,]*)\. Since/),
      countries: sum(main.querySelectorAll(".leading b")),
      signed: read(steps[steps.indexOf("Signed") + 1]),
      sources: sum(sources?.querySelectorAll("tbody td:nth-child(2)") ?? []),
    };
  });
}

test("a whole day: invited, a passkey, a campaign in two languages, embedded, signed, cleaned, exported", async ({
  browser,
  context,
  page,
}) => {
  test.setTimeout(180_000);
  const slug = `day-${randomUUID().slice(0, 13)}`;
  const email = organizer();

  await test.step("the invitation, accepted with a passkey, works once", async () => {
    const person = await device(context, page);
    const link = await invite(email);
    await page.goto(link);
    await expect(page.getByText(email)).toBeVisible();
    await axe(page);
    await page.getByLabel("Your name").fill("Wanjiru Otieno");
    await page.getByRole("button", { name: "Accept with a passkey" }).click();
    await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
    // Nobody touches the device: the offer in the field of the address waits.
    await person(false);
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await axe(page);
    await person(true);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
    const again = await browser.newPage();
    await again.goto(link);
    await expect(again.getByRole("heading", { name: "This invitation is over" })).toBeVisible();
    await again.close();
  });

  await test.step("a campaign in two languages, with the real widget beside the form", async () => {
    await page.goto(`${DESK}/admin/new`);
    await page.getByLabel("Name in addresses").fill(slug);
    await page.getByLabel("Organization").fill("Equal Futures (an invented organization)");
    await page.getByLabel("Where to write").fill("privacy@equal-futures.example");
    await page.getByLabel("Title").fill("Equal Futures");
    await page.getByLabel("The pledge").fill("I will speak up when I see someone treated unfairly.");
    await page.getByLabel("After signing").fill("Say it to one person today.");
    await page.getByLabel("What happens to the data").fill("We keep your name for a year, then delete it.");
    await page.getByLabel("Sites that may embed it").fill(HOST);
    await page.keyboard.press("Tab");
    await page.getByLabel("Pledges from one address").selectOption("event");
    await page.getByLabel("Add a language").fill("fr");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByLabel("Title").fill("Avenirs égaux");
    await page.getByLabel("On the button").fill("Signer l’engagement");
    await expect(page.locator(".preview").getByText("Avenirs égaux")).toBeVisible();
    await page.getByRole("button", { name: "Make the campaign" }).click();
    await expect(page).toHaveURL(`${DESK}/admin/campaigns/${slug}/settings`);
    expect((await fetch(api(slug))).status, "a draft is nobody's business").toBe(404);
    await axe(page);
    await page.getByRole("button", { name: "Make it live" }).click();
    await expect.poll(async () => (await fetch(api(slug))).status).toBe(200);
  });

  const site = await context.newPage();
  await test.step("one line embeds it on another site", async () => {
    await go(page, "Embed & share");
    await axe(page);
    const snippet = await page.locator("pre code").first().textContent();
    expect(snippet).toContain(`campaign="${slug}"`);
    await site.route(`${HOST}/a-page-of-theirs`, (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<!doctype html><html lang="en"><title>Their page</title><main>${snippet}</main>`,
      }),
    );
    await site.goto(`${HOST}/a-page-of-theirs`);
    await expect(site.getByRole("button", { name: "Sign the pledge" })).toBeVisible();
  });

  const hall = await context.newPage();
  await test.step("the big screen is opened from the live page, in the campaign's other language", async () => {
    await go(page, "Live");
    const menu = page.getByRole("group").filter({ has: page.getByText("Big screen", { exact: true }) });
    await menu.getByText("Big screen", { exact: true }).click();
    await menu.getByLabel("Language").selectOption("fr");
    const full = menu.getByRole("link", { name: "Full" });
    await expect(full).toHaveAttribute("href", `/admin/screen/${slug}?lang=fr`);
    await expect(menu.getByRole("link", { name: "For streaming" })).toHaveAttribute(
      "href",
      `/admin/screen/${slug}?transparent=1&lang=fr`,
    );
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await menu.getByRole("button", { name: "Copy the address: For streaming" }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${DESK}/admin/screen/${slug}?transparent=1&lang=fr`,
    );
    await axe(page);
    await hall.goto(`${DESK}${await full.getAttribute("href")}`);
    await expect(hall.getByRole("heading", { name: "Avenirs égaux" })).toBeVisible();
  });

  const number = page.locator(".big").first();
  await test.step("200 people sign while the dashboard is open, and every number agrees", async () => {
    await go(page, "Live");
    await expect(number).toHaveText("0");
    await sign(slug);
    await expect(number).toHaveText(String(PEOPLE), { timeout: 20_000 });
    await expect(site.locator("pledge-widget")).toContainText(String(PEOPLE));
    const all = PEOPLE;
    await expect.poll(() => cards(page)).toEqual({
      total: all, lastHour: all, minutes: all, chart: all, countries: all, signed: all, sources: all,
    });
    const ask = async (path: string) =>
      await page.evaluate(async (at) => (await fetch(at)).json(), `/api/v1/admin/campaigns/${slug}/${path}`);
    const totals = (await (await fetch(api(slug, "/totals"))).json()) as {
      total: number;
      countries: Record<string, number>;
    };
    const overview = await ask("overview");
    const series = await ask("series?bucket=day");
    const countries = await ask("countries");
    const funnel = await ask("funnel");
    const sources = await ask("sources");
    const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
    expect(totals.total).toBe(PEOPLE);
    expect(sum(Object.values(totals.countries))).toBe(PEOPLE);
    expect(overview.total).toBe(PEOPLE);
    expect(overview.last_hour).toBe(PEOPLE);
    expect(sum(overview.minutes.map((minute: { counted: number }) => minute.counted))).toBe(PEOPLE);
    expect(series.points.at(-1).total).toBe(PEOPLE);
    expect(sum(countries.rows.map((row: { counted: number }) => row.counted))).toBe(PEOPLE);
    expect(funnel.signed).toBe(PEOPLE);
    expect(sum(sources.rows.map((row: { signed: number }) => row.signed))).toBe(PEOPLE);
    await shot(page, "day-live", false);
    await axe(page);
  });

  await test.step("robots are taken out: counted first, then once, with the reason", async () => {
    await go(page, "Supporters");
    await expect(page.getByRole("row")).not.toHaveCount(0);
    await axe(page);
    await shot(page, "day-supporters", false);
    await page.getByRole("button", { name: "Invalidate many" }).click();
    const box = page.getByRole("dialog", { name: "Invalidate many" });
    await box.getByLabel("Mail domain").fill("robots.example");
    await box.getByLabel("Reason, for the audit log").fill("A script");
    await box.getByRole("button", { name: "Count first" }).click();
    await expect(box.getByText(`in the number: ${FALSE_PEOPLE}.`)).toBeVisible({ timeout: 20_000 });
    expect(((await (await fetch(api(slug, "/totals"))).json()) as { total: number }).total).toBe(PEOPLE);
    await box.getByRole("button", { name: `Take ${FALSE_PEOPLE} out of the number` }).click();
    await expect(box.getByText(`Taken out of the number: ${FALSE_PEOPLE}.`)).toBeVisible({ timeout: 20_000 });
    await box.getByRole("button", { name: "Close" }).first().click();
    const left = PEOPLE - FALSE_PEOPLE;
    await expect(site.locator("pledge-widget")).toContainText(String(left));
    // Who watched the number hears and reads why it fell.
    const theirs = new Widget(site.locator("pledge-widget"));
    await expect(theirs.status).toContainText(say("status-removed"));
    await expect(hall.getByRole("main").getByRole("status")).toHaveText(say("status-removed", "fr"));
    await expect(hall.locator(".huge")).toHaveText(String(left));
    await go(page, "Live");
    await expect(number).toHaveText(String(left));
    await expect.poll(() => cards(page)).toEqual({
      total: left, lastHour: left, minutes: left, chart: left, signed: left, sources: left,
      // 34 of each of five countries, in steps of 5.
      countries: 150,
    });
  });

  await test.step("the export, opened again, counts the same", async () => {
    await go(page, "Exports");
    await axe(page);
    await page.getByLabel("Format").selectOption("ndjson");
    const coming = page.waitForEvent("download");
    await page.getByRole("main").getByRole("button", { name: "Export" }).click();
    const file = await (await coming).path();
    const rows = (await readFile(file, "utf8")).trimEnd().split("\n").map((line) => JSON.parse(line) as Row);
    expect(rows).toHaveLength(PEOPLE);
    expect(rows.filter((row) => row.state === "counted")).toHaveLength(PEOPLE - FALSE_PEOPLE);
    expect(rows.filter((row) => row.email?.endsWith("@robots.example"))).toHaveLength(FALSE_PEOPLE);
  });

  await test.step("an analyst sees numbers and no names", async () => {
    await go(page, "Team");
    await axe(page);
    await page.getByLabel("E-mail address").fill(organizer());
    await page.getByLabel("Role", { exact: true }).first().selectOption("analyst");
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    const link = await page.getByRole("dialog").locator("code").textContent();
    const other = await browser.newContext();
    const desk = await other.newPage();
    // The server names itself by its public address; here it is asked for by its host name.
    await accept(desk, DESK + new URL(link ?? "").pathname, "An Analyst");
    await desk.goto(`${DESK}/admin/campaigns/${slug}/live`);
    await expect(desk.locator(".big").first()).toHaveText(String(PEOPLE - FALSE_PEOPLE));
    await expect(desk.getByRole("link", { name: "Team" })).toHaveCount(0);
    const at = `/api/v1/admin/campaigns/${slug}`;
    const asked = async (path: string, method = "GET") =>
      await desk.evaluate(
        async ([path, method]) => (await fetch(path!, { method })).status,
        [`${at}${path}`, method],
      );
    expect(await asked("/supporters?q=person")).toBe(403);
    expect(await asked("/webhooks")).toBe(403);
    expect(await asked("/supporters/1/erase", "POST")).toBe(403);
    const people = await desk.evaluate(
      async (path) => (await fetch(path)).text(),
      `${at}/pledges.ndjson`,
    );
    expect(people).not.toContain("Person 1");
    expect(people.trimEnd().split("\n")).toHaveLength(PEOPLE);
    await other.close();
  });

  await test.step("everything stands in the audit log, and the log is whole", async () => {
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).first().click();
    await go(page, "Audit log");
    await expect(page.getByText("The log is as it was written")).toBeVisible();
    for (const action of ["campaign.create", "bulk", "export"]) {
      await expect(page.getByText(action).first()).toBeVisible();
    }
    await axe(page);
  });
  await site.close();
  await hall.close();
});
