// Organizers change a campaign while people have it open: no page is loaded again.
import { apply } from "./support/campaign.ts";
import { expect, test } from "./support/fixtures.ts";
import { say } from "./support/words.ts";
import { SERVER } from "./support/world.ts";

const THANKS = 'thanks = "Say it to one person today."';

test("the widget shows the campaign as it is now, and keeps what was typed", async ({ campaign, embed, page }) => {
  const widget = await embed(campaign.slug);
  await widget.name.fill("Amina Otieno");
  await widget.email.fill("amina@example.org");
  await widget.country.selectOption("KE");
  await page.evaluate(() => ((window as { stayed?: boolean }).stayed = true));
  await widget.email.focus();
  await apply(campaign.slug, { fields: "message = true\nupdates = false", settings: "hide_groups_below = 7" });
  await expect(widget.root.getByLabel(say("field-message"))).toBeVisible();
  await expect(widget.updates).toHaveCount(0);
  await expect(widget.name).toHaveValue("Amina Otieno");
  await expect(widget.email).toHaveValue("amina@example.org");
  await expect(widget.email).toBeFocused();
  await expect(widget.country).toHaveValue("KE");
  expect(await page.evaluate(() => (window as { stayed?: boolean }).stayed)).toBe(true);
  // It is alive: it sends, and it moves.
  await widget.submit();
  await widget.isSigned();
  await widget.shows(1);
});

test("the language that the reader chose stays", async ({ campaign, embed }) => {
  const widget = await embed(campaign.slug, { lang: "en" });
  await widget.languages.click();
  await widget.root.locator('a[hreflang="fr"]').click();
  await expect(widget.button).toHaveText("Signer l’engagement");
  await apply(campaign.slug, { fields: "message = true" });
  await expect(widget.root.getByLabel(say("field-message", "fr"))).toBeVisible();
  await expect(widget.button).toHaveText("Signer l’engagement");
});

test("who has signed keeps the thanks", async ({ campaign, embed }) => {
  const widget = await embed(campaign.slug);
  await widget.sign();
  await apply(campaign.slug, { fields: "message = true" });
  await campaign.sign("FR");
  await widget.shows(2);
  await expect(widget.thanks).toBeVisible();
  await expect(widget.root).toContainText(THANKS.split('"')[1]!);
});

test("the campaign's own page follows as well", async ({ campaign, page }) => {
  await page.goto(`${SERVER}/c/${campaign.slug}`);
  const name = page.getByLabel(say("field-name"), { exact: true });
  await expect(page.getByRole("button", { name: say("counter-pause") })).toBeVisible();
  await name.fill("Amina Otieno");
  await apply(campaign.slug, { fields: "message = true" });
  await expect(page.getByLabel(say("field-message"))).toBeVisible();
  await expect(name).toHaveValue("Amina Otieno");
  await expect(page.getByRole("button", { name: say("counter-pause") })).toBeVisible();
});
