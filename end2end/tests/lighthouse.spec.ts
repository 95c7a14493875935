import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pages } from "../fixtures/console.ts";
import { emulate } from "../fixtures/entra.ts";
import { expect, test } from "../fixtures/test.ts";

const here = dirname(fileURLToPath(import.meta.url));

// Run by `make lighthouse` alone.
test("Lighthouse on Users with 200 people, signed in", async ({ lanyard, page, server }) => {
  test.setTimeout(600_000);
  await lanyard.setUp(await server.setupLink());
  await lanyard.switchToolkitOn();
  await lanyard.addEntraConnector();
  await emulate(server, await lanyard.copyCredentials(), "--users", "200", "--groups", "10", "--dialect", "flag", "--scenario", "initial-cycle", "--seed", "7", "--keep");
  await lanyard.open(pages.users);
  const cookies = await page.context().cookies(server.url);
  // The browser of this test would compete for the two cores.
  await page.context().close();

  const code = await new Promise<number | null>((done, failed) => {
    const child = spawn(process.execPath, [join(here, "..", "lighthouse.mjs"), `${server.url}${pages.users}`], {
      env: { ...process.env, LANYARD_COOKIE: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") },
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", failed);
    child.on("close", done);
  });
  expect(code, "Lighthouse scores").toBe(0);
});
