import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

// Workers read this file again: what is chosen once travels in the environment.
process.env.END2END_DATA ??= mkdtempSync(join(tmpdir(), "countersign-end2end-"));
process.env.END2END_PORT ??= "3210";
process.env.COUNTERSIGN_BIN ??= join(import.meta.dirname, "../target/debug/countersign");

// Pictures for the documents show the demo as people meet it; tests are content with fewer people.
const people = process.env.COUNTERSIGN_PICTURES ? 3000 : 200;
const data = process.env.END2END_DATA;
const port = process.env.END2END_PORT;

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [[process.env.CI ? "list" : "line"]],
  globalSetup: "./tests/support/before.ts",
  globalTeardown: "./tests/support/after.ts",
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    colorScheme: "light",
    // Pages that tests answer themselves have no address, and Chromium lets such a page ask this
    // machine only with a permission.
    permissions: ["local-network-access"],
    screenshot: "only-on-failure",
    trace: "off",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: {
    command:
      `"${process.env.COUNTERSIGN_BIN}" demo --port ${port} --seed-people ${people} --no-people` +
      ` --data-dir "${data}"`,
    url: `http://127.0.0.1:${port}/readyz`,
    reuseExistingServer: false,
    timeout: 60_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 12_000 },
    stdout: "ignore",
    stderr: "pipe",
  },
});
