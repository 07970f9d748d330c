// How far an export is: where the page takes the file, and where the browser saves it by itself.
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { axe, expect, test } from "./support/fixtures.ts";
import { accept, go, invite, organizer } from "./support/organizer.ts";
import { Slow } from "./support/slow.ts";

/** A file of 16 MB: more than connections take ahead of whoever reads. */
const MANY = 2500;
/** Of 15 bytes each: a message has 6 KB. */
const GRAPHEMES = 420;

interface Desk {
  page: Page;
  slow: Slow;
  bar: Locator;
  /** What is read out. */
  said: Locator;
}

const export_ = async ({ page }: Desk) =>
  page.getByRole("main").getByRole("button", { name: "Export", exact: true }).click();

/** The words beside the bar. */
const words = ({ bar }: Desk) => bar.locator("xpath=following-sibling::*");

async function open(page: Page, slug: string): Promise<Desk> {
  const slow = await Slow.open();
  const link = new URL(await invite(organizer()));
  await accept(page, slow.desk + link.pathname, "Noor Haddad");
  await page.goto(`${slow.desk}/admin/campaigns/${slug}/live`);
  const main = page.getByRole("main");
  const bar = main.getByRole("progressbar", { name: "Export" });
  return { page, slow, bar, said: main.locator("p[role=status]") };
}

/** Paper with long messages, no two alike. */
async function signMany(page: Page, slug: string): Promise<void> {
  const imported = await page.evaluate(
    async ([slug, many, graphemes]) => {
      const any = (of: string[]) => of[Math.floor(Math.random() * of.length)]!;
      const skins = ["🏻", "🏼", "🏽", "🏾", "🏿"];
      const works = ["🚀", "🎨", "🚒", "🔬", "🌾", "🍳", "🎓", "🏫"];
      const face = () => `${any(["👩", "👨", "🧑"])}${any(skins)}\u200d${any(works)}`;
      const message = () => Array.from({ length: graphemes }, face).join("");
      const rows = Array.from({ length: many }, (_, n) => `Person ${n},p${n}@example.org,KE,${message()}`);
      let good = 0;
      // In small files: a file is one transaction, and everybody else who signs waits for it.
      for (let first = 0; first < many; first += 250) {
        const answer = await fetch(`/api/v1/admin/campaigns/${slug}/imports`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({
            label: `A town hall, from row ${first}`,
            csv: ["name,email,country,message", ...rows.slice(first, first + 250)].join("\n"),
            mapping: { name: "name", email: "email", country: "country", message: "message" },
            dry_run: false,
          }),
        });
        if (!answer.ok) return `${answer.status}`;
        good += (await answer.json()).good;
      }
      return `${good}`;
    },
    [slug, MANY, GRAPHEMES] as const,
  );
  expect(imported).toBe(`${MANY}`);
}

/** The server says that the campaign is large: the browser then saves its files by itself. */
async function isLarge(page: Page, slug: string): Promise<void> {
  await page.route("**/api/v1/admin/campaigns", async (route) => {
    const response = await route.fetch();
    const list = (await response.json()) as { slug: string; total: number }[];
    const json = list.map((one) => (one.slug === slug ? { ...one, total: 1_000_000 } : one));
    await route.fulfill({ response, json });
  });
}

test("a small export shows how much of it has come, and all of it in the end", async ({ page, campaign }) => {
  for (let person = 0; person < 10; person += 1) await campaign.sign();
  const desk = await open(page, campaign.slug);
  const { slow, bar, said } = desk;
  await go(page, "Exports");
  await expect(bar).toHaveCount(0);
  // Head and a few rows.
  slow.let(500);
  await export_(desk);
  await expect(said).toHaveText("The export has begun.");
  await expect(words(desk)).toHaveText(/^[1-8] of 10 rows, .* MB, [1-8]0%$/);
  expect(Number(await bar.getAttribute("value"))).toBeLessThan(10);
  expect(await bar.getAttribute("max")).toBe("10");
  await axe(page);
  const coming = page.waitForEvent("download");
  slow.let(Infinity);
  const file = await readFile(await (await coming).path(), "utf8");
  expect(file.trimEnd().split("\r\n")).toHaveLength(1 + 10);
  await expect(said).toHaveText("The file is here: 10 rows.");
  await expect(words(desk)).toHaveText("10 rows, 100%");
  await expect(bar).toHaveAttribute("value", "10");

  await test.step("one that is stopped is not saved, and says so", async () => {
    slow.let(500);
    await export_(desk);
    await expect(words(desk)).toHaveText(/ of 10 rows/);
    await page.getByRole("button", { name: "Stop" }).click();
    await expect(said).toHaveText("Stopped. Nothing was saved.");
    await expect(bar).toHaveCount(0);
  });

  await test.step("where another server sends it, the page says that it cannot see, and sees once it can", async () => {
    slow.let(Infinity);
    await isLarge(page, campaign.slug);
    await page.reload();
    const looks = "**/api/v1/admin/campaigns/*/exports/*";
    await page.route(looks, (route) => route.fulfill({ status: 404, json: {} }));
    const saved = page.waitForEvent("download");
    await export_(desk);
    await saved;
    await expect(bar).toHaveCount(1);
    await expect(bar).not.toHaveAttribute("value");
    await expect(said).toHaveText(/^This page cannot see how far the export is/, { timeout: 30_000 });
    await expect(bar).toHaveCount(0);
    await page.unroute(looks);
    await expect(said).toHaveText(/^The whole file is sent: 10 rows\./);
  });
  await slow.close();
});

