// The widget in a frame, without the element: who may show it, and how a sandbox sends.
import { expect, HOST, pledges, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";
import { say } from "./support/words.ts";
import { SERVER, UNLISTED } from "./support/world.ts";

const page_with = (src: string, sandbox = "") =>
  `<!doctype html><html lang=en><title>A page with a frame</title>
   <iframe title="The pledge" src="${src}" ${sandbox} width=400 height=900></iframe>
   <script>
     window.told = [];
     addEventListener("message", (event) => told.push(event.data));
   </script></html>`;

test("fault_41 an unlisted site cannot frame the widget", async ({ campaign, page }) => {
  await page.route(`${UNLISTED}/`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: page_with(`${SERVER}/embed/${campaign.slug}`),
    }),
  );
  const refused = page.waitForEvent("console", (line) => line.text().includes("frame-ancestors"));
  await page.goto(`${UNLISTED}/`);
  await refused;
  await expect(page.frameLocator("iframe").locator("form")).toHaveCount(0);
});

test("nobody frames the campaign's own page", async ({ campaign, page }) => {
  const answer = await page.request.get(`${SERVER}/c/${campaign.slug}`);
  expect(answer.headers()["content-security-policy"]).toContain("frame-ancestors 'none'");
});

test("a listed site frames the widget without any script of ours", async ({ campaign, page }) => {
  await page.route(`${HOST}/own-frame`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: page_with(`${SERVER}/embed/${campaign.slug}`),
    }),
  );
  await page.goto(`${HOST}/own-frame`);
  const widget = await new Widget(page.frameLocator("iframe")).ready();
  await widget.sign();
  await widget.shows(1);
});

test("fault_40 a sandboxed frame signs with the campaign's embed token", async ({
  campaign,
  page,
}) => {
  const token = /token=([\w.~-]+)/.exec(campaign.printed)?.[1];
  expect(token, "`campaign apply` prints the embed token").toBeTruthy();
  const secret = "abc123";
  await page.route(`${HOST}/wordpress`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: page_with(
        `${SERVER}/embed/${campaign.slug}?token=${token}#?secret=${secret}`,
        'sandbox="allow-scripts"',
      ),
    }),
  );
  await page.goto(`${HOST}/wordpress`);
  const widget = await new Widget(page.frameLocator("iframe")).ready();
  const sent = pledges(page);
  await widget.sign();
  await widget.shows(1);
  expect((await sent[0]!.allHeaders()).origin).toBe("null");

  // WordPress hears heights from 200 to 1000 px, with the secret that it gave.
  const told = await page.evaluate(() => (window as unknown as { told: unknown[] }).told);
  expect(told).toContainEqual({ message: "height", value: expect.any(Number), secret });
});

test("fault_40 a sandboxed frame without the token is refused, in words", async ({
  campaign,
  page,
}) => {
  await page.route(`${HOST}/wordpress`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: page_with(`${SERVER}/embed/${campaign.slug}`, 'sandbox="allow-scripts"'),
    }),
  );
  await page.goto(`${HOST}/wordpress`);
  const widget = await new Widget(page.frameLocator("iframe")).ready();
  await widget.fill();
  await widget.submit();
  await expect(widget.notice).toHaveText(say("error-origin-not-allowed"));
  expect((await campaign.totals()).total).toBe(0);
});

test("fault_40 an unlisted site's element takes no pledge, and says so", async ({
  campaign,
  page,
}) => {
  await page.route(`${UNLISTED}/`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><html lang=en><title>A site on nobody's list</title>
        <script type=module src="${SERVER}/embed.js"></script>
        <pledge-widget campaign="${campaign.slug}"></pledge-widget></html>`,
    }),
  );
  await page.goto(`${UNLISTED}/`);
  const element = page.locator("pledge-widget");
  // Never a blank box: the way to the campaign's own page stays open.
  await expect(element.getByRole("link").or(element.locator("form")).first()).toBeVisible();
  const widget = new Widget(element);
  if (await widget.form.isVisible()) {
    await widget.ready();
    await widget.fill();
    await widget.submit();
    await expect(widget.notice).toBeVisible();
    await expect(widget.email).not.toHaveValue("");
  }
  expect((await campaign.totals()).total).toBe(0);
});
