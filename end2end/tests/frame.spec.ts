// The widget in a frame, without the element: who may show it, and how a sandbox sends.
import { expect, HOST, pledges, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";
import { SERVER, UNLISTED } from "./support/world.ts";

/** A page with one frame, which writes down what the frame tells it. */
const hostOf = (frame: string) =>
  `<!doctype html><html lang=en><title>A page with a frame</title>
   <script>
     window.told = [];
     addEventListener("message", (event) => told.push(event.data));
   </script>
   <iframe title="The pledge" ${frame} width=400 height=900></iframe></html>`;

test("fault_41 an unlisted site cannot frame the widget", async ({ campaign, page }) => {
  await page.route(`${UNLISTED}/`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: hostOf(`src="${SERVER}/embed/${campaign.slug}"`),
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
      body: hostOf(`src="${SERVER}/embed/${campaign.slug}"`),
    }),
  );
  await page.goto(`${HOST}/own-frame`);
  const widget = await new Widget(page.frameLocator("iframe")).ready();
  await widget.sign();
  await widget.shows(1);
});

test("fault_40 a sandboxed frame signs, with the campaign's embed token", async ({
  campaign,
  page,
}) => {
  const secret = "abc123";
  await page.route(`${HOST}/wordpress`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: hostOf(
        `src="${SERVER}/embed/${campaign.slug}#?secret=${secret}" sandbox="allow-scripts"`,
      ),
    }),
  );
  await page.goto(`${HOST}/wordpress`);
  const widget = await new Widget(page.frameLocator("iframe")).ready();
  const sent = pledges(page);
  await widget.sign();
  await widget.shows(1);
  const headers = await sent[0]!.allHeaders();
  expect(headers.origin).toBe("null");
  expect(campaign.printed).toContain(headers["countersign-embed-token"]);

  // WordPress hears heights, with the secret that it gave.
  const told = await page.evaluate(() => (window as unknown as { told: unknown[] }).told);
  expect(told).toContainEqual({ message: "height", value: expect.any(Number), secret });
});

test("fault_40 another sandboxed frame, without the token, is refused", async ({
  campaign,
  page,
}) => {
  const script = `fetch("${SERVER}/api/v1/campaigns/${campaign.slug}/pledges", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "A", email: "a@example.org", country: "KE", locale: "en" }),
    }).then((answer) => answer.status, () => "blocked")
      .then((result) => parent.postMessage({ result }, "*"));`;
  await page.route(`${HOST}/sandbox`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: hostOf(`srcdoc='<script>${script}</script>' sandbox="allow-scripts"`),
    }),
  );
  const answered = page.waitForResponse((answer) => answer.url().endsWith("/pledges") && answer.request().method() === "POST");
  await page.goto(`${HOST}/sandbox`);
  expect((await answered).status()).toBe(403);
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { told: unknown[] }).told))
    .toContainEqual({ result: "blocked" });
  expect((await campaign.totals()).total).toBe(0);
});

test("fault_40 an unlisted site's element is a link to the campaign's own page", async ({
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
  const link = element.getByRole("link");
  await expect(link).toHaveAttribute("href", new RegExp(`/c/${campaign.slug}`));
  await expect(element.locator("form")).toHaveCount(0);
});
