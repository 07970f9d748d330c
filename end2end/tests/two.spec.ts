// Two widgets on one page.
import { expect, hostPage, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";

test("two widgets share one wasm module and one stream, and show one number", async ({
  campaign,
  page,
}) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await campaign.sign();
  await hostPage(page, "/", campaign.slug);
  const full = await new Widget(page.locator("#full")).ready();
  const counter = await new Widget(page.locator("#counter")).ready();
  await full.shows(1);
  await counter.shows(1);
  await expect(counter.form).toHaveCount(0);

  await full.sign();
  await full.shows(2);
  await counter.shows(2);

  expect(asked.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
  expect(asked.filter((path) => path.endsWith("/stream"))).toHaveLength(1);
  expect(asked.filter((path) => path === "/embed.js")).toHaveLength(1);
});

test("one goes, the other lives on", async ({ campaign, page, stream }) => {
  await campaign.sign();
  await hostPage(page, "/", campaign.slug);
  const counter = await new Widget(page.locator("#counter")).ready();
  await new Widget(page.locator("#full")).ready();
  await expect.poll(() => stream.viewers).toBe(1);
  await page.locator("#full").evaluate((element) => element.remove());
  const { epoch, seq } = await campaign.totals();
  stream.send({ epoch, seq: seq + 10, total: 41, goal: 500, countries: { KE: 41 } });
  await counter.shows(41);
  expect(stream.viewers).toBe(1);
});
