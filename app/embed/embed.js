/**
 * <pledge-widget>: a pledge on any page.
 *
 *   <script type="module" src="https://pledge.example.org/embed.js"></script>
 *   <pledge-widget campaign="example"></pledge-widget>
 *
 * Attributes, which are properties too:
 *   campaign  the campaign's slug; needed
 *   server    where the campaign lives; the origin this script came from, if left out
 *   lang      en, fr, ar …; if left out, that of the page around it, or else the reader's own
 *   theme     auto, light or dark; the campaign's choice, if left out
 *   view      full (counter and form) or counter
 * What stands inside the element shows only where nothing else can: a link makes a good fallback.
 *
 * Events, which bubble and cross shadow roots; the data is in `detail`:
 *   pledge:ready   {campaign}                     the widget works
 *   pledge:signed  {campaign, number, receipt}    a pledge was taken
 *   pledge:totals  the totals as the API gives them, each time they change
 *   pledge:error   {code}                         a pledge was refused, or the widget cannot load
 *
 * Custom properties: --pledge-accent, --pledge-accent-ink (on the button), --pledge-accent-text,
 * --pledge-accent-wash, --pledge-paper, --pledge-ink, --pledge-radius, --pledge-font.
 *
 * Parts: root, card, title, pledge, lead, counter, number, bar, status, pause, form, field, label,
 * input, error, suggestion, choice, notice, button, privacy, signed, thanks, share, again, closed,
 * countries, footer, language; loading before it is painted; frame and link where it falls back.
 *
 * It is shown inside the element, or, where the page's policy forbids that (WebAssembly, Trusted
 * Types), in a frame, or, where that is forbidden too, as a link. Never as an empty box.
 *
 * The page's policy: script-src SERVER 'wasm-unsafe-eval'; connect-src SERVER; or frame-src SERVER.
 */

import { again, type as typeInto, typed } from "./again.js";

const OWN = new URL(import.meta.url).origin;
const ATTRIBUTES = ["campaign", "server", "lang", "theme", "view"];
const EVENTS = ["pledge:ready", "pledge:signed", "pledge:totals", "pledge:error"];
/** Milliseconds a frame may take to say its height. */
const FRAME_PATIENCE = 8000;

/** What all widgets of the page share, whichever copy of this script defined them. */
const shared = (globalThis[Symbol.for("countersign")] ??= { glue: new Map(), css: new Map(), broken: false });

const once = (map, key, make) => map.get(key) ?? map.set(key, make()).get(key);

const HOST = `:host{all:initial!important;display:block!important}:host([hidden]){display:none!important}
iframe{display:block;border:0;inline-size:100%;block-size:560px}
[part=loading]{--bar:linear-gradient(#8b93a338 0 0)no-repeat 50%;--of:/calc(100% - 56px);block-size:800px;border-radius:14px;background:var(--bar) 32px var(--of) 60px,var(--bar) 108px var(--of) 10px,var(--bar) 160px var(--of) 22px,var(--bar) 198px var(--of) 64px,var(--bar) 300px var(--of) 46px,var(--bar) 384px var(--of) 46px,var(--bar) 468px var(--of) 46px,var(--bar) 600px var(--of) 52px,#8b93a31f}
[part=loading].counter{block-size:500px}
[part=link]{display:inline-block;padding:12px 22px;border:1px solid;border-radius:10px;font:600 16px/1.5 system-ui,sans-serif;color:LinkText}`;

/** The smallest module there is: a page that forbids WebAssembly throws here, before anything shows. */
const probe = () => new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));

const sheet = (text) => {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
};

const themeSheet = ({ light, dark }) =>
  sheet(`.cs-root.cs-root{${light}}.cs-root.cs-root[data-scheme=dark]{${dark}}
@media(prefers-color-scheme:dark){.cs-root.cs-root[data-scheme=auto]{${dark}}}`);

const get = async (url, signal) => {
  const response = await fetch(url, { signal, credentials: "omit" });
  if (!response.ok) throw Object.assign(new Error(url), { status: response.status });
  return response;
};

const loadGlue = (glue, wasm) =>
  once(shared.glue, glue, async () => {
    const module = await import(glue);
    await module.default({ module_or_path: wasm });
    return module;
  });

class PledgeWidget extends HTMLElement {
  static observedAttributes = ATTRIBUTES;

  /** What is under way or shown now: everything in it ends with its signal. */
  #run;

  connectedCallback() {
    if (!this.#run) this.#start();
  }

  disconnectedCallback() {
    this.#stop();
  }

  attributeChangedCallback(name, before, now) {
    const run = this.#run;
    if (!run || before === now) return;
    if (name === "theme" && run.id) this.#scheme(run);
    else if (name === "lang" && run.id && now) run.module.speak(run.id, now);
    else {
      this.#stop();
      this.#start();
    }
  }

  get #server() {
    return new URL(this.getAttribute("server") || OWN, document.baseURI).origin;
  }

