// The widget as a person meets it: by labels and roles, through the open shadow root.
import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test";
import { address } from "./campaign.ts";
import { like, number, say } from "./words.ts";

type Scope = Page | Locator | FrameLocator;

/** The server takes whoever signs within a second of seeing the form for a robot. */
const NO_ROBOT = 1_100;

export class Widget {
  private seen = Date.now();

  constructor(
    readonly scope: Scope,
    readonly locale = "en",
  ) {}

  private say(key: string) {
    return say(key, this.locale);
  }

  get root() {
    return this.scope.locator('[part="root"]');
  }
  get heading() {
    return this.root.getByRole("heading", { level: 2 });
  }
  get form() {
    return this.scope.locator("form");
  }
  get name() {
    return this.root.getByLabel(this.say("field-name"), { exact: true });
  }
  get email() {
    return this.root.getByLabel(this.say("field-email"), { exact: true });
  }
  get country() {
    return this.root.getByLabel(this.say("field-country"), { exact: true });
  }
  get updates() {
    return this.root.getByRole("checkbox");
  }
  get button() {
    return this.form.locator('button[type="submit"]');
  }
  get pause() {
    return this.root.getByRole("button", { name: this.say("counter-pause") });
  }
  get resume() {
    return this.root.getByRole("button", { name: this.say("counter-resume") });
  }
  /** Parts are a promise to the page: their names do not change. */
  get number() {
    return this.root.locator('[part="number"]');
  }
  get status() {
    return this.root.locator('[part="status"]');
  }
  get notice() {
    return this.root.getByRole("alert");
  }
  get thanks() {
    return this.root.locator('[part="thanks"]');
  }
  get spoken() {
    return this.root.getByRole("status");
  }
  /** Opens the choice of languages. */
  get languages() {
    return this.root.locator('[part="language"] summary');
  }
  get privacy() {
    return this.root.getByText(this.say("privacy-title"));
  }

  /** Script runs, and the number can be paused: the campaign is open. */
  async ready(): Promise<this> {
    await expect(this.pause).toBeVisible({ timeout: 15_000 });
    // The form was painted, and stamped with its time, before this.
    this.seen = Date.now();
    return this;
  }

  /** Types what is asked for, and gives back the address. */
  async fill(name = "Amina Otieno", email = address(), country = "KE"): Promise<string> {
    await this.name.fill(name);
    await this.email.fill(email);
    await this.country.selectOption(country);
    return email;
  }

  /** Waits until the server no longer takes the visitor for a robot. */
  async asSlowAsAPerson(): Promise<void> {
    await expect.poll(() => Date.now() - this.seen, { intervals: [50] }).toBeGreaterThan(NO_ROBOT);
  }

  async submit(): Promise<void> {
    await this.asSlowAsAPerson();
    await this.button.click();
  }

  /** The whole way. Gives back the address. */
  async sign(name = "Amina Otieno", email = address(), country = "KE"): Promise<string> {
    await this.fill(name, email, country);
    await this.submit();
    await this.isSigned();
    return email;
  }

  async isSigned(): Promise<void> {
    await expect(this.thanks).toBeVisible();
    await expect(this.heading).toHaveText(like("signed-thanks", this.locale));
  }

  async shown(): Promise<number> {
    return number(await this.number.innerText());
  }

  async shows(total: number, timeout = 7_000): Promise<void> {
    await expect.poll(() => this.shown(), { timeout, intervals: [50] }).toBe(total);
  }

  /** The line below a field, through what the field says describes it. */
  note(field: Locator): Locator {
    return field.locator("xpath=ancestor::*[@part='field']").locator('[part="error"]');
  }
}
