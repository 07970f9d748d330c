// What an organizer copies is what the page shows, and it works on another site as it was copied.
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { axe, expect, HOST, test } from "./support/fixtures.ts";
import { DESK, owner } from "./support/organizer.ts";
import { Widget } from "./support/widget.ts";
import { api, SERVER } from "./support/world.ts";

/** A page of somebody else's site with this in its head and in its body. */
async function theirs(page: Page, body: string, head = ""): Promise<void> {
  const at = `${HOST}/theirs-${randomUUID()}`;
  await page.route(at, (route) =>
    route.fulfill({
      contentType: "text/html; charset=utf-8",
      body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Theirs</title>${head}</head><body><main>${body}</main></body></html>`,
    }),
  );
  await page.goto(at);
}

test("each snippet is copied as it is shown, and works on a site of another origin", async ({
  campaign,
  context,
  page,
}) => {
  test.setTimeout(90_000);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const desk = await context.newPage();
  await owner(desk);
  await desk.goto(`${DESK}/admin/campaigns/${campaign.slug}/embed`);
  const way = (title: string) =>
    desk.locator("section").filter({ has: desk.getByRole("heading", { name: title, exact: true }) });
  const clipboard = () => desk.evaluate(() => navigator.clipboard.readText());
  const copied = async (title: string) => {
    await desk.bringToFront();
    const shown = await way(title).locator("code").evaluate((code) => code.textContent!);
    await desk.evaluate(() => navigator.clipboard.writeText("something else"));
    await way(title).getByRole("button", { name: "Copy" }).click();
    await expect.poll(clipboard).toBe(shown);
    await expect(desk.getByRole("status").getByText("Copied.")).toBeVisible();
    await page.bringToFront();
    return shown;
  };

  await test.step("the widget, with the lines for the head: each address is fetched once", async () => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await theirs(page, await copied("The widget"), await copied("For the head of the page"));
    const widget = await new Widget(page.locator("pledge-widget")).ready();
    expect(asked.filter((url) => url === `${SERVER}/embed.js`)).toHaveLength(1);
    await widget.sign();
    await widget.shows(1);
    expect((await campaign.totals()).total).toBe(1);
  });

  await test.step("its link is there where scripts are not", async () => {
    const snippet = await copied("The widget");
    const bare = await context.browser()!.newContext({ javaScriptEnabled: false });
    const reader = await bare.newPage();
    await theirs(reader, snippet);
    await reader.getByRole("link", { name: "Sign the pledge" }).click();
    await expect(reader).toHaveURL(`${SERVER}/c/${campaign.slug}`);
    await bare.close();
  });

  await test.step("the number alone", async () => {
    await theirs(page, await copied("The number alone"));
    const counter = new Widget(page.locator("pledge-widget"));
    await expect(counter.number).toHaveText("1");
    await expect(counter.form).toHaveCount(0);
    await campaign.sign("FR");
    await counter.shows(2);
  });

  for (const [title, wrapped] of [["A frame", false], ["WordPress", true]] as const) {
    await test.step(`${title}: signs inside of its frame`, async () => {
      const snippet = await copied(title);
      const html = /^<!-- wp:html -->\n([\s\S]+)<!-- \/wp:html -->\n$/.exec(snippet);
      expect(html !== null).toBe(wrapped);
      const before = (await campaign.totals()).total!;
      // WordPress drops its comments when it shows the block.
      await theirs(page, html?.[1] ?? snippet);
      await expect(page.getByTitle("Equal Futures")).toBeVisible();
      const inside = await new Widget(page.frameLocator("iframe")).ready();
      await inside.sign();
      await inside.shows(before + 1);
      await axe(page);
    });
  }

  await test.step("a link, and the code beside it leads to the same page", async () => {
    const link = await copied("A link");
    expect(link).toBe(`${SERVER}/c/${campaign.slug}`);
    await page.goto(link);
    await expect(page.getByRole("heading", { name: "Equal Futures" }).first()).toBeVisible();
  });

  await test.step("the token opens this campaign's form to a page without an origin", async () => {
    const token = await copied("Embed token");
    const send = (token?: string) =>
      fetch(`${api(campaign.slug)}/pledges`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          origin: "null",
          ...(token ? { "countersign-embed-token": token } : {}),
        },
        body: JSON.stringify({ name: "A", email: `a.${randomUUID()}@example.org`, country: "KE", locale: "en" }),
      });
    expect((await send()).status).toBe(403);
    expect((await send(token)).status).toBe(201);
  });
});

test("where the browser does not let us copy, that is said, and the text can be selected", async ({
  campaign,
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", {
      value: { writeText: () => Promise.reject(new Error("not allowed")) },
    });
  });
  await owner(page);
  await page.goto(`${DESK}/admin/campaigns/${campaign.slug}/embed`);
  await page.getByRole("button", { name: "Copy" }).first().click();
  await expect(page.getByText("The browser does not let us copy.")).toBeVisible();
  await expect(page.getByText("Copied.")).toHaveCount(0);
});
