// Collects the evidence for a period, or for one call, and writes it down for an assessor. docs/compliance.md says how to read it.
import { readFile } from "node:fs/promises";
import { compareWithEarlier } from "./evidence/against.ts";
import { type Ask, askAws, askLocalStack, patiently } from "./evidence/ask.ts";
import { type Collected, collectPeriod, collectSaved, together } from "./evidence/collect.ts";
import { filesOf, refuseToOverwrite, writeFiles } from "./evidence/files.ts";
import { type Options, optionsFrom, UsageError, usage } from "./evidence/options.ts";
import { pageIn } from "./evidence/page.ts";
import { type Report, reportOf } from "./evidence/report.ts";
import { holdLines, summaryOf } from "./evidence/summary.ts";
import { isLedgerAnswer, timelineOf } from "./local/timeline/timeline.ts";
import { printable } from "./printable.ts";

/** @returns the exit status: 1 where a ledger is not as it was written */
async function main(argv: readonly string[]): Promise<number> {
  const options = optionsFrom(argv);
  const { url, functionName, seed, sample, out } = options;
  if (out !== undefined) await refuseToOverwrite(out);
  const ask = patiently(url === undefined ? askAws(functionName) : askLocalStack(url, functionName));
  const { collected, ...asked } = await collect(ask, options);
  const report = reportOf(collected, { ...asked, seed, sample });
  const against = options.against === undefined ? undefined : await compareWithEarlier(ask, options.against);
  const summary = [...summaryOf(report, against), `  collected ${new Date().toISOString()}`];
  print(summary);
  if (options.of.by === "conference") await tellCall(ask, options.of, report);
  if (out !== undefined) {
    const files = filesOf(report, summary.join("\n"));
    await writeFiles(out, files);
    print([
      "",
      `Written to ${out}:`,
      ...(files.get("SHA256SUMS") ?? "")
        .trimEnd()
        .split("\n")
        .map((line) => `  ${line}`),
    ]);
  }
  const isWhole = collected.strays === 0 && collected.conferences.every(({ intact }) => intact);
  return isWhole && (against === undefined || against.differences.length === 0) ? 0 : 1;
}

type Asked = Omit<Report["asked"], "seed" | "sample"> & { readonly collected: Collected };

async function collect(ask: Ask, { of }: Options): Promise<Asked> {
  if (of.by === "pages") {
    const texts = await Promise.all(of.files.map((file) => readFile(file, "utf8")));
    const { period, collected } = collectSaved(texts.map((text): unknown => JSON.parse(text)));
    return { ...period, collected };
  }
  if (of.by === "conference") {
    const { by: _, ...subject } = of;
    const page = pageIn(await ask({ action: "evidence", ...subject }));
    return { ...subject, collected: together([page]) };
  }
  const { by: _, ...period } = of;
  const collected = await collectPeriod(ask, period, (pages, ledgers) =>
    progress(`${pages} pages, ${ledgers} ledgers`),
  );
  progress("");
  return { ...period, collected };
}

/** The call itself: each hold, then the whole ledger as a timeline. */
async function tellCall(
  ask: Ask,
  { by, ...subject }: Extract<Options["of"], { by: "conference" }>,
  { holds }: Report,
) {
  for (const { hold } of holds) print(["", ...holdLines(hold)]);
  const ledger = await ask({ action: "ledger", ...subject });
  if (isLedgerAnswer(ledger)) print(["", ...timelineOf(ledger)]);
}

const print = (lines: readonly string[]): void => console.log(lines.map(printable).join("\n"));

/** Long runs say that they go on, where somebody looks. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(printable(error instanceof Error ? error.message : String(error)));
    if (error instanceof UsageError) console.error(usage);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
