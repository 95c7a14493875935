import { pages } from "../fixtures/console.ts";
import { expect, test } from "../fixtures/test.ts";

// Forms post and lists read before WebAssembly has loaded: here it never does.
test.use({ javaScriptEnabled: false });

test("set-up, sign-in, toolkit and lists work without script", async ({ lanyard, page, server, expectProblem }) => {
  // The browser refuses to load what it may not run.
  expectProblem(/request failed: \S+\.js csp$/);
  await lanyard.setUp(await server.setupLink());
  await lanyard.switchToolkitOn();
  await lanyard.go("common.nav.users");
  await expect(lanyard.rows).toHaveCount(1);
  await lanyard.go("common.nav.groups");
  await page.context().clearCookies();
  await page.goto(pages.users);
  await expect(page).toHaveURL(/\/sign-in/);
  await lanyard.signIn();
});
