// What people are told of their data, as an editor writes it, and as the widget and the page then say it.
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { axe, expect, plain, test } from "./support/fixtures.ts";
import { ask, DESK, go, owner } from "./support/organizer.ts";
import { Widget } from "./support/widget.ts";
import { api, SERVER } from "./support/world.ts";

const NOTICE = { en: "We keep this for two months.", fr: "Nous gardons cela deux mois." };
const CONTROLLER = "Neighbours & Friends (an invented organization)";
const POLICY = "https://equal-futures.example/privacy";

const saved = (page: Page) => expect(page.getByText("Everything is saved")).toBeVisible();
const save = async (page: Page) => {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await saved(page);
};

test("the notice is what was saved: its words by language, days, who answers, and the policy", async ({
  campaign,
  embed,
  page,
  context,
}) => {
  const desk = await context.newPage();
  await owner(desk);
  await desk.goto(`${DESK}/admin/campaigns/${campaign.slug}/privacy`);
  const [days, contact] = [desk.getByLabel("Days that personal data is kept"), desk.getByLabel("Where to write")];
  const kept = async () => {
    const { text } = await ask(desk, `campaigns/${campaign.slug}`);
    return (JSON.parse(text) as { settings: { privacy: Record<string, unknown> } }).settings.privacy;
  };
  /** Somebody has the widget open all the while. */
  const widget = await embed(campaign.slug);
  await widget.name.fill("Amina Otieno");
  await widget.privacy.click();
  const notice = widget.root.locator('[part="privacy"]');
  await expect(notice).toContainText("180 days");

  await test.step("what cannot be kept is refused beside its field, and nothing is saved", async () => {
    const who = desk.getByLabel("Organization");
    await days.fill("0");
    await who.fill("Neighbours <b>for</b> Fairness");
    await contact.fill("somewhere");
    await desk.getByRole("button", { name: "Save", exact: true }).click();
    for (const field of [days, who, contact]) {
      await expect(field).toHaveAttribute("aria-invalid", "true");
      await expect(field).toHaveAccessibleDescription(/\w/);
    }
    await axe(desk);
    expect(await kept()).toMatchObject({ retention_days: 180, contact: "privacy@equal-futures.example" });
  });

  await test.step("the page that is open says the new days, and keeps what was typed", async () => {
    await desk.getByLabel("Organization").fill(CONTROLLER);
    await contact.fill("https://equal-futures.example/write");
    await desk.getByLabel("Full privacy policy").fill(POLICY);
    await days.fill("60");
    await desk.getByLabel("Full privacy policy").blur();
    await save(desk);
    await expect(notice).toContainText("60 days after you sign");
    await expect(notice).toContainText(CONTROLLER);
    // The widget is painted anew, and folded.
    await widget.privacy.click();
    await expect(notice.getByRole("link", { name: "Full policy" })).toHaveAttribute("href", POLICY);
    await expect(notice.locator(".cs-who a").first()).toHaveAttribute("href", "https://equal-futures.example/write");
    await expect(widget.name).toHaveValue("Amina Otieno");
  });

  await test.step("its own words stand under Texts, in each language", async () => {
    await desk.getByRole("main").getByRole("link", { name: "Texts" }).click();
    const words = desk.getByLabel("What happens to the data");
    await words.fill(NOTICE.en);
    await desk.getByRole("button", { name: /French/ }).click();
    await expect(words).not.toHaveValue(NOTICE.en);
    await words.fill(NOTICE.fr);
    await save(desk);
    await go(desk, "Privacy & retention");
    const read = desk.locator("dl").getByRole("definition");
    await expect(read.filter({ hasText: NOTICE.en })).toHaveAttribute("lang", "en");
    await expect(read.filter({ hasText: NOTICE.fr })).toHaveAttribute("lang", "fr");
    await expect(notice).toContainText(NOTICE.en);
  });

  await test.step("whoever comes now reads it in their language, with and without script", async () => {
    await page.goto(plain(campaign.slug, { lang: "fr" }));
    const french = await new Widget(page.locator("pledge-widget"), "fr").ready();
    await french.privacy.click();
    await expect(french.root.locator('[part="privacy"]')).toContainText(NOTICE.fr);
    await expect(french.root.locator('[part="privacy"]')).toContainText("60");
    const html = await (await fetch(`${SERVER}/c/${campaign.slug}`)).text();
    expect(html).toContain(NOTICE.en);
    expect(html).toContain(CONTROLLER.replace("&", "&amp;"));
  });

  await test.step("the days count from the end, once there is one", async () => {
    await go(desk, "Campaign settings");
    const end = new Date(Date.now() + 40 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    await desk.getByLabel("Closes").fill(`${end}T12:00`);
    await desk.getByLabel("Closes").blur();
    await save(desk);
    await page.goto(plain(campaign.slug, { lang: "en" }));
    const english = await new Widget(page.locator("pledge-widget")).ready();
    await english.privacy.click();
    await expect(english.root.locator('[part="privacy"]')).toContainText("60 days after the campaign ends");
  });

  await test.step("numbers are open data only while the organizer says so", async () => {
    const at = api(campaign.slug, "/open-data.csv");
    expect((await fetch(at)).status).toBe(404);
    await go(desk, "Privacy & retention");
    await desk.getByLabel(/^Publish the numbers/).check();
    await save(desk);
    await expect.poll(async () => (await fetch(`${at}?${randomUUID()}`)).status).toBe(200);
    await expect(desk.getByText(at)).toBeVisible();
  });
});
