import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";
import type { Options } from "./fixtures/test.ts";

/** The browser of the system; LANYARD_CHROMIUM names another. */
const browser =
  process.env.LANYARD_CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path)) ?? "/usr/bin/chromium";

// Workers read this file too, without the arguments; they inherit the environment.
if (process.argv.some((arg) => arg.includes("lighthouse"))) process.env.LANYARD_LIGHTHOUSE = "1";

export default defineConfig<Options>({
  testDir: "tests",
  outputDir: "artefacts/results",
  reporter: [["list"], ["json", { outputFile: "artefacts/report.json" }]],
  fullyParallel: true,
  workers: Number(process.env.LANYARD_E2E_WORKERS ?? 2),
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: "chromium",
    headless: true,
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: browser,
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
  projects: [
    { name: "sqlite", testIgnore: /lighthouse/, use: { database: "sqlite" } },
    // Journeys marked @both once more on PostgreSQL, where a server is at hand (`make e2e` starts one).
    ...(process.env.TEST_DATABASE_URL ? [{ name: "postgres", grep: /@both/, testIgnore: /lighthouse/, use: { database: "postgres" as const } }] : []),
    // Only when asked for: `make lighthouse`. Nothing else may run beside a measurement.
    ...(process.env.LANYARD_LIGHTHOUSE ? [{ name: "lighthouse", testMatch: /lighthouse/, use: { database: "sqlite" as const } }] : []),
  ],
});
