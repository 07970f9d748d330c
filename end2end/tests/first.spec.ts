// The first minute: `countersign demo` prints a link, and whoever opens it is in.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "./support/fixtures.ts";
import { accept } from "./support/organizer.ts";
import { stop } from "./support/server.ts";
import { Widget } from "./support/widget.ts";
import { BINARY, FIRST_PORT } from "./support/world.ts";

/** A demo with a few people, and what it has printed once it runs. */
async function demo(data: string): Promise<[ChildProcess, () => string]> {
  const server = spawn(
    BINARY,
    ["demo", "--port", `${FIRST_PORT}`, "--seed-people", "3", "--days", "0", "--no-people", "--data-dir", data],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  let printed = "";
  server.stdout!.setEncoding("utf8").on("data", (text: string) => (printed += text));
  await expect.poll(() => printed, { timeout: 30_000 }).toMatch(/Data {2,}\S+/);
  return [server, () => printed];
}

const line = (printed: string, name: string) => new RegExp(`${name} {2,}(\\S+)`).exec(printed)?.[1] ?? name;

test("the demo's link lets one in, once; started again it says who signs in", async ({ browser, page }) => {
  test.setTimeout(90_000);
  const data = await mkdtemp(join(tmpdir(), "countersign-first-"));
  let [server, printed] = await demo(data);
  try {
    const link = line(printed(), "Organizers");
    expect(link).toMatch(new RegExp(`^http://localhost:${FIRST_PORT}/admin/invitation/`));
    await accept(page, link, "Whoever Tries It");
    await expect(page).toHaveURL(/\/admin\/campaigns\/[\w-]+\/live$/);
    await expect(page.getByRole("link", { name: "Team" })).toBeVisible();
    await page.goto(`http://localhost:${FIRST_PORT}/admin/campaigns/equal-futures/live`);
    await expect(page.locator(".big").first()).toHaveText("3");

    // The other links of the first minute.
    for (const name of ["Campaign page", "Another site"]) {
      await page.goto(line(printed(), name));
      const scope = name === "Another site" ? page.locator("pledge-widget").first() : page;
      await expect(new Widget(scope).number).toHaveText("3");
    }
    const token = /Bearer (cs_\S+)'/.exec(printed())![1]!;
    const at = /(http:\S+\/pledges\.csv)/.exec(printed())![1]!;
    const csv = await fetch(at, { headers: { authorization: `Bearer ${token}` } });
    expect(csv.status).toBe(200);
    expect((await csv.text()).trimEnd().split("\r\n")).toHaveLength(4);

    const again = await browser.newPage();
    await again.goto(link);
    await expect(again.getByRole("heading", { name: "This invitation is over" })).toBeVisible();
    await again.close();

    await stop(server);
    [server, printed] = await demo(data);
    expect(printed()).toContain(`http://localhost:${FIRST_PORT}/admin  (as organizer@example.org)`);
    await page.goto(line(printed(), "Organizers"));
    await expect(page.getByRole("navigation", { name: "Main" }), "still signed in").toBeVisible();
  } finally {
    await stop(server);
    await rm(data, { recursive: true, force: true });
  }
});
