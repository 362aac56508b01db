import { parseArgs } from "node:util";

export const usage = `npm run evidence -- --from ISO --to ISO [--project SID] [--seed TEXT] [--sample N] [--out DIR] [--against evidence.json]
npm run evidence -- --conference SID [--project SID] [--out DIR]
npm run evidence -- --pages FILE [FILE ...] [--seed TEXT] [--sample N] [--out DIR]
Whom to ask: [--url URL] for a stack on this machine (default http://127.0.0.1:8080), or --function NAME for one in AWS, by the AWS CLI.`;

export class UsageError extends Error {}

export type Options = {
  readonly of:
    | { readonly by: "period"; readonly from: string; readonly to: string; readonly project?: string }
    | { readonly by: "conference"; readonly conference: string; readonly project?: string }
    | { readonly by: "pages"; readonly files: readonly string[] };
  /** `url` undefined: in AWS. */
  readonly url?: string;
  readonly functionName: string;
  readonly seed: string;
  readonly sample: number;
  /** Undefined: nothing is written. */
  readonly out?: string;
  readonly against?: string;
};

const text = { type: "string" } as const;
const flags = {
  from: text,
  to: text,
  project: text,
  conference: text,
  url: text,
  function: text,
  seed: text,
  sample: text,
  out: text,
  against: text,
  pages: { type: "boolean" },
} as const;

/** @throws UsageError */
export function optionsFrom(argv: readonly string[]): Options {
  const { values, positionals } = parsed(argv);
  const { url, out, against, seed = "1", sample = "25" } = values;
  if (!/^\d{1,6}$/.test(sample)) throw new UsageError(`--sample: a whole number, not ${sample}`);
  if (url !== undefined && !URL.canParse(url)) throw new UsageError(`--url: ${url} is no URL`);
  const of = subjectOf(values, positionals);
  const isLocal = url !== undefined || values.function === undefined;
  const folder = out ?? (of.by === "conference" ? undefined : "evidence");
  return {
    of,
    ...(isLocal && { url: new URL(url ?? "http://127.0.0.1:8080").origin }),
    functionName: values.function ?? "control",
    seed,
    sample: Number(sample),
    ...(folder !== undefined && { out: folder }),
    ...(against !== undefined && { against }),
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: flags, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

type Values = ReturnType<typeof parsed>["values"];

function subjectOf(values: Values, positionals: readonly string[]): Options["of"] {
  const { from, to, project, conference, pages } = values;
  const inProject = project === undefined ? {} : { project };
  if (pages) {
    if (positionals.length === 0) throw new UsageError("--pages: the files, please");
    if (from !== undefined || to !== undefined || conference !== undefined)
      throw new UsageError("--pages has its period in the files");
    return { by: "pages", files: positionals };
  }
  if (positionals.length > 0) throw new UsageError(`${positionals[0]}: what is this?`);
  if (conference !== undefined) {
    if (from !== undefined || to !== undefined) throw new UsageError("--conference goes without a period");
    return { by: "conference", conference, ...inProject };
  }
  if (from === undefined || to === undefined)
    throw new UsageError("--from and --to, or --conference, please");
  return { by: "period", from: iso("--from", from), to: iso("--to", to), ...inProject };
}

/** A day alone is its beginning, UTC. */
function iso(option: string, given: string): string {
  const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(given);
  if (!isTime || Number.isNaN(Date.parse(given)))
    throw new UsageError(
      `${option}: a day or a time such as 2026-11-01 or 2026-11-01T08:00:00Z, not ${given}`,
    );
  return new Date(given).toISOString();
}
