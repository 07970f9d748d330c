// A person signs.
import { address } from "./support/campaign.ts";
import { expect, plain, pledges, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";
import { say } from "./support/words.ts";
import { DEMO, SERVER } from "./support/world.ts";

test("signs with the keyboard alone", async ({ page, campaign, embed }) => {
  const sent = pledges(page);
  const email = address();
  const widget = await embed(campaign.slug);
  const { keyboard } = page;

  const focused = (control: typeof widget.name) =>
    control.evaluate((element) => element.matches(":focus-visible"));
  for (let step = 0; step < 4 && !(await focused(widget.name)); step += 1) {
    await keyboard.press("Tab");
  }
  await expect(widget.name).toBeFocused();
  await keyboard.type("Amina Otieno");
  await keyboard.press("Tab");
  await expect(widget.email).toBeFocused();
  await keyboard.type(email);
  await keyboard.press("Tab");
  await expect(widget.country).toBeFocused();
  await keyboard.type("Kenya");
  await expect(widget.country).toHaveValue("KE");
  await keyboard.press("Tab");
  await expect(widget.updates).toBeFocused();
  await keyboard.press("Space");
  await expect(widget.updates).toBeChecked();
  await keyboard.press("Tab");
  await expect(widget.button).toBeFocused();
  expect(await focused(widget.button), "the focus is seen").toBe(true);
  await widget.asSlowAsAPerson();
  await keyboard.press("Enter");

  await widget.isSigned();
  await expect(widget.heading).toContainText("Amina Otieno");
  await expect(widget.heading).toBeFocused();
  await widget.shows(1);
  expect(await campaign.totals()).toMatchObject({ total: 1, countries: { KE: 1 } });

  expect(sent).toHaveLength(1);
  const body = sent[0]!.postDataJSON();
  expect(body).toMatchObject({
    name: "Amina Otieno",
    email,
    country: "KE",
    locale: "en",
    consents: { updates: true },
  });
  expect(sent[0]!.headers()["idempotency-key"]).toBeTruthy();

  // On from the thanks: the ways to share can be reached as well.
  const shared = widget.scope.locator('[part="share"] :focus');
  for (let step = 0; step < 3 && (await shared.count()) === 0; step += 1) {
    await keyboard.press("Tab");
  }
  await expect(shared).toBeVisible();
});

test("Enter in a field sends the form", async ({ campaign, embed, page }) => {
  const widget = await embed(campaign.slug);
  await widget.fill();
  await widget.asSlowAsAPerson();
  await widget.email.press("Enter");
  await widget.isSigned();
  expect((await campaign.totals()).total).toBe(1);
  expect(page.url()).toContain("/plain");
});

test("somebody else signs on the same device", async ({ campaign, embed, page }) => {
  const sent = pledges(page);
  const widget = await embed(campaign.slug);
  await widget.sign("Amina Otieno");
  await widget.root.getByRole("link", { name: say("signed-again") }).click();
  await expect(widget.name).toBeFocused();
  await expect(widget.name).toHaveValue("");
  await expect(widget.email).toHaveValue("");
  await widget.fill("Brian Otieno");
  await widget.submit();
  await widget.isSigned();
  await expect(widget.heading).toContainText("Brian Otieno");
  await widget.shows(2);
  const keys = sent.map((request) => request.headers()["idempotency-key"]);
  expect(new Set(keys).size, "each pledge has a key of its own").toBe(2);
});

test("the campaign's own page takes a pledge", async ({ page, campaign }) => {
  await page.goto(`${SERVER}/c/${campaign.slug}?utm_source=newsletter`);
  const widget = await new Widget(page).ready();
  const sent = pledges(page);
  await widget.sign();
  await widget.shows(1);
  expect(sent[0]!.postDataJSON().source).toMatchObject({ utm_source: "newsletter" });
});

test("the link is copied, and the ways to share lead to the campaign", async ({
  campaign,
  context,
  embed,
  page,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  // A device that has a sheet to share with, and a person who closes it.
  await page.addInitScript(() => {
    const shared: (ShareData | undefined)[] = [];
    const share = (data?: ShareData): Promise<void> => {
      shared.push(data);
      return Promise.reject(new DOMException("closed", "AbortError"));
    };
    Object.defineProperty(navigator, "share", { value: share });
    Object.assign(window, { shared });
  });
  const errors: Error[] = [];
  page.on("pageerror", (error) => errors.push(error));
  const widget = await embed(campaign.slug);
  await widget.sign();
  await widget.root.getByRole("button", { name: say("share-copy") }).click();
  await expect(widget.root.getByRole("button", { name: say("share-copied") })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(new RegExp(`/c/${campaign.slug}\\?utm_source=share$`));
  const whatsapp = widget.root.getByRole("link", { name: "WhatsApp" });
  await expect(whatsapp).toHaveAttribute("href", /^https:\/\/wa\.me\/\?text=/);
  await expect(whatsapp).toHaveAttribute("rel", /noopener/);
  const mail = widget.root.getByRole("link", { name: say("share-mail") });
  await expect(mail).toHaveAttribute("href", /^mailto:\?subject=/);
  for (const way of [whatsapp, mail]) {
    expect(decodeURIComponent((await way.getAttribute("href"))!)).toContain(link);
  }
  await widget.root.getByRole("button", { name: say("share-share"), exact: true }).click();
  const shared = await page.evaluate(() => (window as unknown as { shared: ShareData[] }).shared);
  expect(shared).toEqual([{ title: expect.any(String), text: expect.any(String), url: link }]);
  expect(shared[0]!.title && shared[0]!.text).toBeTruthy();
  expect(errors, "a sheet that is closed is no error").toEqual([]);
});

test("fault_38 markup in a name is text", async ({ campaign, embed, page }) => {
  const widget = await embed(campaign.slug);
  const name = '<img src=x onerror="window.broken=1">';
  await widget.sign(name);
  await expect(widget.heading).toContainText(name);
  expect(await page.evaluate(() => "broken" in window)).toBe(false);
});

test("nothing jumps while the widget comes to life", async ({ page }) => {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        // Boxes that change place after the first paint. The widget's own arrival is not one.
        shifts.push((entry as unknown as { value: number }).value);
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(plain(DEMO));
  const widget = new Widget(page.locator("pledge-widget"));
  await expect(widget.button).toBeVisible();
  const before = await widget.button.boundingBox();
  await widget.ready();
  expect(await widget.button.boundingBox()).toEqual(before);
  const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
  expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(0.02);
});
