// Mends what wasm-opt before version 109 breaks: it writes every exported table as table 0, and the
// glue then puts objects into the table of functions. Debian's wasm-opt is 108.
// (https://github.com/WebAssembly/binaryen/issues/4711). A module that is right stays as it is.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const EXPORTED = "__wbindgen_externrefs";
const [TABLES, EXPORTS] = [4, 7];
const [EXTERNREF, KIND_TABLE] = [0x6f, 1];

const mend = (bytes) => {
  let at = 8;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  let objects = -1;
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = number() + at;
    if (section === TABLES) {
      const count = number();
      for (let index = 0; index < count; index++) {
        if (bytes[at++] === EXTERNREF) objects = index;
        const limited = bytes[at++] & 1;
        number();
        if (limited) number();
      }
    } else if (section === EXPORTS) {
      for (let left = number(); left > 0; left--) {
        const length = number();
        const name = bytes.toString("utf8", at, at + length);
        at += length;
        const kind = bytes[at++];
        if (kind === KIND_TABLE && name === EXPORTED && objects >= 0) bytes[at] = objects;
        number();
      }
    }
    at = end;
  }
};

const folder = process.env.TRUNK_STAGING_DIR ?? process.argv[2];
for (const name of readdirSync(folder).filter((name) => name.endsWith(".wasm"))) {
  const bytes = readFileSync(join(folder, name));
  mend(bytes);
  writeFileSync(join(folder, name), bytes);
}
