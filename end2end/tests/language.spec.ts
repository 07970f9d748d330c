// English, French, Arabic.
import { expect, HOST, hostPage, plain, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";
import { say } from "./support/words.ts";

const ARABIC_DIGITS = /[٠-٩]/;

test("Arabic runs from right to left, with its own digits", async ({ campaign, embed, stream }) => {
  const widget = await embed(campaign.slug, { lang: "ar" });
  await expect(widget.root).toHaveAttribute("dir", "rtl");
  await expect(widget.root).toHaveAttribute("lang", "ar");
  const { epoch } = await campaign.totals();
  stream.send({ epoch, seq: 1_000, total: 1233, goal: 5000, countries: { KE: 1233 } });
  await widget.shows(1233);
  stream.send({ epoch, seq: 1_001, total: 1234, goal: 5000, countries: { KE: 1234 } });
  await widget.shows(1234);
  await expect(widget.number).toHaveText("١٬٢٣٤");
  await expect(widget.number).not.toHaveText(/[0-9]/);
  await expect(widget.status).toContainText("كينيا");
  await widget.sign("أمينة");
  await expect(widget.heading).toContainText("أمينة");
  await expect(widget.heading).toHaveText(ARABIC_DIGITS);
});

test("the layout is mirrored", async ({ campaign, embed }) => {
  const place = async (lang: string) => {
    const widget = await embed(campaign.slug, { lang });
    const root = (await widget.root.boundingBox())!;
    const box = async (locator: typeof widget.name) => (await locator.boundingBox())!;
    const [tick, pause] = [await box(widget.updates), await box(widget.pause)];
    return {
      tick: tick.x - root.x,
      tickFromEnd: root.x + root.width - tick.x - tick.width,
      pause: pause.x - root.x,
      pauseFromEnd: root.x + root.width - pause.x - pause.width,
    };
  };
  const english = await place("en");
  const arabic = await place("ar");
  expect(arabic.tickFromEnd).toBeCloseTo(english.tick, 0);
  expect(arabic.pause).toBeCloseTo(english.pauseFromEnd, 0);
});

test("an Arabic page makes an Arabic widget", async ({ page, campaign }) => {
  await hostPage(page, "/arabic", campaign.slug);
  const widget = await new Widget(page.locator("#full"), "ar").ready();
  await expect(widget.root).toHaveAttribute("dir", "rtl");
  await expect(widget.button).toHaveText("وقّع التعهّد");
});

test("switching the language keeps what was typed", async ({ campaign, embed }) => {
  const english = await embed(campaign.slug);
  await english.fill("Amina Otieno", "amina@example.org", "DE");
  await english.updates.check();
  await english.languages.click();
  await english.root.getByRole("link", { name: "Français" }).click();

  const french = new Widget(english.scope, "fr");
  await expect(french.name).toHaveValue("Amina Otieno");
  await expect(french.email).toHaveValue("amina@example.org");
  await expect(french.country).toHaveValue("DE");
  await expect(french.country.locator("option:checked")).toHaveText("Allemagne");
  await expect(french.updates).toBeChecked();
  await expect(french.button).toHaveText("Signer l’engagement");
  await expect(french.root).toHaveAttribute("lang", "fr");
  await expect(french.root.locator("details[open]")).toHaveCount(0);

  await french.languages.click();
  await french.root.getByRole("link", { name: "العربية" }).click();
  const arabic = new Widget(english.scope, "ar");
  await expect(arabic.name).toHaveValue("Amina Otieno");
  await expect(arabic.root).toHaveAttribute("dir", "rtl");
  await expect(arabic.country.locator("option:checked")).toHaveText("ألمانيا");
  await arabic.submit();
  await arabic.isSigned();
});

test("errors change their language, too", async ({ campaign, embed, page }) => {
  const english = await embed(campaign.slug);
  await english.button.click();
  await expect(english.note(english.name)).toHaveText(say("error-name-missing"));
  await page.locator("pledge-widget").evaluate((element) => element.setAttribute("lang", "fr"));
  const french = new Widget(english.scope, "fr");
  await expect(french.note(french.name)).toHaveText(say("error-name-missing", "fr"));
  await expect(french.note(french.country)).toHaveText(say("error-country-missing", "fr"));
});

test("countries stand in the order of the language", async ({ campaign, embed }) => {
  for (const lang of ["en", "fr", "ar"]) {
    const widget = await embed(campaign.slug, { lang });
    const names = (await widget.country.locator("option").allInnerTexts()).slice(1);
    expect(names.length).toBeGreaterThan(240);
    expect(names).toEqual([...names].sort(new Intl.Collator(lang).compare));
  }
});

test("a language that the campaign lacks falls back", async ({ campaign, page }) => {
  await page.goto(plain(campaign.slug, { lang: "sw" }));
  const widget = await new Widget(page.locator("pledge-widget")).ready();
  await expect(widget.button).toHaveText("Sign the pledge");
  expect(page.url()).toContain(HOST);
});

test("the e-mail address runs from left to right in Arabic as well", async ({ campaign, embed }) => {
  const widget = await embed(campaign.slug, { lang: "ar" });
  await expect(widget.email).toHaveCSS("direction", "ltr");
  await expect(widget.name).toHaveCSS("direction", "rtl");
});
