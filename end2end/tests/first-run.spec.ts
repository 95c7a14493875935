import { Console, pages } from "../fixtures/console.ts";
import { Directory, FOLDERS, METADATA, emulate, failures } from "../fixtures/entra.ts";
import { expect, test } from "../fixtures/test.ts";
import { text } from "../fixtures/texts.ts";

const USERS = 200;
const GROUPS = 10;

test("from nothing to Entra's users in the browser @both", async ({ lanyard, page, server, axe, shot, noHorizontalScroll }) => {
  test.setTimeout(300_000);

  await test.step("the printed link makes the first operator and organisation", async () => {
    const link = await server.setupLink();
    await page.goto(link);
    await lanyard.settled();
    await axe();
    await shot("set-up");
    await lanyard.setUp(link);
    await shot("home");
  });

  await test.step("the link works once", async () => {
    const again = await server.setupLink();
    await page.goto(again);
    await expect(page.getByText(text("account.setup.done")).or(page.getByText(text("account.setup.unusable")))).toBeVisible();
  });

  await test.step("Billing: Enterprise Toolkit on", async () => {
    await lanyard.open(pages.integrations);
    await expect(lanyard.heading("connectors.integrations.locked_title")).toBeVisible();
    await lanyard.switchToolkitOn();
    await shot("billing");
  });

  const credentials = await test.step("Integrations: Add Connector, copy URL and secret", async () => {
    await lanyard.addEntraConnector();
    await axe();
    await shot("connector");
    const copied = await lanyard.copyCredentials();
    expect(copied.scimUrl).toMatch(new RegExp(`^${server.url}/scim/v2`));
    expect(copied.secret.length).toBeGreaterThanOrEqual(32);
    await lanyard.acknowledgeSecret(copied.secret);
    return copied;
  });

  await test.step(`Entra's initial cycle: ${USERS} users, ${GROUPS} groups`, async () => {
    const card = await emulate(
      server, credentials, "--users", String(USERS), "--groups", String(GROUPS), "--dialect", "flag", "--scenario", "initial-cycle", "--seed", "7", "--keep",
    );
    expect(failures(card)).toEqual([]);
    expect(card.failed).toBe(0);
  });

  const directory = new Directory(credentials);
  const someone = await test.step("a person on the Users page and on their own", async () => {
    await lanyard.go("common.nav.users");
    // The operator is one of them.
    await lanyard.expectTotal(USERS + 1);
    await shot("users");
    await axe();
    await noHorizontalScroll();

    const active = (await directory.users()).filter((user) => user.active !== false);
    const person = active.find((user) => user.roles?.[0]?.value === "User" && user.userType && user[FOLDERS]?.folders.length && Object.keys(user[METADATA] ?? {}).length);
    if (!person) throw new Error("no active user with role, user type, folders and metadata");
    await lanyard.search(person.userName);
    const row = lanyard.row(person.userName);
    await expect(row).toHaveCount(1);
    await expect(row).toContainText(person.name!.givenName!);
    await expect(row).toContainText(person.name!.familyName!);
    await expect(row).toContainText(text("common.status.active"));
    await expect(row).toContainText(person.roles![0].value);

    await row.getByRole("link").first().click();
    await expect(page).toHaveURL(/\/users\/[0-9a-f-]{36}/);
    await lanyard.settled();
    const main = page.getByRole("main");
    await expect(main).toContainText(person.userName);
    await expect(lanyard.field("users.profile.given_name")).toHaveValue(person.name!.givenName!);
    await expect(lanyard.field("users.profile.given_name")).toHaveAttribute("readonly");
    const look = async (name: string) => {
      await shot(`user-${name}`);
      await axe();
      await noHorizontalScroll();
    };
    await look("profile");

    await lanyard.tab("users.tab.access");
    await expect(main.getByRole("radio", { name: new RegExp(`^${person.roles![0].value}\\b`) })).toBeChecked();
    await expect(lanyard.field("users.column.user_type")).toHaveValue(new RegExp(`^${person.userType}$`, "i"));
    await look("access");

    await lanyard.tab("users.tab.folders");
    await expect(lanyard.rows).toHaveCount(person[FOLDERS]!.folders.length);
    for (const folder of person[FOLDERS]!.folders) await expect(lanyard.row(folder)).toContainText(text("common.status.unknown_value"));
    await look("folders");

    await lanyard.tab("users.tab.metadata");
    for (const [key, value] of Object.entries(person[METADATA]!)) await expect(lanyard.row(key)).toContainText(String(value));
    await look("metadata");
    return person;
  });

  await test.step("groups and their members", async () => {
    await lanyard.go("common.nav.groups");
    await expect(lanyard.rows).toHaveCount(GROUPS);
    await shot("groups");
    await axe();
    await lanyard.rows.first().getByRole("link").first().click();
    await expect(page).toHaveURL(/\/groups\/[0-9a-f-]{36}/);
    await lanyard.settled();
    await expect(lanyard.rows.first()).toBeVisible();
    await shot("group");
    await axe();
  });

  await test.step("deactivated in Entra, shown as deactivated", async () => {
    await directory.deactivate(someone.id);
    await lanyard.open(`${pages.users}?search=${encodeURIComponent(someone.userName)}`);
    await expect(lanyard.row(someone.userName)).toContainText(text("common.status.deactivated"));
  });

  await test.step("the provisioning log has every request, with detail", async () => {
    await lanyard.open(pages.provisioning);
    await expect(lanyard.rows.first()).toBeVisible();
    await shot("provisioning-log");
    await axe();
    await lanyard.rows.first().getByRole("rowheader").getByRole("link").click();
    await expect(page).toHaveURL(/\/logs\/provisioning\/[0-9a-f-]{36}/);
    await lanyard.settled();
    await shot("provisioning-entry");
    await axe();
  });

  await test.step("the audit chain verifies", async () => {
    await server.cli("audit", "verify");
  });
});

