// The stream is lost: the widget says how old the number is, asks now and then, and recovers.
import { expect, plain, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";
import { say } from "./support/words.ts";

const AGE = /(\d+) (s|min) ago/;

for (const status of [429, 503]) {
  test(`fault_16 the stream answers ${status}: it polls, and comes back`, async ({
    campaign,
    embed,
    page,
    stream,
  }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    const widget = await embed(campaign.slug);
    const { epoch, seq } = await campaign.totals();
    stream.send({ epoch, seq, total: 0, goal: 500, countries: {} });
    await expect(widget.root.locator("[data-link=live]")).toBeVisible();

    stream.refuse(status);
    await expect(widget.status).toContainText(say("status-lost"));
    await expect(widget.status).toContainText(AGE);
    await campaign.sign();
    // The number is the real one, from the totals.
    await widget.shows(1, 20_000);
    expect(asked.some((path) => path.endsWith("/totals"))).toBe(true);
    await expect(widget.status).toContainText(AGE);

    const times = stream.asked;
    stream.recover();
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await expect.poll(() => stream.asked).toBeGreaterThan(times);
    const now = await campaign.totals();
    stream.send({ ...now, seq: now.seq + 1, total: 5, countries: { KE: 5 } });
    await widget.shows(5);
    await expect(widget.status).not.toContainText(say("status-lost"));
  });
}

test("it asks again by itself, ever more slowly", async ({ campaign, page, stream }) => {
  await page.clock.install();
  stream.refuse(503);
  await page.goto(plain(campaign.slug));
  const widget = await new Widget(page.locator("pledge-widget")).ready();
  await expect(widget.status).toContainText(say("status-lost"));
  // Seconds of the page's own clock between one try and the next. The clock is moved in small steps,
  // for an answer takes real time to come.
  const waited: number[] = [];
  const now = () => page.evaluate(() => Date.now() / 1000);
  while (waited.length < 6) {
    const [tries, began] = [stream.asked, await now()];
    await expect(async () => {
      await page.clock.runFor(2_000);
      expect(stream.asked, "it goes on trying").toBeGreaterThan(tries);
    }).toPass({ intervals: [20], timeout: 20_000 });
    waited.push((await now()) - began);
  }
  expect(waited.at(-1)!, "it does not hammer").toBeGreaterThan(28);
  stream.recover();
  const { epoch, seq } = await campaign.totals();
  stream.send({ epoch, seq: seq + 1, total: 7, goal: 500, countries: { KE: 7 } });
  await page.clock.runFor(200_000);
  await widget.shows(7);
  await expect(widget.status).not.toContainText(say("status-lost"));
});

test("fault_18 a proxy that holds the stream back: the widget notices the silence and polls", async ({
  campaign,
  page,
  stream,
}) => {
  await page.clock.install();
  await page.goto(plain(campaign.slug));
  const widget = await new Widget(page.locator("pledge-widget")).ready();
  await expect.poll(() => stream.viewers, { message: "open, but nothing comes" }).toBe(1);
  await campaign.sign();
  expect(await widget.shown()).toBe(0);
  await page.clock.runFor(15_000);
  await widget.shows(1);
  await expect(widget.status).toContainText(say("status-lost"));

  // A stream that once spoke and fell silent is looked after, too.
  const { epoch, seq } = await campaign.totals();
  stream.send({ epoch, seq, total: 1, goal: 500, countries: { KE: 1 } });
  await expect(widget.root.locator("[data-link=live]")).toBeVisible();
  await campaign.sign();
  await page.clock.runFor(100_000);
  await widget.shows(2);
});

test("the age grows while nothing is heard", async ({ campaign, page, stream, context }) => {
  await page.clock.install();
  await page.goto(plain(campaign.slug));
  const widget = await new Widget(page.locator("pledge-widget")).ready();
  const { epoch, seq } = await campaign.totals();
  stream.send({ epoch, seq, total: 0, goal: 500, countries: {} });
  await expect(widget.root.locator("[data-link=live]")).toBeVisible();
  await context.route("**/totals", (route) => route.abort());
  stream.refuse(503);
  await page.clock.runFor(12_000);
  await expect(widget.status).toContainText(/last update 1\d s ago/);
  await page.clock.runFor(180_000);
  await expect(widget.status).toContainText(/last update 3 min ago/);
  await expect(widget.form, "one can still sign").toBeVisible();
});

test("a page out of sight lets the stream go, and takes it up again", async ({
  campaign,
  page,
  stream,
}) => {
  await page.clock.install();
  await page.goto(plain(campaign.slug));
  const widget = await new Widget(page.locator("pledge-widget")).ready();
  await expect.poll(() => stream.viewers).toBe(1);
  const sight = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      const state = hidden ? "hidden" : "visible";
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await sight(true);
  await page.clock.runFor(60_000);
  await expect.poll(() => stream.viewers).toBe(0);
  await sight(false);
  await expect.poll(() => stream.viewers).toBe(1);
  const { epoch, seq } = await campaign.totals();
  stream.send({ epoch, seq: seq + 1, total: 3, goal: 500, countries: { KE: 3 } });
  await widget.shows(3);
});
