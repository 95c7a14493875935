// Lighthouse on one page: desktop preset, median of 5 runs. Exit code 1 when accessibility or best practices are under 100, or
// performance under 95. Reports go to artefacts/lighthouse.
//
//   LANYARD_COOKIE='name=value' node lighthouse.mjs http://localhost:3000/users
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const needed = { accessibility: 100, "best-practices": 100, performance: 95 };
const runs = Number(process.env.LANYARD_LIGHTHOUSE_RUNS ?? 5);
const url = process.argv[2];
if (!url) {
  console.error("usage: LANYARD_COOKIE='name=value' node lighthouse.mjs URL");
  process.exit(2);
}
const out = join(dirname(fileURLToPath(import.meta.url)), "artefacts", "lighthouse");
mkdirSync(out, { recursive: true });

const executablePath = process.env.LANYARD_CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
const profile = mkdtempSync(join(tmpdir(), "lanyard-lighthouse-"));
const browser = await puppeteer.launch({
  executablePath,
  userDataDir: profile,
  headless: true,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const all = [];
try {
  for (let run = 1; run <= runs; run++) {
    const page = await browser.newPage();
    const result = await lighthouse(
      url,
      {
        output: ["json", "html"],
        logLevel: "error",
        onlyCategories: Object.keys(needed),
        // A header rather than a stored cookie: Lighthouse clears the browser's storage before each run.
        extraHeaders: process.env.LANYARD_COOKIE ? { Cookie: process.env.LANYARD_COOKIE } : {},
      },
      desktopConfig,
      page,
    );
    await page.close();
    const { lhr, report } = result;
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
    if (new URL(lhr.finalDisplayedUrl).pathname !== new URL(url).pathname) throw new Error(`ended on ${lhr.finalDisplayedUrl}: is the cookie of a live session?`);
    writeFileSync(join(out, `run-${run}.json`), report[0]);
    writeFileSync(join(out, `run-${run}.html`), report[1]);
    const scores = Object.fromEntries(Object.keys(needed).map((name) => [name, Math.round(lhr.categories[name].score * 100)]));
    const metric = (id) => lhr.audits[id].displayValue;
    console.log(
      `run ${run}: ${Object.entries(scores).map(([name, score]) => `${name} ${score}`).join(", ")}` +
        ` (FCP ${metric("first-contentful-paint")}, LCP ${metric("largest-contentful-paint")}, TBT ${metric("total-blocking-time")}, CLS ${metric("cumulative-layout-shift")})`,
    );
    all.push({ scores, lhr });
  }
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}

let failed = false;
for (const [name, least] of Object.entries(needed)) {
  const score = median(all.map((one) => one.scores[name]));
  const missed = score < least;
  failed ||= missed;
  console.log(`${missed ? "FAILED" : "passed"}  ${name}: median ${score}, needed ${least}`);
  if (!missed) continue;
  const { lhr } = all.find((one) => one.scores[name] === score) ?? all[0];
  for (const { id, weight } of lhr.categories[name].auditRefs) {
    const audit = lhr.audits[id];
    if (weight > 0 && audit.score !== null && audit.score < 0.9) console.log(`        ${audit.title} (${audit.displayValue ?? audit.score})`);
  }
}
process.exit(failed ? 1 : 0);
