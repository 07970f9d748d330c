// What every spec gets: pages of the host site, campaigns of one's own, and a watch for errors.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, type Request, test as base } from "@playwright/test";
import { join } from "node:path";
import { Campaign } from "./campaign.ts";
import { Stream } from "./stream.ts";
import { Widget } from "./widget.ts";
import { HOST } from "./world.ts";

export { expect, HOST };

interface Heard {
  type: string;
  detail: unknown;
  bubbles: boolean;
  composed: boolean;
  /** Milliseconds since 1970, comparable between pages. */
  at: number;
}

declare global {
  interface Window {
    heard: Heard[];
    numbers: { text: string; at: number }[];
  }
}

interface Tools {
  /** A campaign of this test alone. */
  campaign: Campaign;
  /** The campaign's stream, in the test's hands. */
  stream: Stream;
  /** Opens the clean host page with one widget and waits until it is ready. */
  embed: (campaign: string, attributes?: Record<string, string>) => Promise<Widget>;
  /** Errors of scripts that a test expects. */
  tolerated: RegExp[];
  watch: void;
}

/** Campaigns are made in advance, so many at a time. */
const IN_ADVANCE = 8;

export const test = base.extend<Tools, { unused: Campaign[] }>({
  unused: [async ({}, use) => use([]), { scope: "worker" }],

  campaign: async ({ unused }, use) => {
    if (unused.length === 0) unused.push(...(await Campaign.several(IN_ADVANCE)));
    await use(unused.pop()!);
  },

  stream: async ({ context, campaign }, use) => {
    const stream = await Stream.instead(context, campaign.slug);
    await use(stream);
    await stream.stop();
  },

  embed: async ({ page }, use) => {
    await use(async (campaign, attributes = {}) => {
      await page.goto(plain(campaign, attributes));
      const widget = new Widget(page.locator("pledge-widget"), attributes.lang ?? "en");
      return widget.ready();
    });
  },

  tolerated: async ({}, use) => use([]),

  // No script of ours may throw, whatever a test does.
  watch: [
    async ({ context, tolerated }, use) => {
      const errors: string[] = [];
      context.on("weberror", (error) => errors.push(String(error.error())));
      await context.addInitScript(() => {
        window.heard = [];
        window.numbers = [];
        for (const type of ["pledge:ready", "pledge:signed", "pledge:totals", "pledge:error"]) {
          window.addEventListener(type, (event) => {
            const { detail, bubbles, composed } = event as CustomEvent;
            const at = performance.timeOrigin + performance.now();
            window.heard.push({ type, detail, bubbles, composed, at });
          });
        }
      });
      await use();
      expect(errors.filter((error) => !tolerated.some((known) => known.test(error)))).toEqual([]);
    },
    { auto: true },
  ],
});

/** The address of the clean host page. */
export function plain(campaign: string, attributes: Record<string, string> = {}): string {
  return `${HOST}/plain?${new URLSearchParams({ campaign, ...attributes })}`;
}

/** The host site's page at a path, with another campaign in it. */
export async function hostPage(page: Page, path: string, campaign: string): Promise<void> {
  await page.route(`${HOST}${path}`, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll("equal-futures", campaign);
    await route.fulfill({ response, body });
  });
  await page.goto(`${HOST}${path}`);
}

/** Pledges on their way from this page, as they leave. */
export function pledges(page: Page): Request[] {
  const sent: Request[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/pledges")) sent.push(request);
  });
  return sent;
}

/** Writes down every number the widget shows from now on. */
export async function watchNumber(widget: Widget): Promise<void> {
  await widget.number.evaluate((element) => {
    const note = () => {
      const at = performance.timeOrigin + performance.now();
      window.numbers.push({ text: element.textContent ?? "", at });
    };
    note();
    new MutationObserver(note).observe(element, {
      characterData: true,
      childList: true,
      subtree: true,
    });
  });
}

/** Looks for barriers, also inside shadow roots and frames. */
export async function axe(page: Page, part?: string): Promise<void> {
  const builder = looking(page, part !== undefined);
  if (part) builder.include(part);
  await none(builder);
}

/** The legacy mode looks into shadow roots as well, only not into frames, and is twice as fast. */
function looking(page: Page, outsideOfFrames: boolean): AxeBuilder {
  const hasFrames = page.frames().length > 1;
  return new AxeBuilder({ page }).setLegacyMode(outsideOfFrames || !hasFrames);
}

/** Everything but contrast, which is dear on a long page whose parts are all alike. */
export async function axeButContrast(page: Page): Promise<void> {
  await none(looking(page, false).disableRules("color-contrast"));
}

/** Contrast, of a part of a page. */
export async function axeContrast(page: Page, part: string): Promise<void> {
  await none(looking(page, false).include(part).withRules("color-contrast"));
}

async function none(builder: AxeBuilder): Promise<void> {
  const { violations } = await builder.analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
  }));
  expect(found).toEqual([]);
}

/** Nothing lies to the side of the window. */
export async function fitsTheWindow(page: Page): Promise<void> {
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(over, "pixels beyond the side of the window").toBeLessThanOrEqual(0);
}

/** Where a picture with this name goes. */
function picture(name: string): string {
  return join(import.meta.dirname, "../../screenshots", `${name}.png`);
}

/** Whether pictures are taken for people to look at: they take a fifth of the time. */
const LOOK = Boolean(process.env.COUNTERSIGN_SCREENSHOTS);

/** A picture to look at after a change, not a test. */
export async function look(
  what: { screenshot: (options: { path: string; fullPage?: boolean }) => Promise<Buffer> },
  name: string,
  options: { fullPage?: boolean } = {},
): Promise<void> {
  if (LOOK) await what.screenshot({ path: picture(name), ...options });
}

/** Whether pictures for the documents are taken anew: of the demo with all of its people. */
export const PICTURES = Boolean(process.env.COUNTERSIGN_PICTURES);

/** A picture of a page of the dashboard, for the documents where it is one of theirs. */
export async function shot(page: Page, name: string, documented = true): Promise<void> {
  const documents = join(import.meta.dirname, "../../../docs/pictures", `${name}.png`);
  const path = PICTURES && documented ? documents : picture(`desk-${name}`);
  if (PICTURES || LOOK) await page.screenshot({ path, animations: "disabled" });
}
