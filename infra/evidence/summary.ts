import type { Difference } from "./against.ts";
import type { Hold } from "./page.ts";
import type { Report } from "./report.ts";

/** What is told on the terminal, and in summary.txt. */
export function summaryOf(
  report: Report,
  against?: { compared: number; differences: readonly Difference[] },
): readonly string[] {
  const { population, collected, asked, sample } = report;
  const broken = collected.conferences.filter(({ intact }) => !intact).length;
  const kinds = Object.entries(population.exceptions).map(([what, count]) => `${count} ${what}`);
  const times = population.exposureMs;
  return [
    titleOf(asked),
    `  ${count(collected.ledgers, "ledger")} with ${count(collected.entries, "entry", "entries")} gone through: ${
      broken === 0 ? "all intact" : `${broken} NOT INTACT`
    }${collected.expired === 0 ? "" : `, ${collected.expired} past their retention`}${
      collected.strays === 0 ? "" : `, items that belong to none: ${collected.strays}`
    }`,
    `  ${count(population.conferences, "conference")}, ${count(population.holds, "hold")}, ${population.confirmed} confirmed`,
    ...(times === null
      ? []
      : [`  exposure: half within ${times.p50} ms, 95% within ${times.p95} ms, at most ${times.max} ms`]),
    `  exceptions: ${kinds.length === 0 ? "none" : kinds.join(", ")}`,
    ...(asked.conference === undefined
      ? [`  sample: ${sample.length} of ${count(population.holds, "hold")}, seed ${asked.seed}`]
      : []),
    ...(against === undefined ? [] : againstLines(against)),
  ];
}

const titleOf = ({ from, to, project, conference }: Report["asked"]): string =>
  conference === undefined
    ? `Evidence from ${from} to ${to}${project === undefined ? "" : ` of project ${project}`}`
    : `Evidence of conference ${conference}`;

function againstLines({
  compared,
  differences,
}: {
  compared: number;
  differences: readonly Difference[];
}): readonly string[] {
  const all = `  against earlier evidence: ${count(compared, "ledger")}, ${differences.length === 0 ? "all as they were" : `${differences.length} NOT AS THEY WERE`}`;
  return [
    all,
    ...differences.map(({ conference, entries, brokenAt }) =>
      entries === 0
        ? `    ${conference}: nothing is left of it (removed, or past its retention)`
        : `    ${conference}: position ${brokenAt} is not as it was`,
    ),
  ];
}

/** One hold as a few readable lines. */
export function holdLines(hold: Hold): readonly string[] {
  const { placedBy, endedBy } = hold;
  const time = (at: string | null) => (at === null ? "never" : at.slice(11, 23));
  const confirmed = hold.confirmed
    ? `looked at ${time(hold.lookedAt)}, seen paused ${time(hold.confirmedAt)}`
    : "never seen paused";
  const end = hold.endedAt === null ? "in force" : `${hold.outcome} ${time(hold.endedAt)}${byLine(endedBy)}`;
  return [
    `Hold ${hold.hold} (${hold.reason}), ${hold.recording === null ? "all recordings" : `recording ${hold.recording}`}`,
    `  placed${byLine(placedBy)}, ${hold.receivedAt.slice(0, 10)}`,
    `  sent ${time(hold.sentAt)}, received ${time(hold.receivedAt)}, on the wire ${time(hold.onWireAt)}, written ${time(hold.writtenAt)}`,
    `  ${confirmed}; exposure ${hold.exposureMs === null ? "not over yet" : `at most ${hold.exposureMs} ms`}`,
    `  ${end}${hold.runningAt === null ? "" : `, seen running again ${time(hold.runningAt)}`}`,
  ];
}

const byLine = (cause: Hold["placedBy"]): string =>
  cause === null
    ? ""
    : ` by ${[cause.source, cause.actor].filter(Boolean).join(" ")} (request ${cause.request})`;

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
