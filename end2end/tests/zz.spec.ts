import { AxeBuilder } from "@axe-core/playwright";
import { test, picture } from "./support/fixtures.ts";
test("dbg", async ({ page, campaign, embed }) => {
  test.setTimeout(120000);
  const t = async (name: string, f: () => Promise<unknown>) => { const a = Date.now(); await f(); console.log(name, Date.now() - a); };
  const w = await embed(campaign.slug);
  for (let i = 0; i < 2; i++) {
  await t("axe", () => new AxeBuilder({ page }).include("pledge-widget").analyze());
  await t("axe no option", () => new AxeBuilder({ page }).include("pledge-widget").exclude(["pledge-widget", "option"] as any).analyze());
  await t("axe no contrast", () => new AxeBuilder({ page }).include("pledge-widget").disableRules("color-contrast").analyze());
  await t("axe legacy", () => new AxeBuilder({ page }).setLegacyMode(true).include("pledge-widget").analyze());
  await t("shot", () => page.locator("pledge-widget").screenshot({ path: picture("zz") }));
  await t("one option", () => w.country.evaluate((s) => [...(s as HTMLSelectElement).options].slice(3).forEach((o) => o.remove())));
  }
});
