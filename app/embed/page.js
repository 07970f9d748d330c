/**
 * Our own pages, /c/{slug} and /embed/{slug}: brings the painted widget to life, and, in a frame,
 * tells the page around it how high it is and what happens.
 */

const root = document.getElementById("countersign");
const state = JSON.parse(document.getElementById("countersign-state").textContent);
const { slug } = state.campaign;
// Under whichever of its names the server was asked for, it is asked again.
state.server = location.origin;
const painted = root.innerHTML;
const address = (name) => document.querySelector(`link[data-${name}]`)?.href;
const framed = parent !== window;

/** Heights and public events are no secret: whoever may frame this page may know them. */
const tell = (message) => framed && parent.postMessage(message, "*");

const emit = (type, detail) => {
  if (type === "panic") {
    // The form works without script. Not at once: this is called from inside what is lost.
    setTimeout(() => (root.innerHTML = painted));
  } else if (type === "pledge:language") {
    Object.assign(document.documentElement, detail);
  } else {
    root.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
    tell({ type: "countersign:event", slug, name: type, detail });
  }
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
glue.mount(root, state, { emit });
