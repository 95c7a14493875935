import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "../fixtures/test.ts";

const script = join(dirname(fileURLToPath(import.meta.url)), "..", "scim", "run-scim2-tester.sh");

// Another project's idea of SCIM: scim2-tester reads the published schemas and tries everything they promise.
test("scim2-tester finds no error @both", async ({ server }, info) => {
  test.setTimeout(300_000);
  const organisation = await server.cliJson<{ id: string }>("org", "create", "Conformance", "--enterprise-toolkit");
  const connector = await server.cliJson<{ scim_url: string; secret: string }>("connector", "create", "--org", organisation.id, "--kind", "generic");
  const result = await promisify(execFile)(script, [connector.scim_url], {
    env: { ...process.env, SCIM_TOKEN: connector.secret },
    maxBuffer: 16 * 1024 * 1024,
  }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({ code: error.code ?? 1, stdout: `${error.stdout ?? ""}${error.stderr ?? ""}` }),
  );
  await info.attach("scim2-tester.txt", { body: result.stdout, contentType: "text/plain" });
  console.log(result.stdout.trim().split("\n").slice(-2).join("\n"));
  expect(result.code, result.stdout).toBe(0);
});
