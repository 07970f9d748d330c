// A campaign that asks the mailbox: the e-mail, the button, and one's own pledge.
import type { Page } from "@playwright/test";
import { address, Campaign } from "./support/campaign.ts";
import { axe, expect, fitsTheWindow, HOST, look, test } from "./support/fixtures.ts";
import { api } from "./support/world.ts";

const ASKING = { settings: "confirm_email = true", fields: "message = true\nupdates = true" };

/** Opens the latest e-mail to this address where the demo keeps them. */
async function read(page: Page, email: string): Promise<void> {
  const letter = page.getByRole("link", { name: `To ${email}` });
  await expect(async () => {
    await page.goto(`${HOST}/mail`);
    await expect(letter).toBeVisible({ timeout: 500 });
  }).toPass();
  await letter.first().click();
}

/** In all sizes and colours, with nothing to the side and no barrier. */
async function looksRight(page: Page, name: string): Promise<void> {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await fitsTheWindow(page);
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      await look(page, `${name}-${colorScheme}-${width}`, { fullPage: true });
      if (width === 360) await axe(page);
    }
  }
}

test("signs, confirms by the e-mail's button, and then counts", async ({ embed, page }) => {
  const campaign = await Campaign.make(ASKING);
  const widget = await embed(campaign.slug);
  const email = await widget.sign();
  await expect(widget.root).toContainText("We have sent you an e-mail.");
  await expect(widget.heading).toHaveText("Thank you, Amina Otieno.");
  await look(page, "mailbox-signed");
  expect((await campaign.totals()).total).toBe(0);

  await read(page, email);
  await look(page, "mailbox-letter");
  await page.getByRole("link", { name: "Confirm my signature" }).click();
  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await expect(page.getByText("You sign as Amina Otieno, Kenya.")).toBeVisible();
  await looksRight(page, "mailbox-asks");
  expect((await campaign.totals()).total).toBe(0);

  await page.getByRole("button", { name: "Confirm my signature" }).press("Enter");
  await expect(page.getByText("You are number 1.")).toBeVisible();
  await looksRight(page, "mailbox-confirmed");
  expect((await campaign.totals()).total).toBe(1);

  await page.getByRole("link", { name: "See, correct or take back my signature" }).click();
  await expect(page.getByRole("heading", { name: "Your signature" })).toBeVisible();
  await looksRight(page, "mailbox-own");
});

test("people correct, take back and erase what is theirs, without script", async ({ browser }) => {
  const campaign = await Campaign.make(ASKING);
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  const email = address();
  const signed = await fetch(api(campaign.slug, "/pledges"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "أمينة", email, country: "KE", locale: "ar" }),
  });
  expect(((await signed.json()) as { state: string }).state).toBe("check_email");

  await read(page, email);
  await page.getByRole("link", { name: "أؤكّد توقيعي" }).click();
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await look(page, "mailbox-asks-arabic", { fullPage: true });
  await page.getByRole("button", { name: "أؤكّد توقيعي" }).click();
  await page.getByRole("link", { name: "عرض توقيعي أو تصحيحه أو سحبه" }).click();

  const name = page.getByRole("textbox", { name: "الاسم" });
  await expect(name).toHaveValue("أمينة");
  await name.fill("www.example.org");
  await page.getByRole("button", { name: "حفظ التغييرات" }).click();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(name).toHaveValue("www.example.org");
  await name.fill("أمينة عثمان");
  await page.getByRole("combobox", { name: "البلد" }).selectOption("FR");
  await page.getByRole("button", { name: "حفظ التغييرات" }).click();
  await expect(page.getByText("تم الحفظ.")).toBeVisible();
  expect((await campaign.totals()).countries).toEqual({ FR: 1 });
  await page.setViewportSize({ width: 360, height: 800 });
  await fitsTheWindow(page);
  await look(page, "mailbox-own-arabic-360", { fullPage: true });

  await page.getByRole("button", { name: "سحب", exact: true }).click();
  await expect(page.getByText("لقد سحبته. لا يُحتسب.")).toBeVisible();
  expect((await campaign.totals()).total).toBe(0);

  await page.getByRole("button", { name: "محو", exact: true }).click();
  await expect(page.getByText("ضع علامة في المربع لتؤكد أنك متيقّن.")).toBeVisible();
  await page.getByRole("checkbox", { name: "نعم، امحوا كل شيء" }).check();
  await page.getByRole("button", { name: "محو", exact: true }).click();
  await expect(page.getByRole("heading", { name: "مُحي كل شيء." })).toBeVisible();
  await page.reload();
  await look(page, "mailbox-erased-arabic", { fullPage: true });
  await page.context().close();
});