  #path(before, after = "") {
    return `${this.#server}${before}${encodeURIComponent(this.campaign ?? "")}${after}`;
  }

  /** The address with the language and the view that are asked for. */
  #asked(before, after, chosen) {
    const query = new URLSearchParams();
    const lang = chosen ?? this.closest("[lang]:not([lang=''])")?.getAttribute("lang");
    if (lang) query.set("lang", lang);
    if (this.view) query.set("view", this.view);
    return `${this.#path(before, after)}?${query}`;
  }

  async #start() {
    if (!this.campaign) return;
    const control = new AbortController();
    const run = (this.#run = { control, signal: control.signal });
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    try {
      shadow.adoptedStyleSheets = [sheet(HOST)];
      // About as high as what comes, so that the page below does not jump.
      const wait = document.createElement("div");
      wait.part = "loading";
      wait.className = this.view ?? "full";
      shadow.replaceChildren(wait);
      if (shared.broken) throw new Error("broken");
      probe();
      await this.#paint(run, shadow);
    } catch (error) {
      if (run.signal.aborted) return;
      // No such campaign, or not on this site: a frame would be refused as well.
      if (error.status >= 400 && error.status < 500) this.#link(run, error.status);
      else this.#frame(run);
    }
  }

  async #paint(run, shadow) {
    const { signal } = run;
    const asked = this.#asked("/api/v1/campaigns/", "/widget", run.lang);
    const painted = await (await get(asked, signal)).json();
    const { html, state, css, glue, wasm } = painted;
    if (!css || !glue || !wasm) throw new Error("this server has no widget");
    const module = loadGlue(glue, wasm);
    module.catch(() => {}); // Awaited below; until then it may fail unheard.
    const style = await once(shared.css, css, async () => sheet(await (await get(css)).text()));
    if (signal.aborted) return;
    const root = document.createElement("div");
    root.innerHTML = html;
    run.root = root;
    run.scheme = state.campaign.theme.scheme;
    run.revision = state.campaign.totals.revision;
    const kept = run.before && typed(run.before.root);
    run.before?.control.abort();
    this.#scheme(run);
    shadow.adoptedStyleSheets = [sheet(HOST), style, themeSheet(state.campaign.theme)];
    shadow.replaceChildren(root);
    run.module = await module;
    if (signal.aborted) return;
    run.id = run.module.mount(root, state, { emit: (type, detail) => this.#emit(run, type, detail) });
    signal.addEventListener("abort", () => run.module.unmount(run.id));
    if (kept) typeInto(root, kept);
  }

  /** Somebody has changed the campaign: the new widget takes the place of the old one once it is there. */
  #repaint(before) {
    const control = new AbortController();
    const lang = before.root.firstElementChild.lang;
    const run = (this.#run = { control, signal: control.signal, before, lang });
    control.signal.addEventListener("abort", () => before.control.abort());
    this.#paint(run, this.shadowRoot).catch(() => {
      // The old one goes on, and asks again when it hears of the change again.
      if (this.#run !== run) return;
      if (before.signal.aborted) this.#frame(run);
      else Object.assign((this.#run = before), { stale: false });
    });
  }

  #scheme({ root, scheme }) {
    const asked = this.getAttribute("theme");
    root.firstElementChild.dataset.scheme = ["auto", "light", "dark"].includes(asked) ? asked : scheme;
  }

  #emit(run, type, detail) {
    if (run.signal.aborted) return;
    if (type === "panic") {
      // The instance all widgets share is lost. Not at once: this is called from inside of it.
      shared.broken = true;
      setTimeout(() => run.signal.aborted || this.#frame(run));
    } else if (EVENTS.includes(type)) {
      if (type === "pledge:totals" && detail.revision > run.revision && !run.stale) {
        run.stale = true;
        again(run.root, () => run.signal.aborted, () => this.#repaint(run));
      }
      this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
    }
  }

  #frame(run) {
    run.id = 0;
    const { signal } = run;
    const frame = document.createElement("iframe");
    frame.title = "Pledge";
    frame.allow = "clipboard-write; web-share";
    frame.part = "frame";
    frame.src = `${this.#asked("/embed/")}&theme=${encodeURIComponent(this.theme ?? "")}`;
    const timer = setTimeout(() => this.#link(run, "frame"), FRAME_PATIENCE);
    signal.addEventListener("abort", () => clearTimeout(timer));
    addEventListener(
      "message",
      ({ source, origin, data }) => {
        if (source !== frame.contentWindow || origin !== this.#server) return;
        if (data?.slug !== this.campaign) return;
        if (data.type === "countersign:height" && Number.isFinite(data.height)) {
          clearTimeout(timer);
          frame.style.blockSize = `${Math.min(5000, Math.max(100, Math.ceil(data.height)))}px`;
        } else if (data.type === "countersign:event") {
          this.#emit(run, data.name, data.detail);
        }
      },
      { signal },
    );
    document.addEventListener(
      "securitypolicyviolation",
      ({ effectiveDirective, blockedURI }) => {
        if (/^(frame|child)-src$/.test(effectiveDirective) && blockedURI.startsWith(this.#server)) {
          clearTimeout(timer);
          this.#link(run, "frame");
        }
      },
      { signal },
    );
    this.shadowRoot.replaceChildren(frame);
  }

  /** The last resort: what the page put inside the element, or a plain link. */
  #link(run, code) {
    if (run.signal.aborted) return;
    const empty = !this.textContent.trim() && !this.firstElementChild;
    const shown = document.createElement(empty ? "a" : "slot");
    if (empty) {
      shown.href = this.#path("/c/");
      shown.part = "link";
      shown.textContent = "Sign the pledge";
    }
    this.shadowRoot.replaceChildren(shown);
    this.#emit(run, "pledge:error", { code: String(code) });
  }

  #stop() {
    this.#run?.control.abort();
    this.#run = undefined;
    this.shadowRoot?.replaceChildren();
  }
}

for (const name of ATTRIBUTES) {
  Object.defineProperty(PledgeWidget.prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(name);
    },
    set(value) {
      if (value == null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
  });
}

if (!customElements.get("pledge-widget")) customElements.define("pledge-widget", PledgeWidget);
