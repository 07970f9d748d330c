// Every box above the page while it is open: light and dark, wide and on a phone, by the keyboard; and what
// two organizers do who save the same settings. Boxes of webhooks, tokens, the team, accounts and stages are
// looked at where they are used.
import { randomUUID } from "node:crypto";
import { api } from "./support/world.ts";
import { expect, test } from "./support/fixtures.ts";
import { boxInBothLights } from "./support/lights.ts";
import { accept, ask, campaignOf, DESK, invite, organization, organizer, owner } from "./support/organizer.ts";

const MESSAGE = { message: "For my daughters, and for theirs." };
/** Robots fill in the field that people do not see, and wait for a decision. */
const ROBOT = { website: "http://spam.example" };

async function sign(slug: string, name: string, more: object = {}): Promise<void> {
  const email = `${name.replace(" ", ".").toLowerCase()}.${randomUUID().slice(0, 8)}@example.org`;
  const answer = await fetch(`${api(slug)}/pledges`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      name, email, country: "KE", locale: "en", source: { utm_source: "newsletter" }, ...more,
    }),
  });
  expect(answer.status).toBe(201);
}

test("supporters: details, correction, each question, many at once, an undo", async ({ page }) => {
  test.setTimeout(120_000);
  const slug = `boxes-${randomUUID().slice(0, 13)}`;
  await accept(page, await invite(organizer(), "owner", { organization: organization() }), "Noor Haddad");
  await campaignOf(page, slug, { fields: "message = true" });
  await sign(slug, "Chloe Dupont", MESSAGE);
  for (const name of ["Held Back", "Kept Apart"]) await sign(slug, name, { ...MESSAGE, ...ROBOT });
  await page.goto(`${DESK}/admin/campaigns/${slug}/supporters`);
  const open = (name: string) => page.getByRole("dialog", { name });

  await test.step("one person, by the keyboard: the focus goes in, stays in, and comes back", async () => {
    const details = page.getByRole("button", { name: "Details: Chloe Dupont" });
    await details.focus();
    await page.keyboard.press("Enter");
    const box = open("Details of Chloe Dupont");
    await expect(box).toBeVisible();
    await boxInBothLights(page, "details");
    const inside = () => page.evaluate(() => document.activeElement?.closest("dialog") !== null);
    expect(await inside()).toBe(true);
    // The browser's own bars take their turn; the page behind does not.
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => document.activeElement?.closest("dialog, main, nav")?.localName ?? "none");
      expect(["dialog", "none"]).toContain(at);
    }
    for (const verb of ["Withdraw", "Refuse it", "Erase"]) {
      await box.getByRole("button", { name: verb }).first().click();
      const question = box.getByRole("alertdialog", { name: verb });
      await expect(question).toBeVisible();
      if (verb === "Erase") await boxInBothLights(page, "erase");
      await question.getByRole("button", { name: "Cancel" }).click();
      await expect(question).toHaveCount(0);
    }
    await box.getByRole("button", { name: "Correct" }).click();
    await box.getByLabel("Country").fill("XX");
    await box.getByRole("button", { name: "Save" }).click();
    await expect(box.getByLabel("Country")).toHaveAttribute("aria-invalid", "true");
    await boxInBothLights(page, "correction");
    await page.keyboard.press("Escape");
    await expect(box).toBeHidden();
    await expect(details).toBeFocused();
  });

  await test.step("many who wait", async () => {
    for (const verb of ["Count them all", "Refuse them all"]) {
      await page.getByRole("button", { name: verb }).click();
      await expect(open(verb)).toContainText("2 ");
      await boxInBothLights(page, verb.toLowerCase().replaceAll(" ", "-"));
      await open(verb).getByRole("button", { name: "Cancel" }).click();
    }
  });

  await test.step("many taken out, and the undo", async () => {
    await page.getByRole("button", { name: "Invalidate many" }).click();
    const box = open("Invalidate many");
    await box.getByLabel("Mail domain").fill("example.org");
    await box.getByLabel("Reason, for the audit log").fill("Only to try it");
    await box.getByRole("button", { name: "Count first" }).click();
    const take = box.getByRole("button", { name: "Take 1 out of the number" });
    await expect(take).toBeVisible({ timeout: 20_000 });
    await boxInBothLights(page, "bulk");
    await take.click();
    await expect(box.getByText("Taken out of the number: 1.")).toBeVisible({ timeout: 20_000 });
    await box.getByRole("button", { name: /^Undo: Only to try it/ }).click();
    await expect(open("Undo")).toBeVisible();
    await boxInBothLights(page, "undo");
    await page.keyboard.press("Escape");
    await expect(open("Undo")).toBeHidden();
    await expect(box, "the box below is still there").toBeVisible();
  });
});

