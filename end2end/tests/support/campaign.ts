// A campaign for one test alone: its total is nobody else's, and neither are its limits.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "@playwright/test";
import { api, BINARY, DATA, HOST } from "./world.ts";

const run = promisify(execFile);

export interface Wishes {
  /** Top-level lines of TOML. */
  settings?: string;
  /** Lines of `[fields]`. */
  fields?: string;
}

export interface Totals {
  total: number | null;
  epoch: number;
  seq: number;
  goal: number | null;
  countries: Record<string, number>;
}

export function toml(slug: string, wishes: Wishes = {}): string {
  return `
slug = "${slug}"
default_locale = "en"
origins = ["${HOST}"]
controller = "Equal Futures (an invented organization)"
contact = "privacy@equal-futures.example"
retention_days = 180
rate_limit = "event"
${wishes.settings ?? ""}
[fields]
${wishes.fields ?? "updates = true"}
[goal]
fixed = 500
[theme]
accent = "#b3125f"
radius = 14
[texts.en]
title = "Equal Futures"
pledge = "I will speak up when I see someone treated unfairly."
lead = "A promise to yourself, made in public."
thanks = "Say it to one person today."
button = "Sign the pledge"
privacy = "We keep your name, e-mail and country for 180 days, then delete them. The count stays."
[texts.fr]
title = "Avenirs égaux"
pledge = "Je prendrai la parole quand je verrai quelqu’un traité injustement."
lead = "Une promesse à vous-même, faite en public."
thanks = "Dites-le à une personne aujourd’hui."
button = "Signer l’engagement"
privacy = "Nous conservons votre nom, votre adresse et votre pays pendant 180 jours."
[texts.ar]
title = "مستقبل متساوٍ"
pledge = "سأرفع صوتي عندما أرى أحدًا يُعامَل بظلم."
lead = "وعدٌ لنفسك، تقطعه أمام الجميع."
thanks = "قُلها لشخص واحد اليوم."
button = "وقّع التعهّد"
privacy = "نحتفظ باسمك وبريدك الإلكتروني وبلدك مدة 180 يومًا ثم نحذفها، ويبقى العدد."
`;
}

/** Applies a campaign as an organizer would. Gives back what the command printed. */
export async function apply(slug: string, wishes: Wishes = {}, data = DATA): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-campaign-"));
  const file = join(folder, "campaign.toml");
  await writeFile(file, toml(slug, wishes));
  const { stdout } = await run(BINARY, ["campaign", "apply", file, "--data-dir", data]);
  await rm(folder, { recursive: true });
  return stdout;
}

export class Campaign {
  private constructor(
    readonly slug: string,
    /** What `campaign apply` printed. */
    readonly printed: string,
  ) {}

  static async make(wishes: Wishes = {}): Promise<Campaign> {
    const [campaign] = await Campaign.several(1, wishes);
    return campaign!;
  }

  /** Several at once: the running server looks for new campaigns only once a second. */
  static async several(count: number, wishes: Wishes = {}): Promise<Campaign[]> {
    const made: Campaign[] = [];
    for (let number = 0; number < count; number += 1) {
      const slug = `t-${randomUUID().slice(0, 13)}`;
      made.push(new Campaign(slug, await apply(slug, wishes)));
    }
    const there = async () => (await fetch(api(made.at(-1)!.slug))).status;
    await expect.poll(there, { timeout: 10_000 }).toBe(200);
    return made;
  }

  async totals(): Promise<Totals> {
    return (await (await fetch(api(this.slug, "/totals"))).json()) as Totals;
  }

  /** Somebody signs elsewhere. */
  async sign(country = "KE", name = "Somebody Else"): Promise<void> {
    await sign(this.slug, country, name);
  }
}

/** Somebody signs through the API, as a script would: without an Origin. */
export async function sign(slug: string, country = "KE", name = "Somebody Else", at = api(slug)) {
  const answer = await fetch(`${at}/pledges`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, email: address(), country, locale: "en" }),
  });
  expect(answer.status).toBe(201);
}

/** An address that nobody has used. */
export function address(): string {
  return `person.${randomUUID().slice(0, 18)}@example.org`;
}
