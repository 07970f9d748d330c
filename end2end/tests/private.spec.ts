// What the widget leaves behind on a visitor's machine: nothing.
import { expect, HOST, plain, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";
import { SERVER } from "./support/world.ts";

for (const [name, path] of [
  ["the element", "/plain"],
  ["the frame", "/csp-no-wasm"],
] as const) {
  test(`${name} sets no cookie, stores nothing, asks no third party`, async ({
    campaign,
    context,
    page,
  }) => {
    const asked = new Set<string>();
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http")) asked.add(url.origin);
    });
    await page.goto(`${HOST}${path}?campaign=${campaign.slug}`);
    const scope =
      path === "/plain"
        ? page.locator("pledge-widget")
        : page.frameLocator("pledge-widget iframe");
    const widget = await new Widget(scope).ready();
    await widget.sign();
    await widget.shows(1);

    expect([...asked].sort()).toEqual([SERVER, HOST].sort());
    expect(await context.cookies()).toEqual([]);
    for (const frame of page.frames()) {
      const kept = await frame.evaluate(async () => ({
        local: localStorage.length,
        session: sessionStorage.length,
        databases: (await indexedDB.databases()).length,
        caches: "caches" in window ? (await caches.keys()).length : 0,
        workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
        cookie: document.cookie,
      }));
      expect(kept).toEqual({
        local: 0,
        session: 0,
        databases: 0,
        caches: 0,
        workers: 0,
        cookie: "",
      });
    }
  });
}

test("the campaign's page and the docs ask nobody else, and set no cookie", async ({
  campaign,
  context,
  page,
}) => {
  const asked = new Set<string>();
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  await page.goto(`${SERVER}/c/${campaign.slug}`);
  await new Widget(page).sign();
  await page.goto(`${SERVER}/docs`, { waitUntil: "load" });
  expect([...asked]).toEqual([SERVER]);
  expect(await context.cookies()).toEqual([]);
});

test("no address of a person stands in a URL", async ({ campaign, embed, page }) => {
  const urls: string[] = [];
  page.on("request", (request) => urls.push(request.url()));
  page.on("framenavigated", (frame) => urls.push(frame.url()));
  const widget = await embed(campaign.slug);
  const email = await widget.sign("Canary Bird");
  await widget.shows(1);
  for (const url of urls) {
    expect(decodeURIComponent(url)).not.toContain(email);
    expect(decodeURIComponent(url)).not.toContain("Canary");
  }
  expect(page.url()).toBe(plain(campaign.slug));
});
