// Every state: no barrier, nothing beyond a narrow window, every target large enough, and pictures
// to look at, in light, dark and from right to left.
import type { Page } from "@playwright/test";
import type { Campaign } from "./support/campaign.ts";
import { axe, axeButContrast, axeContrast, expect, fitsTheWindow, HOST, look, plain, test } from "./support/fixtures.ts";
import type { Stream } from "./support/stream.ts";
import { Widget } from "./support/widget.ts";
import { like, say } from "./support/words.ts";
import { DEMO, SERVER } from "./support/world.ts";

interface Scene {
  page: Page;
  widget: Widget;
  /** A campaign of this test alone, and its stream. */
  campaign: Campaign;
  stream: Stream;
}

interface State {
  name: string;
  /** A campaign of the demo, where the state needs no own one. */
  campaign?: string;
  attributes?: Record<string, string>;
  /** The way into the state. */
  enter?: (scene: Scene) => Promise<void>;
  /** Whether the campaign has texts in other languages. */
  english?: boolean;
}

const answer = (page: Page, status: number, body: object, headers: object = {}) =>
  page.route("**/pledges", (route) =>
    route.fulfill({
      status,
      headers: {
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "retry-after",
        ...headers,
      },
      json: body,
    }),
  );

const STATES: State[] = [
  { name: "ready", campaign: DEMO },
  { name: "counter", campaign: DEMO, attributes: { view: "counter" } },
  {
    name: "errors",
    campaign: DEMO,
    enter: async ({ widget }) => {
      await widget.email.fill("amina at example");
      await widget.button.click();
      await expect(widget.note(widget.name)).toHaveText(say("error-name-missing"));
    },
  },
  {
    name: "suggestion",
    campaign: DEMO,
    enter: async ({ widget }) => {
      await widget.name.fill("Amina Otieno");
      await widget.email.fill("amina@gmial.com");
      await widget.country.focus();
      await expect(
        widget.root.getByRole("button", { name: like("did-you-mean") }),
      ).toBeVisible();
    },
  },
  {
    name: "sending",
    campaign: DEMO,
    enter: async ({ page, widget }) => {
      await page.route("**/pledges", () => {}); // Never answered.
      await widget.fill();
      await widget.button.click();
      await expect(widget.button).toHaveText(say("sending"));
    },
  },
  {
    name: "signed",
    campaign: DEMO,
    enter: async ({ widget }) => {
      await widget.sign();
    },
  },
  {
    name: "offline",
    campaign: DEMO,
    enter: async ({ page, widget }) => {
      await widget.fill();
      await page.evaluate(() => {
        Object.defineProperty(navigator, "onLine", { configurable: true, get: () => false });
        window.dispatchEvent(new Event("offline"));
      });
      await page.route("**/pledges", (route) => route.abort("internetdisconnected"));
      await widget.button.click();
      await expect(widget.notice).toHaveText(say("notice-offline"));
    },
  },
  {
    name: "busy",
    campaign: DEMO,
    enter: async ({ page, widget }) => {
      await answer(page, 503, { code: "busy", status: 503 }, { "retry-after": "55" });
      await widget.fill();
      await widget.button.click();
      await expect(widget.notice).toHaveText(like("notice-retrying"));
    },
  },
  {
    name: "rate-limited",
    campaign: DEMO,
    enter: async ({ page, widget }) => {
      await answer(page, 429, { code: "rate_limited", status: 429 }, { "retry-after": "240" });
      await widget.fill();
      await widget.button.click();
      await expect(widget.notice).toHaveText(/4 minutes/);
    },
  },
  {
    name: "refused",
    campaign: DEMO,
    enter: async ({ page, widget }) => {
      await answer(page, 403, { code: "origin_not_allowed", status: 403 });
      await widget.fill();
      await widget.button.click();
      await expect(widget.notice).toHaveText(say("error-origin-not-allowed"));
    },
  },
  {
    name: "stream-lost",
    enter: async ({ campaign, page, stream, widget }) => {
      const { epoch } = await campaign.totals();
      stream.send({
        epoch,
        seq: 1_000,
        total: 341,
        goal: 500,
        countries: { KE: 200, IN: 100, FR: 41 },
      });
      await widget.shows(341);
      await page.route("**/totals", (route) => route.abort());
      stream.refuse(503);
      await expect(widget.status).toContainText(say("status-lost"));
    },
  },
  {
    name: "live",
    enter: async ({ campaign, stream, widget }) => {
      const { epoch } = await campaign.totals();
      const frame = { epoch, goal: 500, total: 340, countries: { KE: 200, IN: 140 } };
      stream.send({ ...frame, seq: 1_000 });
      await widget.shows(340);
      stream.send({ ...frame, seq: 1_001, total: 341, countries: { KE: 201, IN: 140 } });
      await expect(widget.status).toContainText("Kenya");
      await widget.shows(341);
    },
  },
  {
    name: "paused",
    campaign: DEMO,
    enter: async ({ widget }) => {
      await widget.pause.click();
      await expect(widget.resume).toBeVisible();
    },
  },
  {
    name: "privacy",
    campaign: DEMO,
    enter: async ({ widget }) => {
      await widget.privacy.click();
      await expect(widget.root.getByRole("link", { name: say("privacy-policy") })).toBeVisible();
    },
  },
  {
    name: "languages",
    campaign: DEMO,
    english: true,
    enter: async ({ widget }) => {
      await widget.languages.click();
      await expect(widget.root.getByRole("link", { name: "Français" })).toBeVisible();
    },
  },
  { name: "first", attributes: {} },
  { name: "closed", campaign: "closed-demo", english: true },
  { name: "closed-counter", campaign: "closed-demo", attributes: { view: "counter" }, english: true },
  { name: "soon", campaign: "soon-demo", english: true },
  { name: "soon-counter", campaign: "soon-demo", attributes: { view: "counter" }, english: true },
];

