// A person without script signs on the campaign's own page.
import { address } from "./support/campaign.ts";
import { expect, look, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";
import { say } from "./support/words.ts";
import { SERVER } from "./support/world.ts";

test.use({ javaScriptEnabled: false });

test("signs without script: errors beside the fields, what was typed kept, then the thanks", async ({
  campaign,
  page,
}) => {
  await page.goto(`${SERVER}/c/${campaign.slug}`);
  let widget = new Widget(page);
  await expect(widget.form).toBeVisible();
  await expect(widget.pause, "nothing shows that needs script").toBeHidden();
  await expect(page.getByText(say("status-lost"))).toBeHidden();
  await widget.name.fill("Amina Otieno");
  await widget.email.fill("amina at example");
  await widget.updates.check();
  await widget.submit();

  widget = new Widget(page);
  await expect(widget.note(widget.email)).toHaveText(say("error-email-invalid"));
  await expect(widget.note(widget.country)).toHaveText(say("error-country-missing"));
  await expect(widget.note(widget.name)).toHaveText("");
  await expect(widget.name).toHaveValue("Amina Otieno");
  await expect(widget.email).toHaveValue("amina at example");
  await expect(widget.updates).toBeChecked();
  expect((await campaign.totals()).total).toBe(0);
  await look(page, "page-noscript-errors", { fullPage: true });

  await widget.email.fill(address());
  await widget.country.selectOption("KE");
  await widget.submit();
  await widget.isSigned();
  await expect(widget.heading).toContainText("Amina Otieno");
  await widget.shows(1);
  expect((await campaign.totals()).total).toBe(1);
  await look(page, "page-noscript-signed", { fullPage: true });
});

test("signs without script in Arabic", async ({ campaign, page }) => {
  await page.goto(`${SERVER}/c/${campaign.slug}?lang=ar`);
  const widget = new Widget(page, "ar");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await widget.fill("أمينة");
  await widget.submit();
  await widget.isSigned();
  await expect(widget.heading).toContainText("أمينة");
  await expect(page.locator("html")).toHaveAttribute("lang", "ar");
});

test("the same form sent twice without script is one pledge", async ({ campaign, page }) => {
  await page.goto(`${SERVER}/c/${campaign.slug}`);
  const widget = new Widget(page);
  await widget.sign();
  await page.reload(); // The browser sends the form again.
  await widget.isSigned();
  expect((await campaign.totals()).total).toBe(1);
});

test("languages are links that work without script", async ({ campaign, page }) => {
  await page.goto(`${SERVER}/c/${campaign.slug}`);
  const widget = new Widget(page);
  await widget.languages.click();
  await widget.root.getByRole("link", { name: "Français" }).click();
  await expect(new Widget(page, "fr").name).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
});
