// Organizers, as the command line and the browser make them.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { expect, type BrowserContext, type Page } from "@playwright/test";
import { BINARY, DATA, PORT } from "./world.ts";

const run = promisify(execFile);

/** Passkeys need a host name. */
export const DESK = `http://localhost:${PORT}`;

/** An address of an organizer that nobody has used. */
export function organizer(): string {
  return `organizer.${randomUUID().slice(0, 13)}@example.org`;
}

/** The one-time link that `countersign organizer invite` prints. */
export async function invite(email: string, role = "owner"): Promise<string> {
  const { stdout, stderr } = await run(BINARY, [
    "organizer", "invite", email, "--role", role, "--data-dir", DATA, "--public-url", DESK,
  ]);
  const link = /https?:\/\/\S+\/admin\/invitation\/\S+/.exec(stdout + stderr)?.[0];
  if (!link) throw new Error(`no link in: ${stdout}${stderr}`);
  return link;
}

/** A browser that has a device with a person in front of it. They agree while `there` says so. */
export async function device(
  context: BrowserContext,
  page: Page,
): Promise<(there: boolean) => Promise<void>> {
  const session = await context.newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return async (enabled) => {
    await session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });
  };
}

/** Accepts an invitation with a password, and is in. */
export async function accept(page: Page, link: string, name: string): Promise<string> {
  const password = `a quiet river ${randomUUID().slice(0, 8)}`;
  await page.goto(link);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Accept with this password" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  return password;
}

/** Goes to a page of the dashboard by its navigation. */
export async function go(page: Page, name: string): Promise<void> {
  const side = page.getByRole("navigation", { name: "Main" });
  await side.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("main").getByRole("heading", { name, level: 1 })).toBeAttached();
}
