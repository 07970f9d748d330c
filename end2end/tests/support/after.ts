// Once, after all tests: the throw-away data goes.
import { rmSync } from "node:fs";
import { DATA } from "./world.ts";

export default function after() {
  rmSync(DATA, { recursive: true, force: true, maxRetries: 3 });
}
