import { dialogs, pages } from "../fixtures/console.ts";
import { emulate } from "../fixtures/entra.ts";
import { expect, test } from "../fixtures/test.ts";

// Every page once, with data in it: accessible in both themes, valid as HTML, no wider than a phone, quiet in the console.
test("every page keeps the rules of the house", async ({ lanyard, page, server, axe, validHtml, noHorizontalScroll, shot, expectProblem }) => {
  test.setTimeout(420_000);
  await lanyard.open("/sign-in");
  await axe();
  await validHtml("/sign-in");

  await lanyard.setUp(await server.setupLink());
  await lanyard.switchToolkitOn();
  await lanyard.addEntraConnector();
  const connector = new URL(page.url()).pathname;
  const credentials = await lanyard.copyCredentials();
  await emulate(server, credentials, "--users", "30", "--groups", "3", "--dialect", "flag", "--scenario", "initial-cycle", "--seed", "7", "--keep");

  const details: Record<string, string> = { connector };
  await lanyard.open(pages.users);
  details.user = (await lanyard.rows.first().getByRole("link").first().getAttribute("href")) ?? "";
  await lanyard.open(pages.groups);
  details.group = (await lanyard.rows.first().getByRole("link").first().getAttribute("href")) ?? "";
  await lanyard.open(pages.provisioning);
  details.entry = (await lanyard.rows.first().getByRole("rowheader").getByRole("link").getAttribute("href")) ?? "";

  for (const [name, path] of Object.entries({ ...pages, ...dialogs, ...details })) {
    await test.step(`${name} ${path}`, async () => {
      await lanyard.open(path);
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      await expect(page).toHaveTitle(/Lanyard/);
      await axe();
      await validHtml(path);
      await noHorizontalScroll();
      await shot(name);
    });
  }

  await test.step("a page that does not exist", async () => {
    expectProblem(/status of 404/);
    const answer = await page.goto("/no-such-page");
    expect(answer?.status()).toBe(404);
    await axe();
    await validHtml("/no-such-page");
  });
});

// What waits on the server may be there early or late; the browser must find the same page in either case.
test("full loads are taken over, however fast the data came", async ({ lanyard, page, server }) => {
  await lanyard.setUp(await server.setupLink());
  await lanyard.switchToolkitOn();
  await lanyard.addEntraConnector();
  const connector = new URL(page.url()).pathname;
  for (const path of [connector, pages.users, pages.home]) {
    for (let load = 0; load < 8; load++) await lanyard.open(path);
  }
});
