// An organizer changes what a campaign asks, its goal, its dates and its stage, while somebody has the widget
// open on another site: that page is never loaded again, and follows.
import type { Page } from "@playwright/test";
import { axe, expect, plain, test } from "./support/fixtures.ts";
import { DESK, owner } from "./support/organizer.ts";
import { Widget } from "./support/widget.ts";
import { like, say } from "./support/words.ts";
import { api } from "./support/world.ts";

const save = async (page: Page) => {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Everything is saved")).toBeVisible();
};

/** The settings of a campaign, as an owner opens them. */
async function settings(page: Page, slug: string): Promise<void> {
  await owner(page);
  await page.goto(`${DESK}/admin/campaigns/${slug}/settings`);
  await expect(page.getByText("Everything is saved")).toBeVisible();
}

/** From here on: whether this is still the page that was loaded. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { stayed: true }));
const stayed = (page: Page) => page.evaluate(() => "stayed" in window);

test("what is asked and the goal: a page that is open follows, and nothing typed is lost", async ({
  campaign,
  context,
  embed,
  page,
}) => {
  const desk = await context.newPage();
  await settings(desk, campaign.slug);
  const widget = await embed(campaign.slug);
  await mark(page);
  await widget.name.fill("Amina Otieno");
  const kind = desk.getByLabel("Kind of goal");

  await test.step("fields come and go", async () => {
    await expect(widget.updates).toHaveCount(1);
    await desk.getByLabel("A personal message").check();
    await desk.getByLabel("Whether the name may be shown").check();
    await desk.getByLabel("Whether to send updates by e-mail").uncheck();
    await save(desk);
    await expect(widget.root.getByLabel(say("field-message"))).toBeVisible();
    await expect(widget.root.getByLabel(say("field-public-name"))).toBeVisible();
    await expect(widget.root.getByLabel(say("field-updates"))).toHaveCount(0);
    await expect(widget.name).toHaveValue("Amina Otieno");
  });

  await test.step("a fixed goal", async () => {
    const goal = desk.getByLabel("Goal", { exact: true });
    await expect(goal).toHaveValue("500");
    await goal.fill("800");
    await goal.blur();
    await save(desk);
    await expect(widget.root).toContainText("of 800 pledges");
    expect((await campaign.totals()).goal).toBe(800);
  });

  await test.step("steps that rise when most of one is there; steps that fall are refused", async () => {
    await kind.selectOption("steps");
    const steps = desk.getByLabel("Steps", { exact: true });
    await steps.fill("20, 10");
    await steps.blur();
    await desk.getByRole("button", { name: "Save", exact: true }).click();
    await expect(steps).toHaveAttribute("aria-invalid", "true");
    await expect(steps).toHaveAccessibleDescription(/\w/);
    await axe(desk, "main");
    await steps.fill("4, 20, 100");
    await steps.blur();
    await desk.getByLabel(/^The next step is shown/).fill("0.5");
    await desk.getByLabel(/^The next step is shown/).blur();
    await save(desk);
    await expect(widget.root).toContainText("of 4 pledges");
    await campaign.sign();
    await widget.shows(1);
    await expect(widget.root).toContainText("of 4 pledges");
    await campaign.sign("FR");
    await widget.shows(2);
    await expect(widget.root).toContainText("of 20 pledges");
  });

  await test.step("no goal: a number without a bar", async () => {
    await kind.selectOption("none");
    await save(desk);
    await expect(widget.root).toContainText(/2\s*pledges/);
    await expect(widget.root.locator('[part="bar"]')).toBeHidden();
    expect((await campaign.totals()).goal).toBeNull();
  });

  await test.step("the page is the same, and signs with what it asks now", async () => {
    expect(await stayed(page)).toBe(true);
    await widget.root.getByLabel(say("field-message")).fill("For my daughters.");
    await widget.sign("Amina Otieno");
    await widget.shows(3);
  });
});

test("opened, closed, opened again, a draft, archived: a page that is open says so each time", async ({
  campaign,
  context,
  embed,
  page,
}) => {
  test.setTimeout(90_000);
  const desk = await context.newPage();
  await settings(desk, campaign.slug);
  const widget = await embed(campaign.slug);
  await mark(page);
  const main = desk.getByRole("main");
  const stage = desk.locator(".where > .pill");
  const step = async (name: string, asks = true) => {
    await main.getByRole("button", { name, exact: true }).click();
    if (!asks) return;
    const box = desk.getByRole("dialog", { name, exact: true });
    await axe(desk, "dialog[open]");
    await box.getByRole("button", { name, exact: true }).click();
    await expect(box).toBeHidden();
  };
  const closed = widget.root.locator('[part="closed"]');

  await test.step("closed", async () => {
    await step("Close it now");
    await expect(stage).toHaveText("Closed");
    await expect(closed).toContainText(say("closed-title"));
    await expect(closed).toContainText(like("closed-at"));
    await expect(widget.button).toBeHidden();
  });

  await test.step("open again: who comes anew signs; the stream of a closed page has ended for good", async () => {
    await step("Open it again", false);
    await expect(stage).toHaveText("Live");
    const another = await context.newPage();
    await another.goto(plain(campaign.slug));
    const there = await new Widget(another.locator("pledge-widget")).ready();
    await there.sign();
    await there.shows(1);
    await another.close();
    await page.reload();
    await widget.ready();
    await mark(page);
  });

  await test.step("not before tomorrow", async () => {
    const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    const opens = desk.getByLabel("Opens");
    await opens.fill(`${tomorrow}T12:00`);
    await opens.blur();
    await save(desk);
    await expect(closed).toContainText(say("not-open-title"));
    await expect(stage).toHaveText("Not yet open");
    await opens.fill("");
    await opens.blur();
    await save(desk);
    await expect(stage).toHaveText("Live");
  });

  await test.step("closes before it opens: refused beside its field", async () => {
    await desk.getByLabel("Opens").fill("2027-06-01T12:00");
    await desk.getByLabel("Closes").fill("2027-05-01T12:00");
    await desk.getByLabel("Closes").blur();
    await desk.getByRole("button", { name: "Save", exact: true }).click();
    await expect(desk.getByLabel("Closes")).toHaveAttribute("aria-invalid", "true");
    await expect(desk.getByLabel("Closes")).toHaveAccessibleDescription(/before|after/);
    await desk.getByLabel("Opens").fill("");
    await desk.getByLabel("Closes").fill("");
    await desk.getByLabel("Closes").blur();
    await expect(desk.getByText("Everything is saved")).toBeVisible();
  });

  await test.step("a draft is nobody's business, and is live again", async () => {
    await step("Back to draft");
    await expect(stage).toHaveText("Draft");
    await expect.poll(async () => (await fetch(api(campaign.slug))).status).toBe(404);
    await step("Make it live", false);
    await expect.poll(async () => (await fetch(api(campaign.slug))).status).toBe(200);
  });

  await test.step("archived", async () => {
    await page.reload();
    await widget.ready();
    await step("Archive it");
    await expect(stage).toHaveText("Archived");
    await expect(closed).toContainText(say("closed-title"));
    expect((await fetch(api(campaign.slug))).status).toBe(200);
  });
});
