// Packs what Trunk built, and the hand-written scripts and styles, into one folder for the server:
// minified, named by content, with a brotli file beside each. Usage: pack.mjs widget|dashboard FROM TO
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const [part, from, to] = process.argv.slice(2);
const { build, transform } = createRequire(join(process.cwd(), "app/embed/package.json"))("esbuild");
const browsers = ["chrome111", "firefox113", "safari16.4"];

// The wasm and its glue can carry different hashes, so the ending alone tells them.
const built = readdirSync(from);
const single = (ending) => {
  const found = built.filter((name) => name.endsWith(ending));
  if (found.length !== 1) {
    throw new Error(`one *${ending} was expected in ${from}, found: ${found.join(", ") || "none"}`);
  }
  return readFileSync(join(from, found[0]));
};

const script = async (name) => {
  const path = ["ts", "js", "mjs"]
    .flatMap((ending) => [`app/embed/${name}.${ending}`, `app/embed/src/${name}.${ending}`])
    .find(existsSync);
  if (!path) throw new Error(`app/embed has no ${name}.js`);
  const { outputFiles } = await build({
    entryPoints: [path], bundle: true, format: "esm", minify: true, target: browsers, write: false,
  });
  return Buffer.from(outputFiles[0].contents);
};

const style = async (...names) => {
  const text = names.map((name) => readFileSync(`style/${name}`, "utf8")).join("\n");
  return Buffer.from((await transform(text, { loader: "css", minify: true, target: browsers })).code);
};

// `widget.css` first, then its parts by name: `widget-form.css` and the like.
const widgetParts = readdirSync("style").filter((name) => /^widget-.*\.css$/.test(name)).sort();

const glue = async () => {
  const text = single(".js").toString("utf8");
  const options = { loader: "js", format: "esm", minify: true, target: browsers };
  return Buffer.from((await transform(text, options)).code);
};

const hashed = (stem, ending, content) => {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return [`${stem}-${hash}.${ending}`, content];
};

// The dashboard's own start, with the glue inside.
const dashboard = async () => {
  const glue = join(process.cwd(), from, built.find((name) => name.endsWith(".js")));
  const { outputFiles } = await build({
    entryPoints: ["app/dashboard/start.js"], bundle: true, format: "esm", minify: true,
    target: browsers, alias: { glue }, write: false,
  });
  return Buffer.from(outputFiles[0].contents);
};

// Like the widget's: `dashboard.css` first, then its parts by name.
const dashboardParts = readdirSync("style").filter((name) => /^dashboard-.*\.css$/.test(name)).sort();

const parts = {
  widget: async () => [
    hashed("widget", "wasm", single(".wasm")),
    hashed("widget", "js", await glue()),
    hashed("widget", "css", await style("tokens.css", "widget.css", ...widgetParts)),
    hashed("page", "css", await style("page.css")),
    hashed("page", "js", await script("page")),
    // Written into other people's pages, so its name stays.
    ["embed.js", await script("embed")],
  ],
  dashboard: async () => [
    hashed("dashboard", "wasm", single(".wasm")),
    hashed("dashboard", "js", await dashboard()),
    hashed("dashboard", "css", await style("dashboard.css", ...dashboardParts)),
    // Asked for by the one page that shows it.
    hashed("map", "json", readFileSync("data/map/world.json")),
  ],
};
const files = await parts[part]();

// What an earlier build of this part left; the other part stays.
const stem = (name) => name.replace(/-[0-9a-f]{12}\./, ".");
const mine = new Set(files.map(([name]) => stem(name)));
mkdirSync(to, { recursive: true });
for (const name of readdirSync(to)) {
  if (mine.has(stem(name.replace(/\.br$/, "")))) rmSync(join(to, name));
}
for (const [name, content] of files) {
  // Which blocks suit a file differs: the smaller of two.
  const ways = [{}, { [constants.BROTLI_PARAM_LGBLOCK]: 16, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_FONT }];
  const [packed] = ways
    .map((way) =>
      brotliCompressSync(content, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: 11,
          [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
          ...way,
        },
      }),
    )
    .sort((one, other) => one.length - other.length);
  writeFileSync(join(to, name), content);
  writeFileSync(join(to, `${name}.br`), packed);
  console.log(`${name}: ${content.length} bytes, ${packed.length} packed`);
}

// What the program takes in: every file of both parts, with its packed form and the name of its
// content.
const list = readdirSync(to)
  .filter((name) => /\.(js|css|json|wasm)$/.test(name))
  .sort()
  .map((name) => {
    const hash = createHash("sha256").update(readFileSync(join(to, name))).digest("hex").slice(0, 16);
    const packed = `Some(include_bytes!("${name}.br"))`;
    return `    Asset { name: "${name}", bytes: include_bytes!("${name}"), brotli: ${packed}, hash: "${hash}" },\n`;
  });
writeFileSync(join(to, "assets.rs"), `&[\n${list.join("")}]\n`);