test("deactivated in Entra: the person's sessions are gone @both", async ({ browser, lanyard, page, server, expectProblem }) => {
  await lanyard.setUp(await server.setupLink());
  await lanyard.switchToolkitOn();
  await lanyard.addEntraConnector();
  const directory = new Directory(await lanyard.copyCredentials());
  const email = "robin@acme.example";
  const person = await directory.create({
    userName: email,
    active: true,
    name: { givenName: "Robin", familyName: "Rivera" },
    emails: [{ type: "work", primary: true, value: email }],
    roles: [{ primary: "True", type: "WindowsAzureActiveDirectoryRole", value: "User" }],
  });

  // Until single sign-on is there, a person of the directory gets in by a password set through a one-time link.
  const printed = await server.cli("recover-account", email);
  const link = /https?:\/\/\S+\/recover\/[^\s"]+/.exec(printed)?.[0];
  expect(link, printed).toBeDefined();
  const context = await browser.newContext({ baseURL: server.url });
  try {
    const elsewhere = new Console(await context.newPage(), server);
    await elsewhere.setPassword(link!, "another long enough password 7");
    await elsewhere.signIn(email, "another long enough password 7");
    await elsewhere.open(pages.account);
    await expect(elsewhere.page).toHaveURL(/\/account/);

    await directory.deactivate(person.id);
    await elsewhere.page.goto(pages.account);
    await expect(elsewhere.page).toHaveURL(/\/sign-in/);
    await elsewhere.trySignIn(email, "another long enough password 7");
    await expect(elsewhere.page).toHaveURL(/\/sign-in/);
  } finally {
    await context.close();
  }
  expectProblem(/status of 401/);
  await lanyard.open(`${pages.users}?search=robin`);
  await expect(lanyard.row("Robin Rivera")).toContainText(text("common.status.deactivated"));
  await page.close();
});

test("own sessions are listed and can be ended from elsewhere", async ({ browser, lanyard, server }) => {
  await lanyard.setUp(await server.setupLink());
  const context = await browser.newContext({ baseURL: server.url });
  try {
    const elsewhere = new Console(await context.newPage(), server);
    await elsewhere.signIn();
    await lanyard.open(pages.account);
    await expect(lanyard.rows).toHaveCount(2);
    await lanyard.button("account.sessions.end_others").click();
    await expect(lanyard.rows).toHaveCount(1);
    await elsewhere.page.goto(pages.users);
    await expect(elsewhere.page).toHaveURL(/\/sign-in/);
    await lanyard.open(pages.users);
    await expect(lanyard.menu).toBeVisible();
  } finally {
    await context.close();
  }
});
