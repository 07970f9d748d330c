// The number is alive.
import { expect, plain, test, watchNumber } from "./support/fixtures.ts";
import type { Frame } from "./support/stream.ts";
import { Widget } from "./support/widget.ts";
import { like, number, say } from "./support/words.ts";

/** How long after a signature the others have seen it, in milliseconds. */
const SOON = 1_000;

test("moves on a second page within a second of a signature on the first", async ({
  browser,
  campaign,
  embed,
  page,
}) => {
  await campaign.sign("FR");
  const elsewhere = await browser.newContext();
  await elsewhere.addInitScript(() => (window.numbers = []));
  const other = await elsewhere.newPage();
  await other.goto(plain(campaign.slug, { view: "counter" }));
  const watcher = await new Widget(other.locator("pledge-widget")).ready();
  await expect(watcher.root.locator("[data-link=live]")).toBeVisible();
  await watcher.shows(1);
  await watchNumber(watcher);

  const signer = await embed(campaign.slug);
  await signer.fill();
  await signer.submit();
  await signer.isSigned();
  await watcher.shows(2, SOON);

  const heard = await page.evaluate(() => window.heard);
  const signed = heard.find(({ type }) => type === "pledge:signed")!.at;
  const numbers = await other.evaluate(() => window.numbers);
  const moved = numbers.find(({ text }) => number(text) === 2)!.at;
  test.info().annotations.push({
    type: "milliseconds from the answer to the number on the other page",
    description: (moved - signed).toFixed(0),
  });
  expect(moved - signed).toBeLessThan(SOON);
  await expect(watcher.status).toContainText(say("status-live", "en", { country: "Kenya" }));
  await elsewhere.close();
});

test("the goal and the bar follow", async ({ campaign, embed, stream }) => {
  const widget = await embed(campaign.slug);
  const { epoch } = await campaign.totals();
  const bar = widget.root.getByRole("progressbar", { name: say("counter-bar") });
  stream.send({ epoch, seq: 1_000, total: 480, goal: 500, countries: { KE: 480 } });
  await widget.shows(480);
  await expect(bar).toHaveJSProperty("value", 480);
  stream.send({ epoch, seq: 1_001, total: 501, goal: 1_000, countries: { KE: 21, FR: 480 } });
  await widget.shows(501);
  await expect(bar).toHaveJSProperty("max", 1_000);
  await expect(widget.root).toContainText(say("counter-of", "en", { goal: "1,000" }));
});

test("can be paused, and goes on", async ({ campaign, embed, page, stream }) => {
  const widget = await embed(campaign.slug);
  const { epoch } = await campaign.totals();
  stream.send({ epoch, seq: 1_000, total: 10, goal: 500, countries: { KE: 10 } });
  await widget.shows(10);
  await widget.pause.click();
  await expect(widget.status).toContainText(say("status-paused"));
  await expect(widget.resume).toBeFocused();
  await watchNumber(widget);
  stream.send({ epoch, seq: 1_001, total: 99, goal: 500, countries: { KE: 99 } });
  // The page hears of it; the number stands.
  await expect
    .poll(() => page.evaluate(() => JSON.stringify(window.heard.at(-1)?.detail)))
    .toContain("99");
  expect(await widget.shown()).toBe(10);
  await expect(widget.spoken).not.toContainText("99");
  await widget.resume.click();
  await widget.shows(99);
});

test("goes step by step, and never back", async ({ campaign, embed, page, stream }) => {
  const widget = await embed(campaign.slug);
  await watchNumber(widget);
  const { epoch } = await campaign.totals();
  stream.send({ epoch, seq: 1_000, total: 400, goal: 500, countries: { KE: 400 } });
  await widget.shows(400);
  const numbers = (await page.evaluate(() => window.numbers)).map(({ text }) => number(text));
  expect(numbers.length, "it is seen on its way").toBeGreaterThan(5);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
});

test("jumps for whoever asked for less motion", async ({ campaign, embed, page, stream }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const widget = await embed(campaign.slug);
  await watchNumber(widget);
  const { epoch } = await campaign.totals();
  stream.send({ epoch, seq: 1_000, total: 400, goal: 500, countries: { KE: 400 } });
  await widget.shows(400);
  const numbers = (await page.evaluate(() => window.numbers)).map(({ text }) => number(text));
  expect([...new Set(numbers)]).toEqual([0, 400]);
});

test("figures are tabular: the number's width does not tremble", async ({ campaign, embed, stream }) => {
  const widget = await embed(campaign.slug);
  const { epoch } = await campaign.totals();
  const width = async (total: number, seq: number) => {
    stream.send({ epoch, seq, total, goal: 500, countries: { KE: total } });
    await widget.shows(total);
    return (await widget.number.boundingBox())!.width;
  };
  expect(await width(111, 1_000)).toBeCloseTo(await width(444, 1_001), 1);
});

