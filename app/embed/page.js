/**
 * Our own pages, /c/{slug} and /embed/{slug}: brings the painted widget to life, and, in a frame,
 * tells the page around it how high it is and what happens.
 */

import { again, type as typeInto, typed } from "./again.js";

const root = document.getElementById("countersign");
const state = JSON.parse(document.getElementById("countersign-state").textContent);
const { slug } = state.campaign;
// Under whichever of its names the server was asked for, it is asked again.
state.server = location.origin;
const painted = root.innerHTML;
const address = (name) => document.querySelector(`link[data-${name}]`)?.href;
const framed = parent !== window;

let { revision } = state.campaign.totals;
/** The campaign was changed, and this page shows it as it was. */
let stale = false;
let mounted;

/** Heights and public events are no secret: whoever may frame this page may know them. */
const tell = (message) => framed && parent.postMessage(message, "*");

const emit = (type, detail) => {
  if (type === "panic") {
    // The form works without script. Not at once: this is called from inside what is lost.
    setTimeout(() => (root.innerHTML = painted));
  } else if (type === "pledge:language") {
    Object.assign(document.documentElement, detail);
  } else {
    if (type === "pledge:totals" && detail.revision > revision && !stale) {
      stale = true;
      again(root, () => false, repaint);
    }
    root.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
    tell({ type: "countersign:event", slug, name: type, detail });
  }
};

const themeSheet = ({ light, dark, scheme }) => {
  const rule = (declarations) => `:root,.cs-root.cs-root{${declarations}}`;
  const made = new CSSStyleSheet();
  made.replaceSync(
    scheme === "auto"
      ? `${rule(`color-scheme:light dark;${light}`)}@media(prefers-color-scheme:dark){${rule(dark)}}`
      : rule(`color-scheme:${scheme};${scheme === "dark" ? dark : light}`),
  );
  return made;
};

/** Shows the campaign as it is now. Without an answer the page stays as it is. */
const repaint = async () => {
  const query = new URLSearchParams(location.search);
  query.set("lang", root.firstElementChild.lang);
  const answer = await fetch(`/api/v1/campaigns/${slug}/widget?${query}`, { credentials: "omit" }).catch(() => {});
  stale = false;
  if (!answer?.ok) return;
  const { html, state: fresh } = await answer.json();
  const kept = typed(root);
  glue.unmount(mounted);
  document.adoptedStyleSheets = [themeSheet(fresh.campaign.theme)];
  root.innerHTML = html;
  ({ revision } = fresh.campaign.totals);
  mounted = glue.mount(root, { ...fresh, server: location.origin, embed_token: state.embed_token }, { emit });
  typeInto(root, kept);
};

if (framed) {
  document.documentElement.dataset.framed = "";
  // WordPress gives its frames a secret to sign their messages with.
  const secret = /secret=([\w-]+)/.exec(location.hash)?.[1];
  new ResizeObserver(() => {
    const height = Math.ceil(root.getBoundingClientRect().height);
    tell({ type: "countersign:height", slug, height });
    if (secret) tell({ message: "height", value: height, secret });
  }).observe(root);
}

const glue = await import(address("glue"));
await glue.default({ module_or_path: address("wasm") });
mounted = glue.mount(root, state, { emit });
