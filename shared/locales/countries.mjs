// Writes countries.tsv: `node shared/locales/countries.mjs`. Names and order come from the CLDR
// data inside Node (Intl.DisplayNames, Intl.Collator); look at the difference before you keep it.
import { readFileSync, writeFileSync } from "node:fs";

const here = (file) => new URL(file, import.meta.url);
const source = readFileSync(here("../src/country.rs"), "utf8");
const codes = source.match(/const CODES: &str = "([A-Z\\\s]+)"/)[1].replace(/[^A-Z]/g, "").match(/../g);
const lines = [
  "# Country names in each language, already in that language's order: language, code, name.",
  `# Made by countries.mjs from CLDR ${process.versions.cldr}, copyright Unicode, Inc.; Unicode License v3.`,
];
for (const locale of ["en", "fr", "ar"]) {
  const names = new Intl.DisplayNames(locale, { type: "region", fallback: "none" });
  const order = new Intl.Collator(locale);
  const rows = codes.map((code) => {
    const name = names.of(code);
    if (!name) throw new Error(`${locale} has no name for ${code}`);
    return { code, name };
  });
  rows.sort((a, b) => order.compare(a.name, b.name) || (a.code < b.code ? -1 : 1));
  for (const { code, name } of rows) lines.push(`${locale}\t${code}\t${name}`);
}
writeFileSync(here("countries.tsv"), lines.join("\n") + "\n");
