// Packs what Trunk built, and the hand-written scripts and styles, into one folder for the server:
// minified, named by content, with a brotli file beside each. Usage: pack.mjs FROM TO
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const [from, to] = process.argv.slice(2);
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

const files = [
  hashed("widget", "wasm", single(".wasm")),
  hashed("widget", "js", await glue()),
  hashed("widget", "css", await style("tokens.css", "widget.css", ...widgetParts)),
  hashed("page", "css", await style("page.css")),
  hashed("page", "js", await script("page")),
  // Written into other people's pages, so its name stays.
  ["embed.js", await script("embed")],
];

rmSync(to, { recursive: true, force: true });
mkdirSync(to, { recursive: true });
for (const [name, content] of files) {
  const packed = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  writeFileSync(join(to, name), content);
  writeFileSync(join(to, `${name}.br`), packed);
  console.log(`${name}: ${content.length} bytes, ${packed.length} packed`);
}
