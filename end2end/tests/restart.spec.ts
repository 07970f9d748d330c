// A real server goes away and comes back while somebody looks.
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apply, sign } from "./support/campaign.ts";
import { expect, HOST, test, watchNumber } from "./support/fixtures.ts";
import { serve, stop } from "./support/server.ts";
import { Widget } from "./support/widget.ts";
import { number, say } from "./support/words.ts";
import { RESTART_PORT } from "./support/world.ts";

const OWN = `http://127.0.0.1:${RESTART_PORT}`;
const SLUG = "restarted";

test("fault_14 a server that restarts loses nothing, and pages find back to it", async ({ page }) => {
  const data = await mkdtemp(join(tmpdir(), "countersign-restart-"));
  let server: ChildProcess | undefined;
  try {
    await apply(SLUG, {}, data);
    server = await serve(OWN, data);
    const own = `${OWN}/api/v1/campaigns/${SLUG}`;
    for (let person = 0; person < 3; person += 1) await sign(SLUG, "KE", "Somebody Else", own);

    await page.route(`${HOST}/restart`, (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<!doctype html><html lang=en><title>Restart</title>
          <script type=module src="${OWN}/embed.js"></script>
          <pledge-widget campaign="${SLUG}"></pledge-widget></html>`,
      }),
    );
    await page.goto(`${HOST}/restart`);
    const widget = await new Widget(page.locator("pledge-widget")).ready();
    await widget.shows(3);
    await expect(widget.root.locator("[data-link=live]")).toBeVisible();
    const before = (await (await fetch(`${own}/totals`)).json()) as { epoch: number };
    await watchNumber(widget);

    const took = await stop(server);
    expect(took, "a graceful stop, with a stream open").toBeLessThan(10_000);
    await expect(widget.status).toContainText(say("status-lost"));
    await widget.fill();

    server = await serve(OWN, data);
    const after = (await (await fetch(`${own}/totals`)).json()) as { epoch: number; total: number };
    expect(after.epoch).toBeGreaterThan(before.epoch);
    expect(after.total).toBe(3);
    await expect(widget.root.locator("[data-link=live]")).toBeVisible({ timeout: 25_000 });
    await sign(SLUG, "FR", "Somebody Else", own);
    await widget.shows(4);

    // What was typed before is still there, and counts.
    await widget.submit();
    await widget.isSigned();
    await widget.shows(5);
    const numbers = (await page.evaluate(() => window.numbers)).map(({ text }) => number(text));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  } finally {
    if (server) await stop(server);
    await rm(data, { recursive: true, force: true });
  }
});
