// When one cannot sign: not yet, no more, not right now.
import { address, Campaign } from "./support/campaign.ts";
import { expect, plain, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";
import { say } from "./support/words.ts";
import { api, SERVER } from "./support/world.ts";

test("a closed campaign says so, and when", async ({ page }) => {
  await page.goto(plain("closed-demo"));
  const widget = new Widget(page.locator("pledge-widget"));
  await expect(widget.root).toContainText(say("closed-title"));
  await expect(widget.root).toContainText("1 March 2026");
  await expect(widget.status).toContainText(say("status-closed"));
  await expect(widget.form).toBeHidden();
  await expect(widget.pause, "nothing moves: nothing to pause").toBeHidden();
});

test("a campaign that is not open yet says so, and when", async ({ page }) => {
  await page.goto(plain("soon-demo"));
  const widget = new Widget(page.locator("pledge-widget"));
  await expect(widget.root).toContainText(say("not-open-title"));
  await expect(widget.root).toContainText("1 May 2046");
  await expect(widget.form).toBeHidden();
});

test("a closed campaign's page refuses what an old page sends, in words", async ({ page }) => {
  await page.goto(`${SERVER}/c/closed-demo`);
  await expect(new Widget(page).root).toContainText(say("closed-title"));
  const answer = await page.request.post(api("closed-demo", "/pledges"), {
    data: { name: "Amina", email: address(), country: "KE", locale: "en" },
  });
  expect(answer.ok()).toBe(false);
  expect(await answer.json()).toMatchObject({ code: "campaign_closed" });
});

test("fault_29 rate-limited: says when, keeps what was typed", async ({ embed }) => {
  const widget = await embed("strict-demo");
  // Somebody behind the same address uses up what there is. A place comes back each minute, so
  // that a refusal with a short wait may be over before the person has pressed the button.
  await expect
    .poll(
      async () => {
        const answer = await fetch(api("strict-demo", "/pledges"), {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ name: "A", email: address(), country: "KE", locale: "en" }),
        });
        return answer.status === 429 ? Number(answer.headers.get("retry-after")) : 0;
      },
      { timeout: 25_000, intervals: [20] },
    )
    .toBeGreaterThan(10);
  const email = await widget.fill();
  await widget.submit();
  await expect(widget.notice).toHaveText(/try again in (\d+ seconds|one minute)/);
  await expect(widget.email).toHaveValue(email);
  await expect(widget.button).toHaveAttribute("aria-disabled", "true");
});

test("fault_29 the wait counts down, and then one may sign", async ({ campaign, embed, page }) => {
  let refused = false;
  await page.route("**/pledges", (route) => {
    if (refused || route.request().method() !== "POST") return route.continue();
    refused = true;
    return route.fulfill({
      status: 429,
      headers: {
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "retry-after",
        "retry-after": "3",
      },
      json: { code: "rate_limited", status: 429, title: "", type: "about:blank", retry_after: 3 },
    });
  });
  const widget = await embed(campaign.slug);
  await widget.root.evaluate((root) => {
    const said: string[] = [];
    Object.assign(window, { said });
    const notice = root.querySelector('[part="notice"]')!;
    const note = () => said.push(notice.textContent ?? "");
    new MutationObserver(note).observe(notice, {
      characterData: true,
      childList: true,
      subtree: true,
    });
  });
  await widget.fill();
  await widget.submit();
  await expect(widget.notice).toHaveText(/try again in/);
  await expect(widget.button).toHaveAttribute("aria-disabled", "false");
  await expect(widget.notice).toBeHidden();
  const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
  const waits = said.map((text) => /in (\w+) second/.exec(text)?.[1]).filter(Boolean);
  expect(waits).toEqual(["3", "2", "one"]);
  await widget.submit();
  await widget.isSigned();
  await widget.shows(1);
});

test("a hidden count stays hidden until it is large enough", async ({ page }) => {
  const campaign = await Campaign.make({ settings: "hide_count_below = 3" });
  await campaign.sign();
  await page.goto(plain(campaign.slug));
  const widget = new Widget(page.locator("pledge-widget"));
  await expect(widget.status).toContainText(say("status-first"));
  await expect(widget.number).toBeHidden();
  await expect.poll(() => page.evaluate(() => window.heard.length)).toBeGreaterThan(0);
  await campaign.sign("FR");
  await campaign.sign("IN");
  await expect(widget.number).toBeVisible();
  await widget.shows(3);
});

test("fault_25 a filled trap gets the same friendly answer, and is not counted", async ({
  campaign,
  embed,
  page,
}) => {
  const widget = await embed(campaign.slug);
  const trap = widget.form.locator('[name="website"]');
  await expect(trap).not.toBeInViewport();
  await trap.evaluate((input: HTMLInputElement) => (input.value = "https://spam.example"));
  await widget.fill();
  await widget.submit();
  await widget.isSigned();
  expect((await campaign.totals()).total).toBe(0);
  expect(page.url()).toContain("/plain");
});
