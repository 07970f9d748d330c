// One's own account: another password, where one is signed in, out of everywhere, and a second passkey.
import type { Page } from "@playwright/test";
import { axe, expect, shot, test } from "./support/fixtures.ts";
import { accept, ask, DESK, device, invite, organizer, signIn } from "./support/organizer.ts";

const inside = (page: Page) => expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
const outside = (page: Page) => expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();

const OTHER = "Mozilla/5.0 (Another Browser)";

test("a new password ends other sessions, and signing out everywhere ends all", async ({ browser, page }) => {
  const email = organizer();
  const first = await accept(page, await invite(email), "Noor Haddad");
  const second = "and another quiet river";
  const other = await browser.newContext({ userAgent: OTHER });
  const desk = await other.newPage();
  await signIn(desk, email, first);
  await inside(desk);
  await page.goto(`${DESK}/admin/account`);
  const sessions = page.locator("section").filter({ has: page.getByRole("heading", { name: "Sessions" }) });
  const rows = sessions.locator("tbody").getByRole("row");

  await test.step("it is seen where one is signed in, and which session is this one", async () => {
    await expect(rows).toHaveCount(2);
    await expect(rows.filter({ hasText: "This one" })).toHaveCount(1);
    await expect(rows.filter({ hasText: OTHER })).not.toContainText("This one");
  });

  await test.step("a password is refused beside its field", async () => {
    const present = page.getByLabel("Present password");
    const next = page.getByLabel("Password", { exact: true });
    const change = page.getByRole("button", { name: "Change the password" });
    await present.fill("not the present one");
    await next.fill(second);
    await change.click();
    await expect(present).toHaveAttribute("aria-invalid", "true");
    await expect(present).toHaveAccessibleDescription(/is not the present password/);
    await axe(page);
    await present.fill(first);
    await next.fill("too short");
    await change.click();
    await expect(next).toHaveAttribute("aria-invalid", "true");
    await expect(present).not.toHaveAttribute("aria-invalid");
    await ask(desk, "session").then(({ status }) => expect(status).toBe(200));
    await next.fill(second);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("status").getByText("The password is changed.")).toBeVisible();
    await expect(present).toHaveValue("");
    await expect(next).toHaveValue("");
  });

  await test.step("the other browser is out, and comes in with the new password alone", async () => {
    expect((await ask(page, "session")).status).toBe(200);
    await desk.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Account" }).click();
    await outside(desk);
    await signIn(desk, email, first);
    await expect(desk.getByRole("alert").filter({ hasText: "Address and password do not go together" })).toBeVisible();
    await signIn(desk, email, second);
    await inside(desk);
    await page.reload();
    await expect(rows).toHaveCount(2);
  });

  await test.step("out everywhere, asked once before", async () => {
    const everywhere = sessions.getByRole("button", { name: "Sign out everywhere" });
    const box = page.getByRole("dialog", { name: "Sign out everywhere" });
    await everywhere.click();
    await expect(box).toContainText("This ends all sessions, this one too.");
    await axe(page, "dialog[open]");
    await page.keyboard.press("Escape");
    await expect(box).toBeHidden();
    await expect(everywhere).toBeFocused();
    expect((await ask(desk, "session")).status).toBe(200);
    await everywhere.click();
    await box.getByRole("button", { name: "Sign out everywhere" }).click();
    await outside(page);
    expect((await ask(page, "session")).status).toBe(401);
    expect((await ask(desk, "session")).status).toBe(401);
    await desk.reload();
    await outside(desk);
    await page.goBack();
    await outside(page);
  });
  await other.close();
});

test("a second passkey is added on another device, and the first is removed, but not the last way in", async ({
  context,
  page,
}) => {
  const person = await device(context, page);
  let key: typeof person;
  await page.goto(await invite(organizer()));
  await page.getByLabel("Your name").fill("Wanjiru Otieno");
  await page.getByRole("button", { name: "Accept with a passkey" }).click();
  await inside(page);
  await page.goto(`${DESK}/admin/account`);
  const card = page.locator("section").filter({ has: page.getByRole("heading", { name: "Passkeys" }) });
  const lines = card.getByRole("listitem");
  const remove = async (name: string) => {
    await card.getByRole("button", { name: `Remove the passkey ${name}` }).click();
    const asks = page.getByRole("dialog", { name: `Remove the passkey ${name}` });
    await asks.getByRole("button", { name: "Remove", exact: true }).click();
  };
  const add = async (name: string) => {
    await card.getByLabel("Name of the passkey").fill(name);
    await card.getByRole("button", { name: "Add a passkey" }).click();
  };
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText("Never used");

  await test.step("without a password the only passkey stays", async () => {
    await remove("My passkey");
    await expect(page.getByRole("alert").filter({ hasText: "nothing would let you in" })).toBeVisible();
    await page.getByRole("alert").getByRole("button", { name: "Close" }).click();
    await expect(lines).toHaveCount(1);
  });

  await test.step("a device that has one already gives no second", async () => {
    await add("The same device");
    await expect(page.getByText("The browser did not give a passkey.")).toBeVisible();
    await expect(lines).toHaveCount(1);
  });

  await test.step("a key beside it opens the same account", async () => {
    await person(false);
    key = await device(context, page, "usb");
    await add("The key in the drawer");
    await expect(page.getByRole("status").getByText("The passkey is added.")).toBeVisible();
    await expect(lines).toHaveCount(2);
    await shot(page, "passkeys", false);
    await axe(page);
    await remove("My passkey");
    await expect(page.getByRole("status").getByText("The passkey is removed.")).toBeVisible();
    await expect(lines).toHaveText([/The key in the drawer/]);
    await key(false);
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await outside(page);
    // The offer in the field of the address takes what is there when the page comes.
    await key(true);
    await page.reload();
    await inside(page);
    await page.goto(`${DESK}/admin/account`);
    await expect(lines).toContainText(/Used /);
  });

  await test.step("the removed one opens nothing", async () => {
    await key(false);
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await outside(page);
    await person(true);
    await page.reload();
    await expect(page.getByText("This passkey cannot be used here.")).toBeVisible();
    expect((await ask(page, "session")).status).toBe(401);
  });
});