test("screen readers are told now and then, in one polite line", async ({
  campaign,
  page,
  stream,
}) => {
  await page.clock.install();
  await page.goto(plain(campaign.slug));
  const widget = await new Widget(page.locator("pledge-widget")).ready();
  const { epoch } = await campaign.totals();
  await expect(widget.spoken).toHaveCount(1);
  for (let step = 1; step <= 5; step += 1) {
    stream.send({ epoch, seq: 1_000 + step, total: step, goal: 500, countries: { KE: step } });
    await widget.shows(step);
  }
  await expect(widget.spoken).toHaveText("");
  await page.clock.fastForward(20_000);
  await expect(widget.spoken).toContainText("5");
});

test("fault_14 a restarted server is believed, and the number is never shown falling", async ({
  campaign,
  embed,
  page,
  stream,
}) => {
  const widget = await embed(campaign.slug);
  const { epoch } = await campaign.totals();
  stream.send({ epoch, seq: 1_000, total: 300, goal: 500, countries: { KE: 300 } });
  await widget.shows(300);
  await watchNumber(widget);

  // A new epoch begins its sequence again; what it knows so far is less.
  stream.send({ epoch: epoch + 1, seq: 1, total: 290, goal: 500, countries: { KE: 290 } });
  stream.hangUp();
  await expect.poll(() => stream.viewers).toBe(1);
  stream.send({ epoch: epoch + 1, seq: 2, total: 301, goal: 500, countries: { KE: 301 } });
  await widget.shows(301);
  const numbers = (await page.evaluate(() => window.numbers)).map(({ text }) => number(text));
  expect(Math.min(...numbers)).toBe(300);

  // A late frame of the old server changes nothing; removed pledges do.
  stream.send({ epoch, seq: 2_000, total: 999, goal: 500, countries: { KE: 999 } });
  stream.send({
    epoch: epoch + 1,
    seq: 3,
    total: 250,
    goal: 500,
    countries: { KE: 250 },
    reason: "removed",
  });
  await widget.shows(250);
  await expect(widget.status).toContainText(say("status-removed"));
  await expect(widget.spoken).toHaveText(say("status-removed"));
  const all = (await page.evaluate(() => window.numbers)).map(({ text }) => number(text));
  expect(Math.max(...all)).toBe(301);
});

test("where the stream is refused, the totals say why the number fell; it is said for a minute", async ({
  campaign,
  page,
  stream,
}) => {
  await page.clock.install();
  const frame = { epoch: 4_000_000_000, seq: 1, goal: 500 };
  let asked: Frame = { ...frame, total: 300, countries: { KE: 300 } };
  await page.route(`**/api/v1/campaigns/${campaign.slug}/totals`, (route) =>
    route.fulfill({
      json: { campaign: campaign.slug, as_of: "", ...asked },
      headers: { "access-control-allow-origin": "*" },
    }),
  );
  stream.refuse(429);
  await page.goto(plain(campaign.slug, { lang: "fr" }));
  const widget = await new Widget(page.locator("pledge-widget"), "fr").ready();
  // Asking comes less and less often, so the clock is put forward.
  const until = (total: number) =>
    expect
      .poll(async () => {
        await page.clock.runFor(15_000);
        return widget.shown();
      })
      .toBe(total);
  await until(300);
  await expect(widget.status).toContainText(say("status-lost", "fr"));
  asked = { ...frame, seq: 2, total: 250, countries: { KE: 250 }, reason: "recount" };
  await until(250);
  await expect(widget.status).toContainText(say("status-recount", "fr"));
  await page.clock.runFor(65_000);
  await expect(widget.status).toContainText(say("status-lost", "fr"));
});

test("only changed countries come; the others stay", async ({ campaign, embed, stream }) => {
  const widget = await embed(campaign.slug, { view: "counter" });
  const { epoch } = await campaign.totals();
  const list = widget.root.getByRole("list", { name: say("countries-title") });
  stream.send({ epoch, seq: 1_000, total: 30, goal: 500, countries: { KE: 20, FR: 10 } });
  await expect(list.getByRole("listitem")).toHaveText([/Kenya\s*20/, /France\s*10/]);
  stream.send({ epoch, seq: 1_001, total: 45, goal: 500, countries: { FR: 25 }, partial: true });
  await expect(list.getByRole("listitem")).toHaveText([/France\s*25/, /Kenya\s*20/]);
  await expect(widget.status).toHaveText(like("status-live"));
  await expect(widget.status).toContainText("France");
});

test("fault_19 a campaign that closes while people look says so at once", async ({
  campaign,
  embed,
  stream,
}) => {
  const widget = await embed(campaign.slug);
  await widget.name.fill("Amina");
  const { epoch } = await campaign.totals();
  stream.send({ epoch, seq: 1_000, total: 77, goal: 500, countries: { KE: 77 }, open: false });
  await expect(widget.status).toContainText(say("status-closed"));
  await expect(widget.root).toContainText(say("closed-title"));
  await expect(widget.form).toBeHidden();
  await widget.shows(77);
});
