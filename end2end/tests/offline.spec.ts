// The network goes and comes back; the server is busy for a while.
import { expect, pledges, test } from "./support/fixtures.ts";
import { like, say } from "./support/words.ts";

const CORS = { "access-control-allow-origin": "*", "access-control-expose-headers": "retry-after" };

test("offline and back: kept, sent again with the same key, counted once", async ({
  campaign,
  context,
  embed,
  page,
}) => {
  const sent = pledges(page);
  const widget = await embed(campaign.slug);
  const email = await widget.fill();
  await widget.asSlowAsAPerson();
  await context.setOffline(true);
  await expect(widget.status).toContainText(say("status-offline"));
  await widget.button.click();
  await expect(widget.notice).toHaveText(say("notice-offline"));
  await expect(widget.email).toHaveValue(email);

  await context.setOffline(false);
  await widget.isSigned();
  await widget.shows(1);
  expect(sent.length).toBeGreaterThanOrEqual(2);
  const keys = new Set(sent.map((request) => request.headers()["idempotency-key"]));
  const bodies = new Set(sent.map((request) => request.postData()));
  expect(keys.size, "one key for all tries").toBe(1);
  expect(bodies.size).toBe(1);
  expect((await campaign.totals()).total).toBe(1);
  await expect(widget.status).not.toContainText(say("status-offline"));
});

test("the answer is lost on the way: the next try brings the first receipt", async ({
  campaign,
  embed,
  page,
}) => {
  let lost = 0;
  await page.route("**/pledges", async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    await route.fetch(); // The server has it; the browser never hears so.
    await route.abort("connectionreset");
  });
  const sent = pledges(page);
  const widget = await embed(campaign.slug);
  await widget.fill();
  await widget.submit();
  await expect(widget.notice).toHaveText(like("notice-retrying"));
  await widget.isSigned();
  await widget.shows(1);
  expect(lost).toBe(1);
  const keys = new Set(sent.map((request) => request.headers()["idempotency-key"]));
  expect(keys.size).toBe(1);
  expect((await campaign.totals()).total).toBe(1);
});

test("a busy server: kept, tried again when it says, counted once", async ({
  campaign,
  embed,
  page,
}) => {
  let refused = 0;
  await page.route("**/pledges", (route) => {
    if (refused > 0 || route.request().method() !== "POST") return route.continue();
    refused += 1;
    return route.fulfill({
      status: 503,
      headers: { ...CORS, "retry-after": "2", "content-type": "application/problem+json" },
      json: { type: "about:blank#busy", title: "", status: 503, code: "busy", retry_after: 2 },
    });
  });
  const widget = await embed(campaign.slug);
  const email = await widget.fill();
  await widget.submit();
  await expect(widget.notice).toHaveText(like("notice-retrying"));
  await expect(widget.email).toHaveValue(email);
  await widget.isSigned();
  await widget.shows(1);
});

test("what was changed after a failure is another pledge, with another key", async ({
  campaign,
  embed,
  page,
}) => {
  let refuse = true;
  await page.route("**/pledges", (route) =>
    refuse && route.request().method() === "POST"
      ? route.fulfill({
          status: 422,
          headers: { ...CORS, "content-type": "application/problem+json" },
          json: {
            type: "about:blank#invalid_input",
            title: "",
            status: 422,
            code: "invalid_input",
            fields: [{ field: "name", code: "name_forbidden", message: "" }],
          },
        })
      : route.continue(),
  );
  const sent = pledges(page);
  const widget = await embed(campaign.slug);
  await widget.fill();
  await widget.submit();
  await expect(widget.note(widget.name)).toHaveText(say("error-name-forbidden"));
  refuse = false;
  await widget.name.fill("Amina");
  await widget.submit();
  await widget.isSigned();
  const keys = sent.map((request) => request.headers()["idempotency-key"]);
  expect(new Set(keys).size).toBe(2);
});
