// A box of paper at the town hall: a number with a label and a country, in the total and apart from it.
import { axe, expect, fitsTheWindow, shot, test } from "./support/fixtures.ts";
import { ask, DESK, go, owner } from "./support/organizer.ts";

test("a labelled count is in the number that everybody sees, stands apart, and comes out again", async ({
  campaign,
  context,
  embed,
}) => {
  const page = await context.newPage();
  const email = await owner(page);
  await page.goto(`${DESK}/admin/campaigns/${campaign.slug}/offline`);
  const widget = await embed(campaign.slug);
  await campaign.sign("FR");
  await widget.shows(1);
  const form = page.locator("form").filter({ has: page.getByRole("button", { name: "Add", exact: true }) });
  const [label, country, number] = [form.getByLabel("Label"), form.getByLabel("Country"), form.getByLabel("Number")];
  const add = () => form.getByRole("button", { name: "Add", exact: true }).click();
  const row = page.getByRole("region", { name: "Labelled counts" }).getByRole("row").filter({ hasText: "Town hall" });
  const said = (text: string) => expect(page.getByRole("status").getByText(text)).toBeVisible();
  /** The line of what makes up the number, on the live page. */
  const part = (name: string) => page.getByRole("main").locator("dt", { hasText: name }).locator("+ dd");
  await expect(page.getByText("No labelled count yet.")).toBeVisible();

  await test.step("what is no count is refused beside its field", async () => {
    await label.fill("Town hall, 3 May");
    await country.fill("XX");
    await number.fill("0");
    await add();
    for (const field of [country, number]) {
      await expect(field).toHaveAttribute("aria-invalid", "true");
      await expect(field).toHaveAccessibleDescription(/\w/);
    }
    await expect(label).not.toHaveAttribute("aria-invalid");
    await axe(page);
    expect((await campaign.totals()).total).toBe(1);
  });

  await test.step("added, it is in the number of everybody who looks", async () => {
    await country.fill("ke");
    await number.fill("240");
    await page.keyboard.press("Enter");
    await said("It is in the number.");
    await expect(row).toContainText("240");
    await expect(row).toContainText("Kenya");
    await expect(row).toContainText(email);
    await expect(label).toHaveValue("");
    await widget.shows(241);
    expect(await campaign.totals()).toMatchObject({ total: 241, countries: { FR: 1, KE: 240 } });
    await page.setViewportSize({ width: 360, height: 740 });
    await fitsTheWindow(page);
    await shot(page, "paper-phone", false);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  await test.step("the live page shows it apart from those who signed here, and pace knows nothing of it", async () => {
    await go(page, "Live");
    await expect(page.locator(".big").first()).toHaveText("241");
    const overview = JSON.parse((await ask(page, `campaigns/${campaign.slug}/overview`)).text) as object;
    expect(overview).toMatchObject({ total: 241, last_hour: 1 });
    await expect(page.locator(".up").first()).toContainText("1");
    await expect(part("Counted on paper")).toHaveText("240");
    await expect(part("Signed here")).toHaveText("1");
    await shot(page, "paper-live", false);
  });

  await test.step("taken out, asked once before, the number comes down and says why", async () => {
    await go(page, "Offline");
    await row.getByRole("button", { name: "Delete: Town hall, 3 May" }).click();
    const box = page.getByRole("dialog", { name: "Delete" });
    await expect(box).toContainText("240 are taken out of the number.");
    await axe(page, "dialog[open]");
    await box.getByRole("button", { name: "Cancel" }).click();
    expect((await campaign.totals()).total).toBe(241);
    await row.getByRole("button", { name: "Delete: Town hall, 3 May" }).click();
    await box.getByRole("button", { name: "Delete" }).click();
    await said("It is out of the number.");
    await expect(row).toHaveCount(0);
    await widget.shows(1);
    await expect(widget.status).toContainText("Some signatures were removed.");
    expect(await campaign.totals()).toMatchObject({ total: 1, countries: { FR: 1 } });
  });
});
