import { bars, type Row, recordingRow } from "./bars.ts";
import type { Played } from "./play.ts";
import type { RecordingView } from "./sources.ts";

const harmless = new Set(["paused", "stopped", "completed", "absent"]);

/** True if nothing but paused recordings was there while the card was read, and at least one. */
export function wasPaused({ conference, card }: Pick<Played, "conference" | "card">): boolean {
  if (card === undefined) return false;
  const states = conference.recordings.flatMap((recording) => statesDuring(recording, card));
  return states.includes("paused") && states.every((status) => harmless.has(status));
}

function statesDuring(
  { history }: Pick<RecordingView, "history">,
  { from, to }: { readonly from: number; readonly to: number },
): readonly string[] {
  const timed = history.map(({ at, status }) => ({ at: Date.parse(at ?? ""), status }));
  const before = timed.findLast(({ at }) => at <= from);
  return [...(before ? [before] : []), ...timed.filter(({ at }) => from < at && at <= to)].map(
    ({ status }) => status,
  );
}

/** The call as a picture: what each recording was, when a hold was in force, when the card was read. */
export function pictureOf(played: Played, from: number, width: number): readonly string[] {
  const { conference, card, endedAt: to } = played;
  const rows: readonly Row[] = [
    ...conference.recordings.map((recording, index) => recordingRow(recording, index + 1, to)),
    { name: "hold", stretches: holds(played) },
    { name: "card read", stretches: card === undefined ? [] : [{ ...card, sign: "▒" }] },
  ];
  return bars(rows, { from, to, width });
}

const letGo = new Set([
  "hold-released",
  "hold-expired",
  "hold-withdrawn",
  "all-holds-released",
  "conference-ended",
]);

/** From the receipt of each hold's trigger to the next entry that lets one go. */
function holds({ ledger: { entries }, endedAt }: Pick<Played, "ledger" | "endedAt">): Row["stretches"] {
  return entries.flatMap(({ facts }, index) =>
    facts.flatMap(({ type, hold }) => {
      if (type !== "hold-placed" || hold === undefined) return [];
      const end = entries.slice(index + 1).find((later) => later.facts.some((fact) => letGo.has(fact.type)));
      return [{ from: hold.receivedAt, to: end === undefined ? endedAt : Date.parse(end.at), sign: "▓" }];
    }),
  );
}

const howExposed: Readonly<Record<string, string>> = {
  "until-confirmed": "from the key to the confirmed pause",
  overdue: "until the pause was overdue",
  "resumed-by-other": "after somebody else resumed it",
  started: "of a recording that started meanwhile",
};

/** Figures out of the ledger: exposures, and each recording's gaps. `from`: the beginning of the call. */
export function figuresOf({ ledger, conference }: Played, from: number): readonly string[] {
  const sids = conference.recordings.map(({ recording }) => recording);
  const seconds = (time: string) => `${((Date.parse(time) - from) / 1000).toFixed(2)} s`;
  const exposures = ledger.exposures.map(
    ({ how, milliseconds }) => `Exposure: ${milliseconds} ms ${howExposed[how] ?? how}`,
  );
  const gaps = ledger.gaps.map(({ recording, from: begin, to }) => {
    const length = to === null ? "" : `${((Date.parse(to) - Date.parse(begin)) / 1000).toFixed(2)} s, `;
    const end = to === null ? ", not seen running again" : ` to ${seconds(to)}`;
    return `Gap in recording ${sids.indexOf(recording) + 1}: ${length}from ${seconds(begin)}${end}`;
  });
  return [...exposures, ...gaps];
}
