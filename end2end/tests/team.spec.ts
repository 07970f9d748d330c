// The team of an organization: invited, another role, a new way in, stepping down, removed. Two people at
// two browsers: what one does, the other sees.
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { axe, expect, fitsTheWindow, test } from "./support/fixtures.ts";
import { accept, ask, campaignOf, DESK, go, invite, organization, organizer, signIn } from "./support/organizer.ts";

/** The lines of the navigation. */
const lines = (page: Page) => page.getByRole("navigation", { name: "Main" }).getByRole("listitem").allInnerTexts();

test("a team: the last owner stays, a role changes at once, a new way in, stepping down, removed", async ({
  browser,
  page,
}) => {
  test.setTimeout(120_000);
  const [hers, theirs] = [organizer(), organizer()];
  const slug = `team-${randomUUID().slice(0, 13)}`;
  const [noor, sam] = ["Noor Haddad", "Sam Okafor"];
  await accept(page, await invite(hers, "owner", { organization: organization() }), noor);
  await campaignOf(page, slug);
  await page.goto(`${DESK}/admin/team`);
  const member = (email: string) =>
    page.getByRole("region", { name: "Members" }).getByRole("row").filter({ hasText: email });
  const role = (who: string) => page.getByLabel(`Role of ${who}`);
  const question = (name: string) => page.getByRole("dialog", { name, exact: true });
  const alarm = page.getByRole("alert").filter({ hasText: "Somebody must remain the owner" });
  const form = page.locator("form").filter({ has: page.getByRole("button", { name: "Invite", exact: true }) });
  /** Invites with the form, and gives back the path of the link. */
  const invited = async (email: string, role: string) => {
    await form.getByLabel("E-mail address").fill(email);
    await form.getByLabel("Role").selectOption(role);
    await form.getByRole("button", { name: "Invite", exact: true }).click();
    return linkOf(email);
  };
  const linkOf = async (email: string) => {
    const box = page.getByRole("dialog").filter({ hasText: `Send it to ${email}` });
    const link = await box.locator("code").innerText();
    await axe(page, "dialog[open]");
    await box.getByRole("button", { name: "Close" }).first().click();
    await expect(box).toBeHidden();
    return DESK + new URL(link).pathname;
  };
  const other = await browser.newContext();
  const desk = await other.newPage();

  await test.step("the last owner neither steps down nor goes", async () => {
    await role(noor).selectOption("editor");
    await expect(alarm).toBeVisible();
    await alarm.getByRole("button", { name: "Close" }).click();
    await member(hers).getByRole("button", { name: `Remove: ${noor}` }).click();
    await expect(question("Remove")).toContainText(`${noor} loses all access, at once.`);
    await question("Remove").getByRole("button", { name: "Remove" }).click();
    await expect(alarm).toBeVisible();
    expect((await ask(page, "team")).status).toBe(200);
    await alarm.getByRole("button", { name: "Close" }).click();
  });

  await test.step("an invitation that is taken back opens nothing; another one does", async () => {
    const first = await invited(theirs, "analyst");
    const open = page.getByRole("region", { name: "Open invitations" }).getByRole("row", { name: theirs });
    await expect(open).toContainText("analyst");
    await open.getByRole("button", { name: `Take back: ${theirs}` }).click();
    await expect(page.getByText("No open invitation.")).toBeVisible();
    await desk.goto(first);
    await expect(desk.getByRole("heading", { name: "This invitation is over" })).toBeVisible();
    const second = await invited(theirs, "moderator");
    await accept(desk, second, sam);
    await page.reload();
    await expect(role(sam)).toHaveValue("moderator");
    await expect(page.getByText("No open invitation.")).toBeVisible();
    await form.getByLabel("E-mail address").fill(theirs);
    await form.getByRole("button", { name: "Invite", exact: true }).click();
    await expect(form.getByLabel("E-mail address")).toHaveAttribute("aria-invalid", "true");
    await expect(form.getByLabel("E-mail address")).toHaveAccessibleDescription(/belongs to the team already/);
  });

  await test.step("another role holds at once, on the page that is open and on the next", async () => {
    await expect(desk).toHaveURL(`${DESK}/admin/campaigns/${slug}/live`);
    expect(await lines(desk)).toEqual(["Live", "Supporters", "Offline", "Embed & share", "Exports", "Account"]);
    await go(desk, "Supporters");
    await role(sam).selectOption("analyst");
    await expect(page.getByRole("status").getByText("The role is changed, at once.")).toBeVisible();
    await desk.getByRole("button", { name: "Invalidate many" }).click();
    const many = desk.getByRole("dialog", { name: "Invalidate many" });
    await many.getByLabel("Mail domain").fill("robots.example");
    await many.getByRole("button", { name: "Count first" }).click();
    await expect(many.getByRole("alert").filter({ hasText: /role may not/ })).toBeVisible();
    await desk.reload();
    await expect.poll(() => lines(desk)).toEqual(["Live", "Supporters", "Offline", "Embed & share", "Exports", "Account"]);
    await expect(desk.getByText("Nobody has signed yet")).toBeVisible();
    await expect(desk.getByRole("button", { name: "Invalidate many" })).toHaveCount(0);
    await role(sam).selectOption("editor");
    await expect.poll(async () => (await ask(desk, `campaigns/${slug}/bulk`)).status).toBe(200);
    await desk.reload();
    await expect.poll(() => lines(desk)).toEqual([
      "Live", "Supporters", "Offline", "Embed & share", "Exports",
      "Campaign settings", "Privacy & retention", "Account",
    ]);
    await desk.goto(`${DESK}/admin/team`);
    await expect(desk.getByText("Your role may not see this").first()).toBeVisible();
  });

  await test.step("whoever lost their way in gets another, and is out everywhere until then", async () => {
    await member(theirs).getByRole("button", { name: `New way in: ${theirs}` }).click();
    await axe(page, "dialog[open]");
    await question("New way in").getByRole("button", { name: "New way in" }).click();
    const link = await linkOf(theirs);
    await desk.goto(`${DESK}/admin/campaigns/${slug}/supporters`);
    await expect(desk.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await desk.goto(link);
    await expect(desk.getByRole("heading", { name: "A new way in" })).toBeVisible();
    await desk.getByLabel("Password", { exact: true }).fill("another quiet river");
    await desk.getByRole("button", { name: "Accept with this password" }).click();
    await expect(desk.getByRole("navigation", { name: "Main" })).toBeVisible();
  });

  await test.step("with another owner the first may step down, and sees it on the next page", async () => {
    await role(sam).selectOption("owner");
    await expect.poll(async () => (await ask(desk, "team")).status).toBe(200);
    await role(noor).selectOption("moderator");
    await expect.poll(async () => (await ask(page, "team")).status).toBe(403);
    await page.reload();
    await expect(page.getByText("Your role may not see this").first()).toBeVisible();
    await expect.poll(() => lines(page)).not.toContain("Team");
  });

  await test.step("who is removed is signed out at once and does not come in again", async () => {
    await desk.goto(`${DESK}/admin/team`);
    await desk.getByRole("button", { name: `Remove: ${noor}` }).click();
    const sure = desk.getByRole("dialog", { name: "Remove", exact: true });
    await axe(desk, "dialog[open]");
    await desk.setViewportSize({ width: 360, height: 740 });
    await fitsTheWindow(desk);
    await sure.getByRole("button", { name: "Remove" }).click();
    await expect(desk.getByRole("status").getByText("Removed.")).toBeVisible();
    await expect(desk.getByRole("button", { name: `Remove: ${noor}` })).toHaveCount(0);
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Supporters" }).click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await signIn(page, hers, "whatever it was");
    await expect(page.getByRole("alert").filter({ hasText: "Address and password do not go together" })).toBeVisible();
  });
  await other.close();
});

test("a role that is refused is shown as the role that it still is", async ({ page }) => {
  await accept(page, await invite(organizer(), "owner", { organization: organization() }), "Noor Haddad");
  await page.goto(`${DESK}/admin/team`);
  const role = page.getByLabel("Role of Noor Haddad");
  await role.selectOption("editor");
  await expect(page.getByRole("alert").filter({ hasText: "Somebody must remain the owner" })).toBeVisible();
  await expect(role).toHaveValue("owner");
});
