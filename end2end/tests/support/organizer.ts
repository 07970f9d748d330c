// Organizers, as the command line and the browser make them.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { expect, type BrowserContext, type Cookie, type Page } from "@playwright/test";
import { toml, type Wishes } from "./campaign.ts";
import { BINARY, DATA, PORT } from "./world.ts";

const run = promisify(execFile);

/** Passkeys need a host name. */
export const DESK = `http://localhost:${PORT}`;

/** An address of an organizer that nobody has used. */
export function organizer(): string {
  return `organizer.${randomUUID().slice(0, 13)}@example.org`;
}

/** Where somebody is invited to: the demo's first organization, where nothing is said. */
export interface Where {
  organization?: string;
  data?: string;
  desk?: string;
}

/** The one-time link that `countersign organizer invite` prints. */
export async function invite(email: string, role = "owner", where: Where = {}): Promise<string> {
  const { organization, data = DATA, desk = DESK } = where;
  const { stdout, stderr } = await run(BINARY, [
    "organizer", "invite", email, "--role", role, "--data-dir", data, "--public-url", desk,
    ...(organization ? ["--organization", organization] : []),
  ]);
  const link = /https?:\/\/\S+\/admin\/invitation\/\S+/.exec(stdout + stderr)?.[0];
  if (!link) throw new Error(`no link in: ${stdout}${stderr}`);
  return link;
}

/** A browser that has a device with a person in front of it. They agree while `there` says so. */
export async function device(
  context: BrowserContext,
  page: Page,
  transport: "internal" | "usb" = "internal",
): Promise<(there: boolean) => Promise<void>> {
  const session = await context.newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport,
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

/** The cookies and the address of the owner that `owner` signs in as: one a worker. */
let kept: { cookies: Cookie[]; email: string } | undefined;

/**
 * Signs in as an owner whom other tests share: whoever accepts invitations by the dozen is stopped, as others
 * are. For tests that change nothing about the account. Gives back the address.
 */
export async function owner(page: Page): Promise<string> {
  if (!kept) {
    const email = organizer();
    await accept(page, await invite(email), "Noor Haddad");
    kept = { cookies: await page.context().cookies(DESK), email };
    return email;
  }
  // A cookie with the prefix __Host- takes an address instead of a domain.
  const url = DESK.replace("http:", "https:");
  const cookies = kept.cookies.map(({ name, value, httpOnly, sameSite }) => ({
    name, value, httpOnly, sameSite, url, secure: true,
  }));
  await page.context().addCookies(cookies);
  return kept.email;
}

/** Goes to a page of the dashboard by its navigation. */
export async function go(page: Page, name: string): Promise<void> {
  const side = page.getByRole("navigation", { name: "Main" });
  await side.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("main").getByRole("heading", { name, level: 1 })).toBeAttached();
}

/** Signs in with a password. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto(`${DESK}/admin/sign-in`);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** An organization of one's own: for what concerns the whole team. */
export function organization(): string {
  return `Neighbours ${randomUUID().slice(0, 8)}`;
}

/** A request of the organizer who is signed in on this page. */
export async function ask(page: Page, path: string, method = "GET", body?: unknown) {
  return page.evaluate(
    async ([path, method, body]) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`/api/v1/admin/${path}`, body ? { method, body, headers } : { method });
      const text = await answer.text();
      return { status: answer.status, text };
    },
    [path, method, body === undefined ? "" : JSON.stringify(body)] as const,
  );
}

/** A live campaign of the organization that this page is signed in to. */
export async function campaignOf(page: Page, slug: string, wishes: Wishes = {}): Promise<void> {
  const read = await ask(page, "campaigns/import", "POST", { toml: toml(slug, wishes) });
  expect(read.status).toBe(200);
  const made = await ask(page, "campaigns", "POST", { settings: JSON.parse(read.text) as object });
  expect(made.status, made.text).toBe(201);
}
