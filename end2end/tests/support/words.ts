// The product's own messages, so that a better wording breaks no test.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const LOCALES = join(import.meta.dirname, "../../../shared/locales");
const read = new Map<string, Map<string, string>>();

function messages(locale: string): Map<string, string> {
  let found = read.get(locale);
  if (!found) {
    const lines = readFileSync(join(LOCALES, `${locale}.ftl`), "utf8").split("\n");
    const pairs = lines.map((line) => /^([a-z][a-z0-9-]*) = (.+)$/.exec(line));
    found = new Map(pairs.filter((pair) => pair !== null).map((pair) => [pair[1]!, pair[2]!]));
    read.set(locale, found);
  }
  return found;
}

/** A message without plurals, with its arguments filled in. */
export function say(key: string, locale = "en", values: Record<string, string> = {}): string {
  const text = messages(locale).get(key);
  if (text === undefined) throw new Error(`${locale}.ftl has no one-line message ${key}`);
  return text.replace(/\{ *\$(\w+) *\}/g, (_, name: string) => values[name] ?? "");
}

/** A message as a pattern: each argument matches anything. */
export function like(key: string, locale = "en"): RegExp {
  const text = messages(locale).get(key);
  if (text === undefined) throw new Error(`${locale}.ftl has no one-line message ${key}`);
  const parts = text.split(/\{ *\$\w+ *\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join(".+"));
}

const ZEROS = ["0", "٠", "۰"].map((zero) => zero.codePointAt(0)!);

/** The number that a text shows, in Latin or Arabic digits. */
export function number(text: string): number {
  const digits = [...text].flatMap((sign) => {
    const point = sign.codePointAt(0)!;
    const zero = ZEROS.find((zero) => point >= zero && point <= zero + 9);
    return zero === undefined ? [] : [point - zero];
  });
  if (digits.length === 0) throw new Error(`no number in ${JSON.stringify(text)}`);
  return Number(digits.join(""));
}