test("a file that the browser saves by itself has a bar that moves with what is sent", async ({
  page,
  campaign,
}) => {
  test.setTimeout(120_000);
  const desk = await open(page, campaign.slug);
  const { slow, bar, said } = desk;
  await signMany(page, campaign.slug);
  await isLarge(page, campaign.slug);
  await page.reload();
  await go(page, "Exports");
  const format = (kind: string) => page.getByLabel("Format").selectOption(kind);
  const number = async () => Number(await bar.getAttribute("value"));

  await test.step("it moves, and ends with every row", async () => {
    slow.let(1000);
    const coming = page.waitForEvent("download");
    await export_(desk);
    await expect(said).toHaveText(/^The export has begun\. Your browser saves the file/);
    const download = await coming;
    await expect(words(desk)).toHaveText(/^[12],000 of 2,500 rows, [48]0%$/);
    const before = await number();
    expect(await bar.getAttribute("max")).toBe(String(MANY));
    await axe(page);
    slow.let(12_000_000);
    await expect.poll(number).toBeGreaterThan(before);
    slow.let(Infinity);
    await expect(said).toHaveText(/^The whole file is sent: 2,500 rows\./);
    await expect(words(desk)).toHaveText("2,500 rows, 100%");
    const file = await readFile(await download.path(), "utf8");
    expect(file.trimEnd().split("\r\n")).toHaveLength(1 + MANY);
  });

  await test.step("so do the other formats", async () => {
    const people = page.getByLabel("With names, addresses and messages");
    for (const kind of ["ndjson", "xlsx"]) {
      await format(kind);
      // Packing 16 MB into a workbook takes minutes where nothing is optimised.
      await people.setChecked(kind !== "xlsx");
      const coming = page.waitForEvent("download");
      await export_(desk);
      await expect(said).toHaveText(/^The export has begun/);
      await expect(said).toHaveText(/^The whole file is sent: 2,500 rows\./, { timeout: 60_000 });
      expect(await (await coming).failure()).toBe(null);
    }
    await people.check();
  });

  await test.step("one that is cancelled in the browser says that it is not whole", async () => {
    await format("csv");
    slow.let(1000);
    const coming = page.waitForEvent("download");
    await export_(desk);
    const download = await coming;
    await expect(words(desk)).toHaveText(/^[12],000 of 2,500 rows/);
    await download.cancel();
    await expect(said).toHaveText(/^The export was cut off: .* Delete it and export again\.$/);
    await expect(words(desk)).toHaveText(/^[12],000 of 2,500 rows/);
    await axe(page);
  });

  await test.step("one that is refused says why, and what to do", async () => {
    await page.evaluate(async (slug) => {
      // The one that was cancelled may have its place for a moment yet.
      const one = async (): Promise<Response> => {
        const answer = await fetch(`/api/v1/admin/campaigns/${slug}/pledges.csv`);
        return answer.ok ? answer : one();
      };
      // Kept: a browser lets go of an answer that nobody holds.
      Object.assign(window, { kept: await Promise.all([one(), one()]) });
    }, campaign.slug);
    await export_(desk);
    await expect(said).toHaveText(/^The export failed\. You have two exports running\. Wait until one is done/);
    await expect(bar).toHaveCount(0);
  });
  await slow.close();
});
