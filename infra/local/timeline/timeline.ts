// The readable form of what the action `ledger` answers: who, what, when, outcome, exposure, gaps.
import { printable } from "../../printable.ts";
import { clock, type Fact, type FactLine, factLine } from "./fact-line.ts";

type Entry = {
  readonly position: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly cause: { readonly source: string; readonly actor?: string; readonly call?: string };
  readonly facts: readonly Fact[];
};
export type LedgerAnswer = {
  readonly conference: string;
  readonly entries: readonly Entry[];
  readonly exposures: readonly { readonly how: string; readonly milliseconds: number }[];
  readonly gaps: readonly { readonly recording: string; readonly from: string; readonly to: string | null }[];
  /** Present where the ledger is not intact. */
  readonly brokenAt?: number;
};

export const isLedgerAnswer = (answer: unknown): answer is LedgerAnswer =>
  typeof answer === "object" && answer !== null && "entries" in answer && "gaps" in answer;

const columns = [
  "#",
  "written",
  "who",
  "what",
  "sent",
  "received",
  "on the wire",
  "seen",
  "outcome",
  "exposure",
];

/** Lines for a terminal. A column in which nothing stands is left out. */
export function timelineOf({ conference, entries, gaps, brokenAt }: LedgerAnswer): readonly string[] {
  const nameOf = namer(entries);
  const rows = entries.flatMap((entry) => entry.facts.map((fact) => row(entry, factLine(fact, nameOf))));
  const shown = gaps.map(({ recording, from, to }) => {
    const end = to === null ? "not seen running again" : `to ${to.slice(11, 23)}`;
    const length = to === null ? "" : ` (${Date.parse(to) - Date.parse(from)} ms)`;
    return `  ${nameOf(recording)} paused from ${from.slice(11, 23)} ${end}${length}`;
  });
  return [
    `Conference ${conference}, ${daysOf(entries)}, times in UTC`,
    ...(brokenAt === undefined
      ? []
      : [`NOT INTACT: position ${brokenAt} is not as it was written. This is what can be read.`]),
    "",
    ...(rows.length === 0 ? [] : table([columns, ...rows])),
    ...(shown.length === 0 ? [] : ["", "Gaps, by the looks that showed them:", ...shown]),
    ...nameOf.names().map((line, index) => (index === 0 ? `\n${line}` : line)),
  ].map(printable);
}

function row({ position, at, cause }: Entry, line: FactLine): readonly string[] {
  const { source, actor, call } = cause;
  const time = (ms: number | undefined) => (ms === undefined ? "" : clock(ms));
  return [
    String(position),
    at.slice(11, 23),
    [source, actor ?? (call && `call ${call.slice(0, 8)}`)].filter(Boolean).join(" "),
    line.what,
    time(line.sent),
    time(line.received),
    time(line.wire),
    time(line.seen),
    line.outcome ?? "",
    line.exposureMs === undefined ? "" : `${line.exposureMs} ms`,
  ];
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const used = columns.flatMap((_, index) => (rows.slice(1).some((row) => row[index] !== "") ? [index] : []));
  const widths = used.map((index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) =>
    used
      .map((index, at) => (row[index] ?? "").padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Recordings are numbered as they come up; `names` says which is which. A ticket is named after its recording. */
function namer(entries: LedgerAnswer["entries"]) {
  const tickets = new Map<unknown, unknown>();
  for (const { facts } of entries)
    for (const { type, ticket, recording } of facts)
      if (type === "resume-started") tickets.set(ticket, recording);
  const sids: string[] = [];
  const nameOf = (id: string): string => {
    const sid = String(tickets.get(id) ?? id);
    if (!sids.includes(sid)) sids.push(sid);
    return `recording ${sids.indexOf(sid) + 1}`;
  };
  return Object.assign(nameOf, {
    names: () => sids.map((sid, index) => `recording ${index + 1} is ${sid}`),
  });
}

/** The day or days on which it was written. */
function daysOf(entries: LedgerAnswer["entries"]): string {
  const [from = "nothing written", to = from] = new Set(entries.map(({ at }) => at.slice(0, 10)));
  return from === to ? from : `${from} to ${to}`;
}
