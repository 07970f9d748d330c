// Once, before all tests: the demo has filled up, and the binary has the widget inside.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { api, BINARY, DEMO, SERVER } from "./world.ts";

const SEEDED = 200;
const PATIENCE = 60_000;

export default async function before() {
  const script = await fetch(`${SERVER}/embed.js`);
  if (!script.ok) {
    throw new Error(
      `${BINARY} has no widget inside (GET /embed.js answers ${script.status}).\n` +
        `Build the widget first, then the server: cargo xtask widget && cargo build -p countersign`,
    );
  }
  const began = Date.now();
  for (;;) {
    const answer = await fetch(api(DEMO, "/totals"));
    const total = answer.ok ? ((await answer.json()) as { total: number }).total : 0;
    if (total >= SEEDED) break;
    if (Date.now() - began > PATIENCE) throw new Error(`the demo stands at ${total} people`);
    await new Promise((again) => setTimeout(again, 100));
  }
  mkdirSync(join(import.meta.dirname, "../../screenshots"), { recursive: true });
}
