import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// Seeded faults in the protocol. Each is a change of the real source in a copy of its own, made by the tests alone: what is
// deployed has no switch for it.

export type Mutant = {
  readonly name: string;
  readonly edits: readonly { readonly file: string; readonly find: string; readonly put: string }[];
  /** The small case that is looked at first, where random schedules seldom come across it. */
  readonly small?: string;
};

const edit = (file: string, find: string, put: string) => ({ file: `functions/${file}`, find, put });

export const mutants: readonly Mutant[] = [
  {
    name: "no ticket",
    edits: [edit("converge/resume.ts", "await append(ports, ref, entry, run, facts)", "entry as Entry")],
  },
  {
    name: "the pause ignores the ticket",
    edits: [edit("recording/confirm.ts", "return !open && newest", "return newest")],
  },
  {
    name: "the ticket is shorter than its request can live",
    edits: [edit("converge/resume.ts", "TICKET_MS = 10_000", "TICKET_MS = 1_000")],
  },
  {
    name: "no look after a parallel pause: the one that began before the hold was written counts",
    small: "a release, a new hold and a late duplicate",
    edits: [
      edit("recording/confirm.ts", "const then = timed.state.holds[key];", "const then = hold;"),
      edit(
        "recording/confirm.ts",
        "return !open && newest.ticketsOpened === timed.state.ticketsOpened",
        "return !open",
      ),
    ],
  },
  {
    name: "a tie is a release",
    edits: [edit("recording/decide.ts", "return at > active.at", "return at >= active.at")],
  },
  {
    name: "a resume is retried under its ticket",
    edits: [edit("converge/resume.ts", 'attempts: "once"', 'attempts: "repeat"')],
  },
  {
    name: "a pause is believed for its 2xx",
    edits: [
      edit(
        "converge/look-and-pause.ts",
        "    .catch((): Look | undefined => undefined);",
        `    .catch((): Look | undefined => undefined)
    .then((shown) => shown && { ...shown, recordings: shown.recordings.map((one) =>
      before.shown.has(one.sid) ? { ...one, status: "paused" } : one) });`,
      ),
    ],
  },
  {
    name: "the ticket is closed when its request times out",
    edits: [
      edit(
        "converge/resume.ts",
        'if (outcome.kind === "unanswered") return [];',
        'if (outcome.kind === "unanswered") return [{ type: "resume-ended", ticket, outcome: "refused" }];',
      ),
    ],
  },
  {
    name: "the ticket is closed by a 2xx that no look has borne out",
    edits: [
      edit(
        "converge/resume.ts",
        'if (outcome.kind === "unanswered") return [];',
        'if (outcome.kind === "unanswered") return [];\n    if (outcome.kind === "accepted") return [{ type: "resume-ended", ticket, outcome: "seen-running" }];',
      ),
    ],
  },
  {
    name: "a lost race for a position is an error",
    edits: [
      edit(
        "write-down.ts",
        'if (appended !== "conflict") return { entry: appended, raced };',
        'if (appended !== "conflict") return { entry: appended, raced };\n    throw new LedgerFailure("conflict");',
      ),
    ],
  },
  {
    name: "a release drops the holds of others",
    edits: [
      edit(
        "recording/evolve.ts",
        "return ended(state, [fact.key], at, () => ({ at: fact.at",
        "return ended(state, holdsFor(state), at, () => ({ at: fact.at",
      ),
    ],
  },
  {
    name: "the ticket is opened at any position",
    edits: [
      edit(
        "converge/resume.ts",
        "await append(ports, ref, entry, run, facts)",
        "await append(ports, ref, await ports.ledger.newest(ref), run, facts)",
      ),
    ],
  },
  {
    name: "a resume is sent however late",
    edits: [
      edit(
        "converge/resume.ts",
        "const isLate = ports.now() - startedAt > SEND_WINDOW_MS;",
        "const isLate = false;",
      ),
      edit(
        "converge/resume.ts",
        "deadline: startedAt + SEND_WINDOW_MS + REQUEST_MS",
        "deadline: ports.now() + REQUEST_MS",
      ),
    ],
  },
  {
    name: "a hold undoes a stop",
    edits: [
      edit("recording/decide.ts", 'if (state.stopped) return refused("stopped");', ""),
      edit(
        "recording/evolve.ts",
        "return placed(state, fact.hold);",
        "{ const { stopped: _, ...going } = state; return placed(going, fact.hold); }",
      ),
    ],
  },
  {
    name: "a look that failed shows nothing, so nothing runs",
    edits: [
      edit(
        "converge/look-and-pause.ts",
        ".catch((): Look | undefined => undefined);",
        '.catch((): Look | undefined => ({ conference: "running", recordings: [] }));',
      ),
    ],
  },
  {
    name: "a pause of our own that lands after the release is left",
    edits: [
      edit(
        "converge/look-facts.ts",
        'return recordings.length === 0 ? [] : [{ type: "pause-sent", recordings }];',
        "return [];",
      ),
      edit("converge/look-facts.ts", "!own.paused.has(fact.recording)", "false"),
    ],
  },
  {
    name: "the first check of a chain does not come back",
    edits: [edit("check-conference.ts", "if (check.hop === 0) await", "if (check.hop === -1) await")],
  },
  {
    name: "a resume is sent under a hold that was placed meanwhile",
    edits: [edit("converge/converge.ts", "!written.raced &&\n        hasTime", "hasTime")],
  },
  {
    name: "a recording that starts under a hold is left running",
    edits: [
      edit(
        "converge/look-and-pause.ts",
        "if (sent.has(recording.sid)) return;",
        "if (sent.has(recording.sid) || (state.seen && !state.recordings[recording.sid])) return;",
      ),
      edit(
        "converge/look-and-pause.ts",
        "const timed = { look,",
        "look.recordings = look.recordings.filter(({ sid }) => !state.seen || state.recordings[sid]);\n  const timed = { look,",
      ),
    ],
  },
  {
    name: "a list that leaves out what is known to be live is believed",
    edits: [edit("converge/look-and-pause.ts", "known: knownLive(state, before),", "known: [],")],
  },
  {
    name: "checks do not look ahead",
    edits: [edit("recording/due.ts", "times.length === 0 ? undefined", "times.length >= 0 ? undefined")],
  },
  {
    name: "a look finds running what it saw before the hold",
    edits: [
      edit(
        "converge/look-facts.ts",
        "compare(confirmedThen(state, timed.state), look",
        "compare(state, look",
      ),
      edit("converge/look-facts.ts", ".filter((fact) => plan.found.some(isOf(fact)))", ""),
    ],
  },
  {
    name: "a pause that lost the race against its release is forgotten",
    edits: [edit("command/pause-first.ts", 'decision.kind === "refused" ? [...blind', "false ? [...blind")],
  },
  {
    name: "a hold outlives its end",
    edits: [
      edit(
        "recording/due.ts",
        "if (hold.releasesAt !== undefined && hold.releasesAt <= now)",
        "if (now < 0)",
      ),
    ],
  },
  {
    name: "a hold of one recording holds none",
    edits: [edit("recording/hold.ts", "|| hold.recording === recording", "")],
  },
  {
    name: "a release of all releases none",
    edits: [
      edit(
        "recording/evolve.ts",
        "claimed(ended(state, holdsFor(state, fact.recording), at, endedByUs), at, fact.recording)",
        "claimed(state, at, fact.recording)",
      ),
    ],
  },
  {
    name: "what is reported is not read back",
    small: "a late duplicate, the hold's release and its next placement",
    edits: [edit("converge/converge.ts", "isDone(plan) && run.isReported", "false && run.isReported")],
  },
];

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A copy of the functions and of the simulation with the fault in it. @returns the folder; `remove` when done */
export function seed(mutant: Mutant): { readonly folder: string; remove(): void } {
  // Below the project, so that its packages are found.
  mkdirSync(join(root, "dist"), { recursive: true });
  const folder = mkdtempSync(join(root, "dist", "mutant-"));
  for (const part of ["functions", "test/simulation", "test/flow", "test/fakes"]) {
    const filter = (source: string) => !source.endsWith(".test.ts");
    cpSync(join(root, part), join(folder, part), { recursive: true, filter });
  }
  for (const { file, find, put } of mutant.edits) {
    const path = join(folder, file);
    const parts = readFileSync(path, "utf8").split(find);
    if (parts.length !== 2)
      throw new Error(`${mutant.name}: ${parts.length - 1} places in ${file} read: ${find}`);
    writeFileSync(path, parts.join(put));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
