// Mistakes are shown where they are.
import { Campaign } from "./support/campaign.ts";
import { expect, pledges, test } from "./support/fixtures.ts";
import { say } from "./support/words.ts";

test("shows every error at once, goes to the first, keeps what was typed", async ({
  campaign,
  embed,
  page,
}) => {
  const sent = pledges(page);
  const widget = await embed(campaign.slug);
  const place = await widget.button.boundingBox();
  await widget.email.fill("not an address");
  await widget.button.click();

  await expect(widget.note(widget.name)).toHaveText(say("error-name-missing"));
  await expect(widget.note(widget.email)).toHaveText(say("error-email-invalid"));
  await expect(widget.note(widget.country)).toHaveText(say("error-country-missing"));
  await expect(widget.name).toBeFocused();
  await expect(widget.email).toHaveValue("not an address");
  for (const field of [widget.name, widget.email, widget.country]) {
    await expect(field).toHaveAttribute("aria-invalid", "true");
  }
  await expect(widget.name).toHaveAccessibleDescription(say("error-name-missing"));
  expect(sent, "nothing is sent").toHaveLength(0);
  expect(await widget.button.boundingBox(), "the button stays where it is").toEqual(place);

  await widget.name.fill("Amina");
  await expect(widget.note(widget.name)).toHaveText("");
  await expect(widget.name).not.toHaveAttribute("aria-invalid");
  await expect(widget.note(widget.country), "the others stay").toHaveText(
    say("error-country-missing"),
  );
  await widget.sign();
});

test("the focus goes to the first field at fault, not to the first field", async ({
  campaign,
  embed,
}) => {
  const widget = await embed(campaign.slug);
  await widget.name.fill("Amina");
  await widget.email.fill("amina@example.org");
  await widget.button.click();
  await expect(widget.country).toBeFocused();
  await expect(widget.name).toHaveValue("Amina");
  await expect(widget.email).toHaveValue("amina@example.org");
});

test("a mistyped domain is suggested, never rewritten", async ({ campaign, embed, page }) => {
  const sent = pledges(page);
  const widget = await embed(campaign.slug);
  await widget.email.fill("amina.otieno@gmial.com");
  await widget.country.focus();
  const suggestion = widget.root.getByRole("button", {
    name: say("did-you-mean", "en", { email: "amina.otieno@gmail.com" }),
  });
  await expect(suggestion).toBeVisible();
  await expect(widget.email).toHaveValue("amina.otieno@gmial.com");
  await suggestion.click();
  await expect(widget.email).toHaveValue("amina.otieno@gmail.com");
  await expect(widget.email).toBeFocused();
  await expect(suggestion).toBeHidden();

  // Who means what was typed may sign with it.
  await widget.email.fill("amina.otieno@gmial.com");
  await widget.name.fill("Amina");
  await widget.country.selectOption("KE");
  await expect(suggestion).toBeVisible();
  await widget.submit();
  await widget.isSigned();
  expect(sent[0]!.postDataJSON().email).toBe("amina.otieno@gmial.com");
});

test("what the server finds wrong stands beside its field", async ({ campaign, embed, page }) => {
  const widget = await embed(campaign.slug);
  await page.route("**/pledges", (route) =>
    route.fulfill({
      status: 422,
      headers: { "access-control-allow-origin": "*", "content-type": "application/problem+json" },
      json: {
        type: "about:blank#invalid_input",
        title: "Some fields need another look.",
        status: 422,
        code: "invalid_input",
        fields: [{ field: "email", code: "email_too_long", message: "" }],
      },
    }),
  );
  await widget.fill("Amina", "amina@example.org");
  await widget.submit();
  await expect(widget.note(widget.email)).toHaveText(say("error-email-too-long"));
  await expect(widget.email).toBeFocused();
  await expect(widget.name).toHaveValue("Amina");
  const heard = await page.evaluate(() => window.heard);
  expect(heard.filter(({ type }) => type === "pledge:error")).toMatchObject([
    { detail: { code: "invalid_input" } },
  ]);
});

test("a message that is too long is refused beside its field", async ({ embed }) => {
  const campaign = await Campaign.make({ fields: "message = true\npublic_name = true" });
  const widget = await embed(campaign.slug);
  const message = widget.root.getByLabel(say("field-message"));
  await widget.fill();
  await message.fill("é".repeat(501));
  await widget.button.click();
  await expect(widget.note(message)).toHaveText(say("error-message-too-long"));
  await expect(message).toBeFocused();
  await message.fill("Because it is right.");
  await widget.root.getByRole("checkbox", { name: say("field-public-name") }).check();
  await widget.submit();
  await widget.isSigned();
});
