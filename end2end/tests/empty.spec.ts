// Where there is nothing yet, nothing any more, or nothing for this role: said in words, with a way on, and
// without a barrier.
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { inBothLights } from "./support/lights.ts";
import { accept, campaignOf, DESK, invite, organization, organizer, owner } from "./support/organizer.ts";

/** A page of the dashboard says this, and has a heading that names the browser's tab. */
async function says(page: Page, path: string, text: string | RegExp, name: string): Promise<void> {
  await page.goto(`${DESK}/admin${path && "/"}${path}`);
  const main = page.getByRole("main");
  await expect(main.getByText(text).first()).toBeVisible();
  const heading = await main.getByRole("heading", { level: 1 }).first().textContent();
  expect(heading).not.toBe("");
  await expect(page).toHaveTitle(`${heading} · Countersign`);
  await inBothLights(page, `empty-${name}`);
}

test("no campaign yet: whoever may make one is led to it, others are told who does", async ({ browser, page }) => {
  const own = organization();
  await accept(page, await invite(organizer(), "owner", { organization: own }), "Noor Haddad");
  await says(page, "", "No campaign yet", "home");
  await page.getByRole("main").getByRole("link", { name: "New campaign" }).click();
  await expect(page.getByRole("heading", { name: "New campaign" })).toBeVisible();
  await says(page, "team", "No open invitation.", "team");
  await expect(page.getByText("No token yet.")).toBeVisible();

  const other = await browser.newContext();
  const desk = await other.newPage();
  await accept(desk, await invite(organizer(), "analyst", { organization: own }), "An Analyst");
  await says(desk, "", "An owner or editor of your organization has to make one.", "home-analyst");
  await expect(desk.getByRole("main").getByRole("link", { name: "New campaign" })).toHaveCount(0);
  await other.close();
});

test("a campaign that nobody has signed: each page says what to do next", async ({ page }) => {
  test.setTimeout(90_000);
  const slug = `empty-${randomUUID().slice(0, 13)}`;
  await accept(page, await invite(organizer(), "owner", { organization: organization() }), "Noor Haddad");
  await campaignOf(page, slug);
  const at = `campaigns/${slug}`;
  await says(page, `${at}/live`, /^No source can be shown yet/, "live");
  await expect(page.getByRole("img", { name: "No country can be shown yet." })).toBeVisible();
  await says(page, `${at}/live?range=today`, "Nobody signed in this time.", "live-today");
  await says(page, `${at}/supporters`, "Nobody has signed yet", "supporters");
  await says(page, `${at}/supporters?state=refused`, "Nobody fits", "no-hits");
  await says(page, `${at}/offline`, "No labelled count yet.", "offline");
  await expect(page.getByText("Nothing was imported yet.")).toBeVisible();
  await says(page, `${at}/webhooks`, "No webhook yet", "webhooks");
  await page.goto(`${DESK}/admin/${at}/supporters`);
  await page.getByRole("button", { name: "Invalidate many" }).click();
  await expect(page.getByRole("dialog").getByText("Nothing was invalidated yet.")).toBeVisible();
});

test("an address that leads nowhere says so, and leads on", async ({ page }) => {
  test.setTimeout(90_000);
  await owner(page);
  await says(page, "nowhere", "There is nothing here", "lost");
  await page.getByRole("link", { name: "Go to your campaigns" }).click();
  await expect(page.getByRole("heading", { name: "Live", level: 1 })).toBeAttached();
  // A campaign that is not there, or not this organization's.
  for (const tab of ["live", "supporters", "offline", "embed", "exports", "settings", "privacy", "webhooks"]) {
    await page.goto(`${DESK}/admin/campaigns/not-there/${tab}`);
    await expect(page.getByText(/There is no such campaign/).first(), tab).toBeVisible();
  }
  await inBothLights(page, "empty-no-such-campaign");
});

test("the first page may be asked for with a slash at its end", async ({ page }) => {
  await page.goto(`${DESK}/admin/`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a big screen of no campaign says so, and nothing else", async ({ page }) => {
  await page.goto(`${DESK}/admin/screen/not-there`);
  await expect(page.getByText(/There is no such campaign/)).toBeVisible();
  await inBothLights(page, "empty-no-such-screen");
  await expect(page.locator(".join, .count").filter({ visible: true })).toHaveCount(0);
});

test("what a role may not see is said, with who can change that", async ({ campaign, page }) => {
  await accept(page, await invite(organizer(), "analyst"), "An Analyst");
  for (const path of ["team", `campaigns/${campaign.slug}/webhooks`]) {
    await says(page, path, "Your role may not see this", `forbidden-${path.split("/").at(-1)}`);
    await expect(page.getByText("An owner of your organization can give you another role, in Team.").first()).toBeVisible();
  }
});

test("what a role may not save or read is neither a form nor a page that loads for ever", async ({ campaign, page }) => {
  await accept(page, await invite(organizer(), "moderator"), "A Moderator");
  for (const path of ["new", "audit", `campaigns/${campaign.slug}/settings`, `campaigns/${campaign.slug}/privacy`]) {
    await says(page, path, "Your role may not see this", `forbidden-${path.split("/").at(-1)}`);
    await expect(page.getByRole("main").getByRole("textbox")).toHaveCount(0);
  }
});

test("a part whose server gives no answer says so, and asks again when told", async ({ campaign, page }) => {
  await owner(page);
  await page.route("**/webhooks", (route) =>
    route.request().resourceType() === "document" ? route.continue() : route.fulfill({ status: 503, body: "" }),
  );
  await page.goto(`${DESK}/admin/campaigns/${campaign.slug}/webhooks`);
  const failed = page.getByRole("main").getByRole("alert").filter({ hasText: /\w/ });
  await expect(failed).toBeVisible();
  await inBothLights(page, "empty-no-answer");
  await page.unroute("**/webhooks");
  await failed.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("No webhook yet")).toBeVisible();
});
