// One person counts once.
import { expect, pledges, test } from "./support/fixtures.ts";

test("the same mailbox signs again: the same friendly answer, the same total", async ({
  campaign,
  embed,
}) => {
  const first = await embed(campaign.slug);
  const email = await first.sign("Amina Otieno", "Amina.Otieno+first@gmail.com");
  expect(email).toContain("@gmail.com");
  await first.shows(1);
  const thanks = await first.thanks.locator("p").first().innerText();

  // The same mailbox in other letters.
  const second = await embed(campaign.slug);
  await second.sign("Amina O.", "aminaotieno@googlemail.com");
  expect(await second.thanks.locator("p").first().innerText()).toBe(thanks);
  await expect(second.heading).toContainText("Amina O.");
  await second.shows(1);
  expect((await campaign.totals()).total).toBe(1);
});

test("fault_01 a double click is one pledge", async ({ campaign, embed, page }) => {
  const sent = pledges(page);
  const widget = await embed(campaign.slug);
  await widget.fill();
  await widget.asSlowAsAPerson();
  await widget.button.dblclick();
  await widget.isSigned();
  await widget.shows(1);
  expect(sent).toHaveLength(1);
  expect((await campaign.totals()).total).toBe(1);
});

test("while a pledge is on its way the button says so and sends no other", async ({
  campaign,
  embed,
  page,
}) => {
  let release = () => {};
  const held = new Promise<void>((go) => (release = go));
  await page.route("**/pledges", async (route) => {
    await held;
    await route.continue();
  });
  const sent = pledges(page);
  const widget = await embed(campaign.slug);
  await widget.fill();
  await widget.submit();
  await expect(widget.button).toHaveAttribute("aria-busy", "true");
  await expect(widget.button).toHaveAttribute("aria-disabled", "true");
  await widget.button.click({ force: true });
  await widget.name.press("Enter");
  release();
  await widget.isSigned();
  expect(sent).toHaveLength(1);
  await widget.shows(1);
});
