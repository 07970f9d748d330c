// Programs that hear what happens, as an owner adds, tries, changes and removes them. A server of its own:
// only one that was told so sends to this machine.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { apply, sign as signAt } from "./support/campaign.ts";
import { axe, expect, fitsTheWindow, shot, test } from "./support/fixtures.ts";
import { accept, DESK as DEMO_DESK, invite, organizer, owner } from "./support/organizer.ts";
import { isSignedBy, Receiver } from "./support/receiver.ts";
import { serve, stop } from "./support/server.ts";
import { HOOKS_PORT } from "./support/world.ts";

const DESK = `http://localhost:${HOOKS_PORT}`;
const SLUG = "told";
const HOOKS = `/api/v1/admin/campaigns/${SLUG}/webhooks`;

const sign = () => signAt(SLUG, "KE", "Somebody Else", `${DESK}/api/v1/campaigns/${SLUG}`);

/** What the API has to say of the webhooks, to the same organizer. */
const hooks = (page: Page) =>
  page.evaluate(async (at) => {
    const text = await (await fetch(at)).text();
    return { text, all: JSON.parse(text) as { url: string; enabled: boolean; pending: number }[] };
  }, HOOKS);

/** Takes the secret that is shown, by the button that copies it. */
async function secretOf(page: Page): Promise<string> {
  const box = page.getByRole("dialog", { name: "The webhook's secret" });
  const shown = await box.locator("code").innerText();
  expect(shown).toMatch(/^whsec_[\w+/=-]{30,}$/);
  await box.getByRole("button", { name: "Copy" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(shown);
  await axe(page, "dialog[open]");
  await box.getByRole("button", { name: "Close" }).first().click();
  await expect(box).toBeHidden();
  return shown;
}

test("webhooks: added, heard, sent again, a new secret, off and on, deleted", async ({ context, page }) => {
  test.setTimeout(120_000);
  const data = await mkdtemp(join(tmpdir(), "countersign-webhooks-"));
  await apply(SLUG, {}, data);
  const link = await invite(organizer(), "owner", { data, desk: DESK });
  const server = await serve(DESK, data, "--allow-local-webhooks", "true");
  const program = await Receiver.listen();
  const came = (path: string) => expect.poll(() => program.types(path), { timeout: 15_000 });
  const main = page.getByRole("main");
  const acts = (path: string) => page.getByRole("group", { name: program.url(path) });
  const card = (path: string) => main.locator("section").filter({ has: acts(path) });
  const question = (name: string) => page.getByRole("dialog", { name, exact: true });
  const sure = async (name: string) => {
    await axe(page, "dialog[open]");
    await question(name).getByRole("button", { name }).click();
    await expect(question(name)).toBeHidden();
  };
  try {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await accept(page, link, "Noor Haddad");
    await page.goto(`${DESK}/admin/campaigns/${SLUG}/webhooks`);
    const address = page.getByLabel("Address");
    const add = page.getByRole("button", { name: "Add a webhook" });
    let secret = "";

    await test.step("an address on the inside is refused beside its field, and so are no events", async () => {
      await expect(page.getByText("No webhook yet")).toBeVisible();
      for (const inside of ["http://169.254.169.254/latest", "https://10.0.0.1/hook", "ftp://example.org/"]) {
        await address.fill(inside);
        await add.click();
        await expect(address).toHaveAttribute("aria-invalid", "true");
        await expect(address).toHaveAccessibleDescription(/Give an https address that leads to a public server/);
        await expect(address, "what was typed stays").toHaveValue(inside);
      }
      await axe(page);
      await address.fill(program.url("/hook"));
      const events = page.getByRole("group", { name: "Events" }).getByRole("checkbox");
      for (const event of await events.all()) await event.uncheck();
      await add.click();
      const form = page.locator("form").filter({ has: add });
      await expect(form.getByRole("alert")).not.toBeEmpty();
      await expect(address).not.toHaveAttribute("aria-invalid");
      expect((await hooks(page)).all).toEqual([]);
      await events.first().check();
    });

    await test.step("its secret is shown once", async () => {
      await address.focus();
      await page.keyboard.press("Enter");
      secret = await secretOf(page);
      await expect(acts("/hook")).toBeVisible();
      await expect(card("/hook")).toContainText("Somebody signed");
      await expect(card("/hook")).not.toContainText("Somebody withdrew");
      await page.reload();
      await expect(acts("/hook")).toBeVisible();
      expect(await page.content()).not.toContain(secret);
      expect((await hooks(page)).text).not.toContain("whsec_");
    });

    await test.step("a signature is told at once, by that secret, and without the person", async () => {
      await sign();
      await came("/hook").toEqual(["pledge.signed"]);
      const [message] = program.messages;
      expect(isSignedBy(message!, secret)).toBe(true);
      expect(message!.body).not.toMatch(/Somebody|@example/);
      await expect.poll(async () => (await hooks(page)).all[0]?.pending).toBe(0);
      await page.reload();
      await expect(card("/hook")).toContainText(/0 waiting, 0 given up\. Last answer 204/);
    });

    await test.step("the list has what was sent, and sends it again under its id", async () => {
      await acts("/hook").getByRole("button", { name: "Deliveries" }).click();
      const box = page.getByRole("dialog", { name: `Deliveries to ${program.url("/hook")}` });
      const row = box.getByRole("row", { name: /Somebody signed/ });
      await expect(row).toContainText("Delivered, 204");
      await row.getByText("Body", { exact: true }).click();
      expect(await row.locator("pre").innerText()).toBe(program.messages[0]!.body);
      await shot(page, "deliveries", false);
      await axe(page, "dialog[open]");
      await page.setViewportSize({ width: 360, height: 740 });
      await fitsTheWindow(page);
      await shot(page, "deliveries-phone", false);
      await page.setViewportSize({ width: 1280, height: 900 });
      await row.getByRole("button", { name: /^Send again/ }).click();
      await expect(page.getByRole("status").getByText("It is on its way again.")).toBeVisible();
      await came("/hook").toEqual(["pledge.signed", "pledge.signed"]);
      expect(program.messages[1]!.id).toBe(program.messages[0]!.id);
      await page.keyboard.press("Escape");
      await expect(box).toBeHidden();
    });

    await test.step("whoever answers with an error is asked again, and the list says so", async () => {
      program.status = 500;
      await acts("/hook").getByRole("button", { name: "Send a test" }).click();
      await came("/hook").toEqual(["pledge.signed", "pledge.signed", "webhook.test"]);
      await expect.poll(async () => (await hooks(page)).text).toContain('"last_status":500');
      await expect(card("/hook"), "without a reload").toContainText("Last answer 500");
      await expect(acts("/hook").getByRole("button", { name: "Send a test" })).toBeFocused();
      await acts("/hook").getByRole("button", { name: "Deliveries" }).click();
      const row = page.getByRole("dialog").getByRole("row").nth(1);
      await expect(row).toContainText(/Waiting, again .+, 500/);
      program.status = 204;
      await row.getByRole("button", { name: /^Send again/ }).click();
      await expect.poll(async () => (await hooks(page)).all[0]?.pending, { timeout: 15_000 }).toBe(0);
      expect(new Set(program.messages.slice(2).map(({ id }) => id)).size).toBe(1);
      await page.getByRole("dialog").getByRole("button", { name: "Close" }).first().click();
      program.messages.length = 0;
    });

    await test.step("a new secret signs beside the old one, and a third would end the first at once", async () => {
      const rotate = acts("/hook").getByRole("button", { name: "New secret" });
      await rotate.click();
      await expect(question("New secret")).toContainText("The old one signs beside it for a day.");
      await question("New secret").getByRole("button", { name: "Cancel" }).click();
      await rotate.click();
      await sure("New secret");
      const newer = await secretOf(page);
      expect(newer).not.toBe(secret);
      await sign();
      await came("/hook").toEqual(["pledge.signed"]);
      for (const one of [secret, newer]) expect(isSignedBy(program.messages[0]!, one)).toBe(true);
      await rotate.click();
      await expect(question("New secret")).toContainText("The secret before the present one still signs, until");
      await question("New secret").getByRole("button", { name: "Cancel" }).click();
    });

    await test.step("switched off it hears nothing; switched on it hears what comes then", async () => {
      program.messages.length = 0;
      await acts("/hook").getByRole("button", { name: "Switch off" }).click();
      await expect(card("/hook").locator(".pill")).toHaveText("Off");
      await sign();
      await acts("/hook").getByRole("button", { name: "Switch on" }).click();
      await expect(card("/hook").locator(".pill")).toHaveText("On");
      expect((await hooks(page)).all[0]?.enabled).toBe(true);
      await sign();
      await came("/hook").toEqual(["pledge.signed"]);
      expect(program.messages[0]!.body).toContain('"number":4');
    });

    await test.step("the one that is deleted is gone, the other hears on", async () => {
      await address.fill(program.url("/other"));
      await add.click();
      await secretOf(page);
      await expect(acts("/other")).toBeVisible();
      program.messages.length = 0;
      await acts("/hook").getByRole("button", { name: "Delete" }).click();
      await expect(question("Delete")).toContainText("The webhook and what waits for it are deleted.");
      await sure("Delete");
      await expect(acts("/hook")).toHaveCount(0);
      expect((await hooks(page)).all.map(({ url }) => url)).toEqual([program.url("/other")]);
      await sign();
      await came("/other").toContain("pledge.signed");
      expect(program.types("/hook")).toEqual([]);
    });
  } finally {
    await program.stop();
    await stop(server);
    await rm(data, { recursive: true, force: true });
  }
});

test("a test is listed as a test", async ({ campaign, page }) => {
  await owner(page);
  await page.goto(`${DEMO_DESK}/admin/campaigns/${campaign.slug}/webhooks`);
  // Nobody answers there, and nobody has to.
  await page.getByLabel("Address").fill("https://receiver.invalid/hook");
  await page.getByRole("button", { name: "Add a webhook" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).first().click();
  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByRole("button", { name: "Deliveries" }).click();
  await expect(page.getByRole("dialog").getByRole("rowheader")).toHaveText([/^A test, /]);
});
