// Keys for programs: made with a role and an end, shown once, used, taken away.
import { randomUUID } from "node:crypto";
import { axe, expect, test } from "./support/fixtures.ts";
import { ask, DESK, owner } from "./support/organizer.ts";

const DAY = 24 * 60 * 60 * 1000;

interface Token {
  name: string;
  role: string;
  expires_at: string | null;
  used_at: string | null;
}

test("a token has a role and an end, is shown once, opens what it may, and nothing once it is revoked", async ({
  campaign,
  context,
  page,
}) => {
  const name = `Nightly export ${randomUUID().slice(0, 8)}`;
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await owner(page);
  await page.goto(`${DESK}/admin/team`);
  const form = page.locator("form").filter({ has: page.getByRole("button", { name: "Make a token" }) });
  const days = form.getByLabel("Days until it ends");
  const make = () => form.getByRole("button", { name: "Make a token" }).click();
  const row = page.getByRole("region", { name: "API tokens" }).getByRole("row").filter({ hasText: name });
  const kept = async () => {
    const all = JSON.parse((await ask(page, "tokens")).text) as Token[];
    return all.filter((token) => token.name === name);
  };
  let token = "";
  const asks = async (rest: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${DESK}/api/v1/admin/campaigns/${campaign.slug}/${rest}`, { headers })).status;
  };

  await test.step("an end that is none is refused beside its field", async () => {
    await form.getByLabel("Name").fill(name);
    await form.getByLabel("Role").selectOption("moderator");
    await days.fill("0");
    await make();
    await expect(days).toHaveAttribute("aria-invalid", "true");
    await expect(days).toHaveAccessibleDescription(/Empty for no end\. .+/);
    expect(await kept()).toEqual([]);
  });

  await test.step("it is shown this once", async () => {
    await days.fill("30");
    await make();
    const box = page.getByRole("dialog", { name: "The token" });
    token = await box.locator("code").innerText();
    await box.getByRole("button", { name: "Copy" }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(token);
    await axe(page, "dialog[open]");
    await page.keyboard.press("Escape");
    await expect(box).toBeHidden();
    await expect(row).toContainText("moderator");
    await expect(row).toContainText("never");
    expect(await page.content()).not.toContain(token);
    const [one] = await kept();
    expect(one).toMatchObject({ role: "moderator", used_at: null });
    expect(Math.round((Date.parse(one!.expires_at!) - Date.now()) / DAY)).toBe(30);
    const ends = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" }).format(Date.parse(one!.expires_at!));
    await expect(row).toContainText(ends);
  });

  await test.step("it opens what its role may, and the page says when it did", async () => {
    expect(await asks("supporters")).toBe(200);
    expect(await asks("webhooks"), "that is for owners").toBe(403);
    await page.reload();
    await expect(row).toBeVisible();
    await expect(row).not.toContainText("never");
    expect(await page.content()).not.toContain(token);
  });

  await test.step("a second one of the same name is refused beside its field", async () => {
    await form.getByLabel("Name").fill(name);
    await make();
    await expect(form.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
    expect(await kept()).toHaveLength(1);
  });

  await test.step("revoked, it opens nothing", async () => {
    await row.getByRole("button", { name: `Revoke: ${name}` }).click();
    const box = page.getByRole("dialog", { name: "Revoke" });
    await expect(box).toContainText("Programs that use it are refused, at once.");
    await axe(page, "dialog[open]");
    await box.getByRole("button", { name: "Cancel" }).click();
    expect(await asks("supporters")).toBe(200);
    await row.getByRole("button", { name: `Revoke: ${name}` }).click();
    await box.getByRole("button", { name: "Revoke" }).click();
    await expect(page.getByRole("status").getByText("The token is revoked.")).toBeVisible();
    await expect(row).toHaveCount(0);
    expect(await asks("supporters")).toBe(401);
  });
});

test("days that are no number of days never make a token without an end", async ({ page }) => {
  await owner(page);
  await page.goto(`${DESK}/admin/team`);
  const name = `Typo ${randomUUID().slice(0, 8)}`;
  const form = page.locator("form").filter({ has: page.getByRole("button", { name: "Make a token" }) });
  const days = form.getByLabel("Days until it ends");
  for (const typed of ["-5", "99999999999"]) {
    await form.getByLabel("Name").fill(`${name} ${typed}`);
    await days.fill(typed);
    await form.getByRole("button", { name: "Make a token" }).click();
    await expect(days, typed).toHaveAttribute("aria-invalid", "true");
  }
  expect((await ask(page, "tokens")).text).not.toContain(name);
});
