// A server of a test's own: for what the demo does not do, and for what would disturb other tests.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "@playwright/test";
import { BINARY } from "./world.ts";

/** Starts one at this address, and waits until it takes pledges. */
export async function serve(url: string, data: string, ...flags: string[]): Promise<ChildProcess> {
  const { port } = new URL(url);
  const server = spawn(
    BINARY,
    ["serve", "--listen", `127.0.0.1:${port}`, "--data-dir", data, "--public-url", url, ...flags],
    { stdio: "ignore" },
  );
  const up = () => fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.ok, () => false);
  await expect.poll(up, { timeout: 15_000 }).toBe(true);
  return server;
}

/** Asks it to go, and gives back how long that took, in milliseconds. */
export async function stop(server: ChildProcess): Promise<number> {
  const began = Date.now();
  if (server.exitCode === null && server.signalCode === null) {
    server.kill("SIGTERM");
    await once(server, "exit");
  }
  return Date.now() - began;
}
