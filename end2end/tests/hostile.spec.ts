// A page whose style sheet shouts.
import { expect, HOST, hostPage, look, plain, test } from "./support/fixtures.ts";
import { Widget } from "./support/widget.ts";

const WIDTH = 388;

/** Place, size and look of everything inside the widget, relative to the widget, line by line. */
async function looks(widget: Widget): Promise<string[]> {
  return widget.root.evaluate((root) => {
    const origin = root.getBoundingClientRect();
    const kinds = [
      "background-color",
      "border-top-color",
      "border-top-style",
      "border-top-width",
      "border-top-left-radius",
      "box-sizing",
      "color",
      "display",
      "direction",
      "font-family",
      "font-size",
      "font-weight",
      "letter-spacing",
      "line-height",
      "padding-left",
      "text-align",
      "text-shadow",
      "text-transform",
      "transform",
      "visibility",
    ];
    const all = [root, ...root.querySelectorAll("*:not(option)")];
    // What is not shown has no place.
    return all.filter((element) => element.getClientRects().length > 0).map((element) => {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      const round = (value: number) => Math.round(value * 2) / 2;
      const name = `${element.localName}.${element.className}`;
      const at = [box.x - origin.x, box.y - origin.y, box.width, box.height].map(round);
      return `${name} at ${at} ${kinds.map((kind) => style.getPropertyValue(kind)).join(" | ")}`;
    });
  });
}

for (const view of ["full", "counter"]) {
  test(`a hostile style sheet changes nothing in the ${view} view`, async ({ campaign, page }) => {
    await campaign.sign();
    await page.goto(plain(campaign.slug, { view }));
    const calm = await new Widget(page.locator("pledge-widget")).ready();
    await page.locator("main").evaluate((main, width) => (main.style.width = `${width}px`), WIDTH);
    const expected = await looks(calm);
    expect(expected.length).toBeGreaterThan(20);

    await hostPage(page, "/", campaign.slug);
    const shouted = await new Widget(page.locator(`#${view}`)).ready();
    const size = await page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
    expect(size, "the page is the hostile one").toBe("40px");
    await page.locator(`#${view}`).evaluate((element, width) => {
      element.parentElement!.style.setProperty("width", `${width}px`, "important");
    }, WIDTH);
    expect(await looks(shouted)).toEqual(expected);
  });
}

test("the hostile page in a picture", async ({ page }) => {
  await page.goto(`${HOST}/`);
  await new Widget(page.locator("#full")).ready();
  await look(page, "host-hostile-1280", { fullPage: true });
  await page.setViewportSize({ width: 360, height: 800 });
  await look(page, "host-hostile-360", { fullPage: true });
});
