// Another day of an organizer: people are corrected, decided about, taken out and put back, and a
// list from paper comes in that a spreadsheet saved in its own encoding.
import { randomUUID } from "node:crypto";
import { axe, expect, fitsTheWindow, test } from "./support/fixtures.ts";
import { DESK, go, owner } from "./support/organizer.ts";
import { api } from "./support/world.ts";

/** As many as raise an alarm. */
const ROBOTS = 100;

interface Person {
  name: string;
  email: string;
  /** The field that people do not see. */
  website?: string;
}

async function sign(slug: string, person: Person): Promise<void> {
  const answer = await fetch(`${api(slug)}/pledges`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ country: "KE", locale: "en", ...person }),
  });
  expect(answer.status).toBe(201);
}

test("another day: corrected, decided, an alarm followed, taken out, undone, imported", async ({
  campaign,
  page,
}) => {
  test.setTimeout(180_000);
  const { slug } = campaign;
  const mark = randomUUID().slice(0, 8);
  const path = `${DESK}/admin/campaigns/${slug}/supporters`;
  const total = async () => (await campaign.totals()).total;
  const ask = async (rest: string) =>
    await page.evaluate(async (at) => (await fetch(at)).json(), `/api/v1/admin/campaigns/${slug}/${rest}`);
  const row = (text: string) => page.getByRole("row").filter({ hasText: text });
  const details = async (name: string) => {
    await row(name).getByRole("button", { name: `Details: ${name}` }).click();
    return page.getByRole("dialog", { name: `Details of ${name}` });
  };
  const said = (text: string | RegExp) => page.getByRole("status").getByText(text);

  await sign(slug, { name: "Chloe Dupond", email: `chloe.${mark}@example.org` });
  for (const name of ["Held Back", "Kept Apart", "Waits Still", "Waits Too"]) {
    const email = `${name.replace(" ", ".")}.${mark}@example.org`.toLowerCase();
    await sign(slug, { name, email, website: "http://spam.example" });
  }
  const robots = Array.from({ length: ROBOTS }, (_, number) => number);
  const robot = (number: number) => {
    const email = `robot${number}.${mark}@robots.example`;
    return sign(slug, { name: `Robot ${number}`, email });
  };
  for (let from = 0; from < ROBOTS; from += 20) {
    await Promise.all(robots.slice(from, from + 20).map(robot));
  }
  await owner(page);

  await test.step("a correction is seen at once, and the next one starts from it", async () => {
    await page.goto(path);
    await page.getByLabel("Search").fill("dupond");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByRole("button", { name: /^Details: / })).toHaveCount(1);
    expect(page.url(), "nobody's name is in an address").toBe(path);
    const box = await details("Chloe Dupond");
    await box.getByRole("button", { name: "Correct" }).click();
    await expect(box.getByText("The e-mail address cannot be corrected")).toBeVisible();
    await box.getByLabel("Name", { exact: true }).fill("Chloé Dupont");
    await box.getByRole("button", { name: "Save" }).click();
    await expect(said("Corrected.")).toBeVisible();
    await expect(row("Chloe Dupond")).toHaveCount(0);
    const again = await details("Chloé Dupont");
    await again.getByRole("button", { name: "Correct" }).click();
    await expect(again.getByLabel("Name", { exact: true })).toHaveValue("Chloé Dupont");
    await again.getByLabel("Country").fill("fr");
    await again.getByRole("button", { name: "Save" }).click();
    await expect(row("Chloé Dupont")).toContainText("France");
    const [now] = (await ask(`supporters?country=FR`)).items;
    expect([now.name, now.country]).toEqual(["Chloé Dupont", "FR"]);
  });

  await test.step("those who wait for a decision are a click away, and are decided about", async () => {
    await go(page, "Live");
    await page.getByRole("link", { name: "Waiting for a decision" }).click();
    await expect(page).toHaveURL(`${path}?state=quarantined`);
    await expect(page.getByLabel("State", { exact: true })).toHaveValue("quarantined");
    await expect(page.getByRole("button", { name: /^Details: / })).toHaveCount(4);
    const before = (await total()) ?? 0;
    await (await details("Held Back")).getByRole("button", { name: "Count it" }).click();
    await expect(said(`The number is ${before + 1} now`)).toBeVisible();
    await expect(row("Held Back")).toContainText("Counted");
    const box = await details("Kept Apart");
    await box.getByRole("button", { name: "Refuse it" }).click();
    await box.getByRole("alertdialog").getByRole("button", { name: "Refuse it" }).click();
    await expect(row("Kept Apart")).toContainText("Refused");
    expect(await total()).toBe(before + 1);
    await expect(page.getByText("2 of those shown wait for a decision.")).toBeVisible();
    await page.getByRole("button", { name: "Count them all" }).click();
    const many = page.getByRole("dialog", { name: "Count them all" });
    await expect(many.getByText("2 are taken into the number.")).toBeVisible();
    await many.getByRole("button", { name: "Count them all" }).click();
    await expect(said(`2 are decided. The number is ${before + 3} now.`)).toBeVisible();
    await expect(row("Waits Too")).toContainText("Counted");
    expect(await total()).toBe(before + 3);
  });

  await test.step("on a phone each is a card, and no address is broken within a word", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await expect(row("Held Back")).toBeVisible();
    await fitsTheWindow(page);
    const lines = await row("Held Back").locator("td").first().evaluate((cell) => {
      const texts = [...cell.childNodes].filter((node) => node instanceof Text && node.data);
      return texts.map((text) => {
        const range = document.createRange();
        range.selectNodeContents(text);
        return [text.textContent, range.getClientRects().length];
      });
    });
    expect(lines).toEqual([[`held.back.${mark}`, 1], ["@example.org", 1]]);
    await axe(page);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  await test.step("an alarm leads to those it is about, and Back leads back", async () => {
    const kinds = async () => (await ask("alarms")).alarms.map((alarm: { kind: string }) => alarm.kind);
    await expect.poll(kinds, { timeout: 20_000 }).toContain("rise_domain");
    await go(page, "Live");
    const alarm = page.locator(".alarm").filter({ hasText: "robots.example" });
    await alarm.getByRole("link", { name: "Look at them" }).click();
    await expect(page).toHaveURL(`${path}?domain=robots.example`);
    await expect(page.getByLabel("Mail domain")).toHaveValue("robots.example");
    await expect(row("@robots.example")).toHaveCount(50);
    await expect(row("@example.org")).toHaveCount(0);
    await page.getByLabel("State", { exact: true }).selectOption("refused");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByText("Nobody fits")).toBeVisible();
    await page.getByLabel("Address range").fill("everywhere");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByLabel("Address range")).toHaveAttribute("aria-invalid", "true");
    await page.goBack();
    await page.goBack();
    await expect(page).toHaveURL(`${path}?domain=robots.example`);
    await expect(page.getByLabel("State", { exact: true })).toHaveValue("");
    await expect(row("@robots.example")).toHaveCount(50);
  });

  await test.step("what was counted is taken out, and nothing else; then it is undone", async () => {
    const before = (await total()) ?? 0;
    await page.getByRole("button", { name: "Invalidate many" }).click();
    const box = page.getByRole("dialog", { name: "Invalidate many" });
    const domain = box.getByLabel("Mail domain");
    await expect(domain, "what the list was about").toHaveValue("robots.example");
    await domain.fill("");
    await box.getByRole("button", { name: "Count first" }).click();
    const needs = box.getByRole("alert").filter({ hasText: "Give at least one filter." });
    await needs.getByRole("button", { name: "Close" }).click();
    await expect(needs, "within reach, though a box is open").toHaveCount(0);
    await box.getByLabel("Address range").fill("everywhere");
    await box.getByRole("button", { name: "Count first" }).click();
    await expect(box.getByLabel("Address range")).toHaveAttribute("aria-invalid", "true");
    await box.getByLabel("Address range").fill("");
    await domain.fill("robots.example");
    await box.getByRole("button", { name: "Count first" }).click();
    const take = box.getByRole("button", { name: `Take ${ROBOTS} out of the number` });
    await expect(take).toBeVisible({ timeout: 20_000 });
    await domain.fill("example.org");
    await expect(take, "a count of something else").toHaveCount(0);
    await domain.fill("robots.example");
    await box.getByRole("button", { name: "Count first" }).click();
    await expect(take).toBeVisible({ timeout: 20_000 });
    await take.click();
    const reason = box.getByLabel("Reason, for the audit log");
    await expect(reason).toHaveAttribute("aria-invalid", "true");
    expect(await total()).toBe(before);
    await reason.fill("A script");
    await take.click();
    await expect(box.getByText(`Taken out of the number: ${ROBOTS}.`)).toBeVisible({ timeout: 20_000 });
    expect(await total()).toBe(before - ROBOTS);
    await box.getByRole("button", { name: /^Undo: A script/ }).click();
    await page.getByRole("dialog", { name: "Undo" }).getByRole("button", { name: "Undo" }).click();
    await expect(box.getByText("They are counted again.")).toBeVisible({ timeout: 20_000 });
    expect(await total()).toBe(before);
    await box.getByRole("button", { name: "Close" }).first().click();
  });

  await test.step("a list that is not in UTF-8 comes in with its letters, and goes again", async () => {
    const before = (await total()) ?? 0;
    await go(page, "Offline");
    const csv = [
      "Personne;Adresse mail;Pays",
      `Zoé Lefèvre;zoe.${mark}@example.org;FR`,
      `Jürgen Groß;juergen.${mark}@example.org;DE`,
      "Sans adresse;;FR",
    ].join("\r\n");
    await page.getByLabel("CSV file").setInputFiles({
      name: "town-hall.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(csv, "latin1"),
    });
    await expect(page.getByText("The file is not in UTF-8")).toBeVisible();
    const line = page.locator("code").filter({ hasText: "Lefèvre" });
    await expect(line).toBeVisible();
    await page.getByLabel("Encoding of the file").selectOption("windows-1251");
    await expect(line).toHaveCount(0);
    await page.getByLabel("Encoding of the file").selectOption("windows-1252");
    await expect(line).toBeVisible();
    await expect(page.getByLabel("Label").first()).toHaveValue("town-hall");
    await expect(page.getByLabel("E-mail address")).toHaveValue("Adresse mail");
    const name = page.getByLabel("Name", { exact: true });
    await expect(name, "nothing was guessed, so nothing is shown").toHaveValue("");
    await axe(page);
    await page.getByRole("button", { name: "Try it, store nothing" }).click();
    await expect(name).toHaveAttribute("aria-invalid", "true");
    await name.selectOption("Personne");
    await page.getByRole("button", { name: "Try it, store nothing" }).click();
    await expect(page.getByText("2 of 3 rows are good; 2 are new")).toBeVisible();
    await expect(row("Adresse mail")).toContainText("4");
    expect(await total()).toBe(before);
    await page.getByRole("button", { name: "Import 2" }).click();
    await expect(said("2 were added.")).toBeVisible();
    expect(await total()).toBe(before + 2);
    const { items } = await ask("supporters?channel=import");
    const names = items.map((one: { name: string }) => one.name);
    expect(names.sort()).toEqual(["Jürgen Groß", "Zoé Lefèvre"]);
    await page.getByRole("button", { name: "Undo: town-hall" }).click();
    await page.getByRole("dialog", { name: "Undo" }).getByRole("button", { name: "Undo" }).click();
    await expect(said("The import is undone.")).toBeVisible();
    expect(await total()).toBe(before);
  });
});