const LOOKS = [
  { name: "light", scheme: "light", lang: "en" },
  { name: "dark", scheme: "dark", lang: "en" },
  { name: "arabic", scheme: "light", lang: "ar" },
] as const;

/** WCAG 2.2, 2.5.8: targets of 24 px at least. Links inside a sentence may be smaller. */
async function targetsAreLargeEnough(widget: Widget) {
  const small = await widget.root.evaluate((root) =>
    [...root.querySelectorAll("button, input, select, textarea, summary, a")]
      .filter((element) => {
        const label = element.closest("label") ?? element;
        const box = label.getBoundingClientRect();
        const shown = box.width > 0 && !element.closest("[aria-hidden=true]");
        return shown && !element.closest("p") && (box.width < 24 || box.height < 24);
      })
      .map((element) => element.outerHTML.slice(0, 100)),
  );
  expect(small, "targets below 24 px").toEqual([]);
}

for (const state of STATES) {
  test(`${state.name}: no barrier, fits 360 px`, async ({
    campaign,
    page,
    stream,
  }) => {
    const slug = state.campaign ?? campaign.slug;
    await page.goto(plain(slug, { lang: "en", ...state.attributes }));
    const element = page.locator("pledge-widget");
    await expect
      .poll(() => page.evaluate(() => window.heard.map(({ type }) => type)))
      .toContain("pledge:ready");
    const widget = new Widget(element);
    await state.enter?.({ campaign, page, stream, widget });
    for (const as of LOOKS) {
      if (state.english && as.lang !== "en") continue;
      await page.emulateMedia({ colorScheme: as.scheme });
      await element.evaluate((element, lang) => element.setAttribute("lang", lang), as.lang);
      await expect(widget.root).toHaveAttribute("lang", as.lang);
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 900 });
        await fitsTheWindow(page);
        await targetsAreLargeEnough(widget);
        await look(element, `${state.name}-${as.name}-${width}`);
      }
      // Another scheme changes colours, and nothing else.
      if (as.scheme === "dark") await axeContrast(page, "pledge-widget");
      else await axe(page, "pledge-widget");
    }
  });
}

test("a barrier inside the shadow root would be found", async ({ campaign, embed, page }) => {
  const widget = await embed(campaign.slug);
  await widget.root.evaluate((root) => root.append(document.createElement("button")));
  await expect(axe(page, "pledge-widget")).rejects.toThrow(/button-name/);
});

test("a barrier inside the frame would be found", async ({ campaign, page }) => {
  await page.goto(`${HOST}/csp-no-wasm?campaign=${campaign.slug}`);
  const widget = await new Widget(page.frameLocator("pledge-widget iframe")).ready();
  await axe(page);
  await widget.root.evaluate((root) => root.append(document.createElement("button")));
  await expect(axe(page)).rejects.toThrow(/button-name/);
});

for (const [name, path] of [
  ["the campaign's page", `/c/${DEMO}`],
  ["the campaign's page in Arabic", `/c/${DEMO}?lang=ar`],
  ["a closed campaign's page", "/c/closed-demo"],
  ["the frame's page", `/embed/${DEMO}`],
  ["the home page", "/"],
  ["the page of a campaign that does not exist", "/c/no-such-campaign"],
] as const) {
  for (const scheme of ["light", "dark"] as const) {
    test(`${name} has no barrier in ${scheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(`${SERVER}${path}`, { waitUntil: "load" });
      await axe(page);
    });
  }
}

const DOCS = `${SERVER}/docs`;
const SOME_OF_DOCS = "main > :nth-child(-n + 12)";

test("the docs have no barrier", async ({ page }) => {
  await page.goto(DOCS, { waitUntil: "load" });
  await axeButContrast(page);
  await axeContrast(page, SOME_OF_DOCS);
});

// Another scheme changes colours, and nothing else.
test("the docs have no barrier in dark", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(DOCS, { waitUntil: "load" });
  await axeContrast(page, SOME_OF_DOCS);
});
