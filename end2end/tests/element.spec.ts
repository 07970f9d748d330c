// <pledge-widget> as an element of somebody else's page.
import { expect, plain, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";

test("lang, theme and view change while it lives", async ({ campaign, embed, page }) => {
  const widget = await embed(campaign.slug);
  const element = page.locator("pledge-widget");
  await widget.name.fill("Amina");

  await element.evaluate((element) => element.setAttribute("lang", "fr"));
  const french = new Widget(element, "fr");
  await expect(french.button).toHaveText("Signer l’engagement");
  await expect(french.name).toHaveValue("Amina");

  const card = widget.root.locator('[part="card"]');
  const paper = () => card.evaluate((card) => getComputedStyle(card).backgroundColor);
  const light = await paper();
  await element.evaluate((element) => element.setAttribute("theme", "dark"));
  await expect.poll(paper).not.toBe(light);
  const dark = await paper();
  await element.evaluate((element) => element.setAttribute("theme", "light"));
  await expect.poll(paper).toBe(light);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await paper(), "light means light").toBe(light);
  await element.evaluate((element) => element.setAttribute("theme", "auto"));
  await expect.poll(paper).toBe(dark);
  await expect(french.name).toHaveValue("Amina");

  await element.evaluate((element) => element.setAttribute("view", "counter"));
  await expect(widget.form).toHaveCount(0);
  await expect(french.root.getByRole("link", { name: "Signer l’engagement" })).toBeVisible();
  await element.evaluate((element) => element.setAttribute("view", "full"));
  await expect(french.form).toBeVisible();
});

test("attributes are properties, and the other way round", async ({ campaign, embed, page }) => {
  await embed(campaign.slug);
  const element = page.locator("pledge-widget");
  const properties = await element.evaluate((element) => {
    const widget = element as HTMLElement & Record<string, string>;
    const before = widget.campaign;
    widget.theme = "dark";
    widget.view = "counter";
    return { before, theme: widget.getAttribute("theme"), view: widget.getAttribute("view") };
  });
  expect(properties).toEqual({ before: campaign.slug, theme: "dark", view: "counter" });
});

test("events bubble, cross shadow roots, and hold nothing personal", async ({
  campaign,
  embed,
  page,
}) => {
  const widget = await embed(campaign.slug);
  const email = await widget.sign("Amina Otieno");
  await widget.shows(1);
  await campaign.sign();
  await widget.shows(2);
  const heard = await page.evaluate(() => window.heard);
  const types = heard.map(({ type }) => type);
  expect(types[0]).toBe("pledge:ready");
  expect(types).toContain("pledge:signed");
  expect(types).toContain("pledge:totals");
  expect(types.filter((type) => type === "pledge:ready")).toHaveLength(1);
  expect(types.filter((type) => type === "pledge:signed")).toHaveLength(1);
  for (const event of heard) {
    expect(event).toMatchObject({ bubbles: true, composed: true });
    expect(event.detail).toMatchObject({ campaign: campaign.slug });
  }
  const signed = heard.find(({ type }) => type === "pledge:signed")!;
  expect(signed.detail).toMatchObject({ number: 1 });
  const all = JSON.stringify(heard);
  for (const secret of ["Amina", "Otieno", email]) expect(all).not.toContain(secret);
});

test("an error is an event with a code", async ({ campaign, embed, page }) => {
  const widget = await embed(campaign.slug);
  await page.route("**/pledges", (route) =>
    route.fulfill({
      status: 429,
      headers: { "access-control-allow-origin": "*", "retry-after": "30" },
      json: { code: "rate_limited", status: 429, title: "", type: "about:blank#rate_limited" },
    }),
  );
  const email = await widget.fill();
  await widget.submit();
  const errors = () =>
    page.evaluate(() => window.heard.filter(({ type }) => type === "pledge:error"));
  await expect.poll(async () => (await errors()).length).toBe(1);
  const [error] = await errors();
  expect(error).toMatchObject({
    bubbles: true,
    composed: true,
    detail: { code: "rate_limited" },
  });
  expect(JSON.stringify(error)).not.toContain(email);
});

test("taking it off the page closes everything; putting it back opens it again", async ({
  campaign,
  embed,
  page,
  stream,
}) => {
  const widget = await embed(campaign.slug);
  await expect.poll(() => stream.viewers).toBe(1);
  await page.evaluate(() => {
    const element = document.querySelector("pledge-widget")!;
    Object.assign(window, { taken: element, place: element.parentElement });
    element.remove();
  });
  await expect.poll(() => stream.viewers).toBe(0);
  await page.evaluate(() => {
    const { taken, place } = window as unknown as { taken: Element; place: Element };
    place.append(taken);
  });
  await widget.ready();
  await expect.poll(() => stream.viewers).toBe(1);
  const { epoch } = await campaign.totals();
  stream.send({ epoch, seq: 1_000, total: 9, goal: 500, countries: { KE: 9 } });
  await widget.shows(9);
});

test("moving it within the page keeps one stream", async ({ campaign, embed, page, stream }) => {
  const widget = await embed(campaign.slug);
  await expect.poll(() => stream.viewers).toBe(1);
  await page.evaluate(() => {
    const section = document.body.appendChild(document.createElement("section"));
    section.append(document.querySelector("pledge-widget")!);
  });
  await widget.ready();
  await expect.poll(() => stream.viewers).toBe(1);
  await widget.sign();
});

test("the hidden attribute hides it, whatever the page says", async ({ campaign, embed, page }) => {
  const widget = await embed(campaign.slug);
  const element = page.locator("pledge-widget");
  await element.evaluate((element) => element.setAttribute("hidden", ""));
  await expect(widget.button).toBeHidden();
  await element.evaluate((element) => element.removeAttribute("hidden"));
  await expect(widget.button).toBeVisible();
});

test("a page gives it its own colours, corners and fonts", async ({ campaign, embed, page }) => {
  const widget = await embed(campaign.slug);
  await page.addStyleTag({
    content: `pledge-widget {
        --pledge-accent: rgb(0, 80, 60);
        --pledge-accent-ink: rgb(250, 250, 210);
        --pledge-radius: 3px;
        --pledge-font: Georgia, serif;
      }
      pledge-widget::part(button) { text-transform: uppercase; }`,
  });
  await expect(widget.button).toHaveCSS("background-color", "rgb(0, 80, 60)");
  await expect(widget.button).toHaveCSS("color", "rgb(250, 250, 210)");
  await expect(widget.button).toHaveCSS("text-transform", "uppercase");
  await expect(widget.heading).toHaveCSS("font-family", /Georgia/);
  await expect(widget.name).toHaveCSS("font-family", /Georgia/);
});

test("a campaign that does not exist leaves no blank box", async ({ page }) => {
  await page.goto(plain("no-such-campaign"));
  const element = page.locator("pledge-widget");
  await expect(element.getByRole("link").or(element.getByText(/./)).first()).toBeVisible();
});
