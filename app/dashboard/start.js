// Starts the dashboard: the WebAssembly is on its way already, by the page's own link.
import init from "glue";

const wasm = document.querySelector("link[data-wasm]");

init({ module_or_path: wasm.href }).catch((error) => {
  const app = document.getElementById("app");
  app.textContent = app.dataset.failed;
  throw error;
});