test("details are closed by a button: a phone has no Escape", async ({ campaign, page }) => {
  await sign(campaign.slug, "Chloe Dupont");
  await accept(page, await invite(organizer(), "analyst"), "An Analyst");
  await page.goto(`${DESK}/admin/campaigns/${campaign.slug}/supporters`);
  await page.getByRole("button", { name: /^Details: / }).click();
  const box = page.getByRole("dialog", { name: /^Details of / });
  await boxInBothLights(page, "details-analyst");
  await box.getByRole("button", { name: "Close" }).click();
  await expect(box).toBeHidden();
});

test("marks: added, changed, deleted when asked", async ({ campaign, page }) => {
  await owner(page);
  await page.goto(`${DESK}/admin/campaigns/${campaign.slug}/live`);
  const chart = page.getByRole("figure", { name: "Total and what moved it" });
  const kept = async () => (await ask(page, `campaigns/${campaign.slug}/marks`)).text;
  await chart.getByRole("button", { name: "Add a mark" }).click();
  const add = page.getByRole("dialog", { name: "Add a mark" });
  await expect(add).toBeVisible();
  await boxInBothLights(page, "mark");
  await add.getByLabel("What happened").fill("Radio");
  await page.keyboard.press("Enter");
  await expect(chart.getByRole("row", { name: /Radio/ })).toBeVisible();
  expect(await kept()).toContain("Radio");
  await chart.getByRole("button", { name: "Delete the mark Radio" }).click();
  const sure = page.getByRole("dialog").filter({ hasText: "The mark goes from the chart for everybody." });
  await expect(sure).toBeVisible();
  await boxInBothLights(page, "mark-delete");
  await sure.getByRole("button", { name: "Cancel" }).click();
  expect(await kept()).toContain("Radio");
  await chart.getByRole("button", { name: "Delete the mark Radio" }).click();
  await sure.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("status").getByText("The mark is deleted.")).toBeVisible();
  await expect(chart.getByRole("row", { name: /Radio/ })).toHaveCount(0);
  expect(await kept()).not.toContain("Radio");
});

test("two save the same settings: the second is asked, and nothing is lost unseen", async ({ campaign, context, page }) => {
  await owner(page);
  const other = await context.newPage();
  const settings = `${DESK}/admin/campaigns/${campaign.slug}/settings`;
  const title = async () => {
    const { text } = await ask(page, `campaigns/${campaign.slug}`);
    const { settings } = JSON.parse(text) as { settings: { texts: Record<string, { title: string }> } };
    return settings.texts.en!.title;
  };
  const write = async (who: typeof page, words: string) => {
    await who.getByLabel("Title").fill(words);
    await who.getByRole("button", { name: "Save", exact: true }).click();
  };
  const box = page.getByRole("dialog", { name: "Somebody else has saved this meanwhile" });
  for (const desk of [page, other]) {
    await desk.goto(settings);
    await expect(desk.getByLabel("Title")).toHaveValue("Equal Futures");
  }

  await write(other, "Theirs");
  await expect(other.getByText("Everything is saved")).toBeVisible();
  await page.bringToFront();
  await write(page, "Mine");
  await expect(box).toBeVisible();
  await boxInBothLights(page, "conflict");
  expect(await title()).toBe("Theirs");
  await box.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByLabel("Title")).toHaveValue("Mine");

  await page.getByLabel("Title").blur();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Live" }).click();
  const leave = page.getByRole("dialog", { name: "Leave without saving?" });
  await expect(leave).toBeVisible();
  await boxInBothLights(page, "leave");
  await leave.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("button", { name: "Save", exact: true }).click();
  await box.getByRole("button", { name: "Show theirs, drop mine" }).click();
  await expect(page.getByLabel("Title")).toHaveValue("Theirs");
  await expect(page.getByText("Everything is saved")).toBeVisible();

  await write(other, "Theirs again");
  await expect(other.getByText("Everything is saved")).toBeVisible();
  await page.bringToFront();
  await write(page, "Mine after all");
  await box.getByRole("button", { name: "Save mine over theirs" }).click();
  await expect(box).toBeHidden();
  await expect(page.getByText("Everything is saved")).toBeVisible();
  expect(await title()).toBe("Mine after all");
});
