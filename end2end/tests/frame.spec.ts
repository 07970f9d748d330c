// The widget in a frame, without the element: who may show it, and how a sandbox sends.
import type { Page } from "@playwright/test";
import { expect, HOST, pledges, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";
import { api, SERVER, UNLISTED } from "./support/world.ts";

/** Puts a frame onto the listed site, and writes down what the frame tells the page. */
async function frameIt(page: Page, attributes: Record<string, string>) {
  await page.goto(`${HOST}/plain?campaign=none`);
  await page.evaluate((attributes) => {
    const told: unknown[] = [];
    Object.assign(window, { told });
    addEventListener("message", (event) => told.push(event.data));
    const frame = document.createElement("iframe");
    for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
    Object.assign(frame, { title: "The pledge", width: "400", height: "900" });
    document.body.append(frame);
  }, attributes);
}

const told = (page: Page) =>
  page.evaluate(() => (window as unknown as { told: unknown[] }).told);

test("fault_41 an unlisted site cannot frame the widget", async ({ campaign, page }) => {
  await page.route(`${UNLISTED}/`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><html lang=en><title>A site on nobody's list</title>
        <iframe title="The pledge" src="${SERVER}/embed/${campaign.slug}"></iframe></html>`,
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
  await frameIt(page, { src: `${SERVER}/embed/${campaign.slug}` });
  const widget = await new Widget(page.frameLocator("iframe")).ready();
  await widget.sign();
  await widget.shows(1);
});

test("fault_40 a sandboxed frame signs, with the campaign's embed token", async ({
  campaign,
  page,
}) => {
  const secret = "abc123";
  await frameIt(page, {
    src: `${SERVER}/embed/${campaign.slug}#?secret=${secret}`,
    sandbox: "allow-scripts",
  });
  const widget = await new Widget(page.frameLocator("iframe")).ready();
  const sent = pledges(page);
  await widget.sign();
  await widget.shows(1);
  const headers = await sent[0]!.allHeaders();
  expect(headers.origin).toBe("null");
  expect(campaign.printed).toContain(headers["countersign-embed-token"]);

  // WordPress hears heights, with the secret that it gave.
  expect(await told(page)).toContainEqual({ message: "height", value: expect.any(Number), secret });
});

test("fault_40 another sandboxed frame, without the token, is refused", async ({
  campaign,
  page,
}) => {
  const script = `fetch("${api(campaign.slug, "/pledges")}", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "A", email: "a@example.org", country: "KE", locale: "en" }),
    }).then((answer) => answer.status, () => "blocked")
      .then((result) => parent.postMessage({ result }, "*"));`;
  await frameIt(page, { srcdoc: `<script>${script}</script>`, sandbox: "allow-scripts" });
  await expect.poll(() => told(page)).toContainEqual({ result: "blocked" });
  const answer = await page.request.post(api(campaign.slug, "/pledges"), {
    headers: { origin: "null" },
    data: { name: "A", email: "a@example.org", country: "KE", locale: "en" },
  });
  expect(answer.status()).toBe(403);
  expect(await answer.json()).toMatchObject({ code: "origin_not_allowed" });
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
