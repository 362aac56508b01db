import { describe, expect, test } from "vitest";
import { checkConference } from "../../functions/check-conference.ts";
import { createHandleCommand } from "../../functions/command/handle-command.ts";
import { createHandleCallback } from "../../functions/handle-callback.ts";
import { conferenceSid, recordingSid } from "../../functions/recording/ids.ts";
import { noAnswer } from "../fakes/fake-signalwire.ts";
import {
  type Bench,
  conference,
  createBench,
  first,
  place,
  project,
  ref,
  release,
  second,
  start,
} from "./bench.ts";

/** Lets the time pass and runs every check that comes due in it. */
async function pass(bench: Bench, seconds: number): Promise<void> {
  const end = bench.clock.now + seconds * 1000;
  while (bench.clock.now < end) {
    const next = bench.checks.waiting()[0];
    bench.clock.now = Math.max(bench.clock.now, Math.min(end, next?.dueAt ?? end));
    for (const check of bench.checks.takeDue()) await checkConference(bench.ports, check);
  }
}

const status = (bench: Bench, sid: string) => bench.signalwire.recordings.get(recordingSid(sid))?.status;
const set = (bench: Bench, sid: string, word: string) =>
  bench.signalwire.recordings.set(recordingSid(sid), { status: word });

describe("a check", () => {
  test("confirms a pause that was not confirmed in its own request", async () => {
    const bench = createBench({ [first]: "in-progress" });
    bench.signalwire.onUpdate = async () => ({ kind: "unanswered" });
    await bench.handle(bench.command(place("payment-1")));
    bench.signalwire.onUpdate = async (_recording, _options, apply) => apply();
    await pass(bench, 20);
    expect(await bench.facts()).toContain("pause-confirmed");
    expect(status(bench, first)).toBe("paused");
  });

  test("does what a command left undone when it died behind its append", async () => {
    const bench = createBench({ [first]: "in-progress" });
    bench.signalwire.onLook = () => new Promise(() => {});
    void bench.handle(bench.command(place("payment-1")));
    await new Promise((resolve) => setImmediate(resolve));
    bench.signalwire.onLook = async (look) => look();
    await pass(bench, 6);
    expect(status(bench, first)).toBe("paused");
    expect(await bench.facts()).toContain("pause-confirmed");
  });

  test("tells of a pause that is unconfirmed after five seconds, before it tries anything itself", async () => {
    const bench = createBench({ [first]: "in-progress" });
    bench.signalwire.onLook = () => new Promise(() => {});
    void bench.handle(bench.command(place("payment-1")));
    await new Promise((resolve) => setImmediate(resolve));
    bench.clock.now = start + 5_000;
    for (const check of bench.checks.takeDue()) void checkConference(bench.ports, check);
    await new Promise((resolve) => setImmediate(resolve));
    expect(bench.alarms).toEqual(["not-confirmed"]);
  });

  test("tells of no pause that is younger", async () => {
    const bench = createBench({ [first]: "in-progress" });
    bench.signalwire.onLook = () => new Promise(() => {});
    void bench.handle(bench.command(place("payment-1")));
    await new Promise((resolve) => setImmediate(resolve));
    bench.signalwire.onLook = async (look) => look();
    bench.clock.now = start + 5_000;
    const due = bench.checks.takeDue();
    bench.clock.now = start + 4_999;
    for (const check of due) await checkConference(bench.ports, check);
    expect(due).toHaveLength(1);
    expect(bench.alarms).toEqual([]);
  });

  test("watches what a command wrote after its first check had come and gone", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    const append = bench.ports.ledger.append;
    let goOn: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow: typeof bench.ports = {
      ...bench.ports,
      ledger: {
        ...bench.ports.ledger,
        async append(entry, before) {
          await held;
          const appended = await append(entry, before);
          // Nothing of this process goes on.
          return entry.facts[0]?.type === "hold-released" ? new Promise(() => {}) : appended;
        },
      },
    };
    void createHandleCommand(slow)(bench.command(release("payment-1")));
    await new Promise((resolve) => setImmediate(resolve));
    await pass(bench, 7);
    goOn?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(status(bench, first)).toBe("paused");
    await pass(bench, 40);
    expect(status(bench, first)).toBe("in-progress");
  });

  test("finds a pause that was sent after its first check and never written down", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    await bench.handle(bench.command(release("payment-1")));
    await pass(bench, 60);
    const check = { project, conference, chain: "of-a-command-that-died", hop: 0 };
    await bench.ports.checks.send(check, 5);
    await pass(bench, 6);
    set(bench, first, "paused");
    await pass(bench, 30);
    expect(bench.alarms).toEqual(["found-paused"]);
  });

  test("releases a hold at its own expiry and runs the recording again", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command({ ...place("payment-1"), expiresInSeconds: 60 } as never));
    await pass(bench, 55);
    expect(status(bench, first)).toBe("paused");
    await pass(bench, 10);
    expect(status(bench, first)).toBe("in-progress");
    expect(await bench.facts()).toContain("hold-expired");
  });

  test("keeps a hold that is over its limit, and says so once", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    await pass(bench, 2_000);
    expect(status(bench, first)).toBe("paused");
    expect(bench.alarms).toEqual(["hold-over-limit"]);
  });

  test("releases a hold at the limit of its reason where the policy says so", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command({ ...place("consult-1"), reason: "consult" } as never));
    await pass(bench, 1_810);
    expect(status(bench, first)).toBe("in-progress");
  });

  test("pauses again what somebody else resumed, writes the exposure down and raises an alarm", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    set(bench, first, "resumed");
    await pass(bench, 6);
    expect(status(bench, first)).toBe("paused");
    expect(bench.alarms).toEqual(["found-running"]);
    const facts = (await bench.ledger.entries(ref)).flatMap((entry) => entry.facts);
    expect(facts).toContainEqual({
      type: "found-running",
      recording: first,
      how: "resumed-by-other",
      exposureMs: 4_850,
    });
    expect(facts.filter(({ type }) => type === "pause-confirmed")).toHaveLength(2);
  });

  test("pauses a recording that starts under a hold", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    set(bench, second, "in-progress");
    await pass(bench, 6);
    expect(status(bench, second)).toBe("paused");
    expect(bench.alarms).toEqual(["found-running"]);
  });

  test("leaves what somebody else paused, and says so once", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    await bench.handle(bench.command(release("payment-1")));
    set(bench, first, "paused");
    await pass(bench, 60);
    expect(status(bench, first)).toBe("paused");
    expect(bench.alarms).toEqual(["found-paused"]);
    expect(bench.checks.waiting()).toEqual([]);
  });

  test("resumes what a resume without an answer left paused, once its ticket has expired", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    bench.signalwire.onUpdate = async () => ({ kind: "unanswered" });
    await bench.handle(bench.command(release("payment-1")));
    bench.signalwire.onUpdate = async (_recording, _options, apply) => apply();
    await pass(bench, 15);
    expect(status(bench, first)).toBe("in-progress");
  });

  test("undoes a pause of its own that lands after the hold was released", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    set(bench, first, "resumed");
    let isFirst = true;
    bench.signalwire.onUpdate = async (_recording, _options, apply) => {
      if (isFirst) {
        isFirst = false;
        await bench.handle(bench.command(release("payment-1")));
      }
      return apply();
    };
    await pass(bench, 90);
    expect(status(bench, first)).toBe("in-progress");
  });

  test("sends no pause for a hold that was released while it was waiting", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    set(bench, first, "resumed");
    let pauses = 0;
    bench.signalwire.onUpdate = async (_recording, { to }, apply) => {
      if (to !== "paused") return apply();
      pauses += 1;
      if (pauses === 2) void bench.handle(bench.command(release("payment-1")));
      return { kind: "accepted", status: "paused" };
    };
    await pass(bench, 90);
    expect(pauses).toBeLessThanOrEqual(3);
    expect(status(bench, first)).toBe("resumed");
  });

  test("keeps a confirmed pause from being reported while a ticket is open", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    let late = () => {};
    bench.signalwire.onUpdate = async (_recording, options, apply) => {
      if (options.to !== "in-progress") return apply();
      late = apply;
      return { kind: "unanswered" };
    };
    await bench.handle(bench.command(release("payment-1")));
    const outcome = await bench.handle(
      bench.command(place("payment-2", start + 2_000), { receivedAt: bench.clock.now - 5_000 }),
    );
    expect(outcome).toMatchObject({ kind: "pending", answer: { safeToCollect: false } });
    late();
    await pass(bench, 30);
    expect(status(bench, first)).toBe("paused");
  });

  test("ends its chain when nothing is held and everything is as wanted", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    await bench.handle(bench.command(release("payment-1")));
    await pass(bench, 60);
    expect(bench.checks.waiting()).toEqual([]);
  });

  test("ends its chain also behind a ticket that nobody closed", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    bench.signalwire.onUpdate = async (_recording, _options, apply) => {
      apply();
      return { kind: "unanswered" };
    };
    await bench.handle(bench.command(release("payment-1")));
    expect(status(bench, first)).toBe("in-progress");
    await pass(bench, 120);
    expect(bench.checks.waiting()).toEqual([]);
    expect(bench.checks.sent.length).toBeLessThan(10);
  });

  test("of an older chain stops, so that one chain watches a conference", async () => {
    const bench = createBench({ [first]: "in-progress" });
    for (const hold of ["a", "b", "c", "d"]) await bench.handle(bench.command(place(hold)));
    await pass(bench, 120);
    expect(bench.checks.waiting()).toHaveLength(1);
  });

  test("goes on while SignalWire does not answer, and waits longer each time up to 30 s", async () => {
    const bench = createBench({ [first]: "in-progress" });
    bench.signalwire.onLook = async () => Promise.reject(noAnswer());
    await bench.handle(bench.command(place("payment-1")));
    await pass(bench, 200);
    expect(bench.checks.sent.map(({ delaySeconds }) => delaySeconds).slice(0, 5)).toEqual([5, 5, 10, 20, 30]);
    expect(bench.alarms).toContain("pause-overdue");
  });

  test("stops a recording whose pause is overdue where the policy says so", async () => {
    const bench = createBench({ [first]: "in-progress" }, { unconfirmed: "stop" });
    bench.signalwire.onUpdate = async (_recording, { to }, apply) =>
      to === "paused" ? { kind: "accepted", status: "paused" } : apply();
    await bench.handle(bench.command(place("payment-1")));
    await pass(bench, 60);
    expect(status(bench, first)).toBe("stopped");
  });

  test("closes the books when the conference is over", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    set(bench, first, "completed");
    bench.signalwire.conference = "over";
    await pass(bench, 60);
    expect((await bench.facts()).at(-1)).toBe("conference-ended");
    expect(bench.checks.waiting()).toEqual([]);
  });

  test("counts a conference as over after the second time that SignalWire does not know it", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    bench.signalwire.recordings.clear();
    bench.signalwire.conference = "unknown";
    await pass(bench, 6);
    expect((await bench.facts()).at(-1)).toBe("conference-missing");
    await pass(bench, 60);
    expect((await bench.facts()).at(-1)).toBe("conference-ended");
  });
});

describe("what was ordered and does not come about", () => {
  test("is an alarm where it is a stop, for as long as it lasts", async () => {
    const bench = createBench({ [first]: "in-progress" });
    bench.signalwire.onUpdate = async () => ({ kind: "accepted", status: "stopped" });
    expect(await bench.handle(bench.command({ type: "stop" }))).toMatchObject({ kind: "pending" });
    expect(bench.alarms).toEqual([]);
    await pass(bench, 90);
    expect(new Set(bench.alarms)).toEqual(new Set(["stop-outstanding"]));
  });

  test("is an alarm where it is a resume, though SignalWire does not answer", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    bench.signalwire.onLook = async () => Promise.reject(noAnswer());
    expect(await bench.handle(bench.command(release("payment-1")))).toMatchObject({ kind: "pending" });
    await pass(bench, 90);
    expect(new Set(bench.alarms)).toEqual(new Set(["resume-outstanding"]));
  });
});

describe("a conference", () => {
  test("that SignalWire knew in between is not missing for the second time", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    bench.signalwire.onLook = async () => ({ conference: "unknown", recordings: [] });
    await pass(bench, 6);
    bench.signalwire.onLook = async (look) => look();
    await pass(bench, 60);
    bench.signalwire.onLook = async () => ({ conference: "unknown", recordings: [] });
    await pass(bench, 31);
    bench.signalwire.onLook = async (look) => look();
    await pass(bench, 60);
    expect(await bench.facts()).not.toContain("conference-ended");
    expect(bench.checks.waiting()).toHaveLength(1);
  });

  test("that is over is watched while a recording of one of its calls goes on", async () => {
    const bench = createBench({ [first]: "in-progress" });
    const call = "44444444-4444-4444-8444-444444444444" as never;
    bench.signalwire.recordings.set(recordingSid(second), { status: "in-progress", call });
    await bench.handle(bench.command(place("payment-1")));
    set(bench, first, "completed");
    bench.signalwire.conference = "over";
    await pass(bench, 60);
    expect(status(bench, second)).toBe("paused");
    expect(await bench.handle(bench.command(release("payment-1")))).toMatchObject({ kind: "done" });
    expect(status(bench, second)).toBe("in-progress");
    bench.signalwire.recordings.set(recordingSid(second), { status: "completed", call });
    await bench.handle(bench.command({ type: "stop" }));
    expect((await bench.facts()).at(-1)).toBe("conference-ended");
  });

  test("that is over is stopped until the recordings of its calls are over too", async () => {
    const bench = createBench({ [first]: "in-progress" });
    const call = "44444444-4444-4444-8444-444444444444" as never;
    bench.signalwire.recordings.set(recordingSid(second), { status: "in-progress", call });
    bench.signalwire.onUpdate = async ({ sid }, _options, apply) =>
      sid === second ? { kind: "unanswered" } : apply();
    await bench.handle(bench.command({ type: "stop" }));
    bench.signalwire.conference = "over";
    await pass(bench, 6);
    bench.signalwire.onUpdate = async (_recording, _options, apply) => apply();
    await pass(bench, 60);
    expect(status(bench, second)).toBe("stopped");
  });

  test("does not resume the recording of a call that is held in another conference by now", async () => {
    const bench = createBench({});
    const call = "44444444-4444-4444-8444-444444444444" as never;
    bench.signalwire.recordings.set(recordingSid(first), { status: "in-progress", call });
    await bench.handle(bench.command(place("payment-1")));
    const other = conferenceSid("22222222-2222-4222-8222-222222222223");
    const there = { target: { by: "conference", conference: other } } as const;
    await bench.directory.noteCall(project, call, other);
    expect(await bench.handle(bench.command(place("payment-2"), there))).toMatchObject({ kind: "done" });
    expect(await bench.handle(bench.command(release("payment-1")))).toMatchObject({ kind: "pending" });
    await pass(bench, 60);
    expect(status(bench, first)).toBe("paused");
    await bench.handle(bench.command(release("payment-2"), there));
    await pass(bench, 60);
    expect(status(bench, first)).toBe("in-progress");
  });

  test("of which a paused recording has vanished is not looked at every second", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(release("unknown")));
    bench.signalwire.onUpdate = async () => {
      bench.signalwire.recordings.clear();
      return { kind: "accepted", status: "paused" };
    };
    await bench.handle(bench.command(place("payment-1")));
    await bench.handle(bench.command(release("payment-1")));
    const before = bench.checks.sent.length;
    await pass(bench, 600);
    expect(bench.checks.sent.length - before).toBeLessThan(30);
  });
});

describe("a callback", () => {
  const callback = { project, conference, request: "r", receivedAt: start } as const;

  test("of a recording that starts under a hold pauses it at once", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    set(bench, second, "in-progress");
    await createHandleCallback(bench.ports)({
      ...callback,
      event: "recording-started",
      recording: recordingSid(second),
    });
    expect(status(bench, second)).toBe("paused");
  });

  test("of a recording that starts without a hold changes nothing", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await createHandleCallback(bench.ports)({
      ...callback,
      event: "recording-started",
      recording: recordingSid(first),
    });
    expect(bench.signalwire.sent).toEqual([]);
    expect(await bench.facts()).toEqual([]);
  });

  test("of a participant tells the directory which conference a call and a room are", async () => {
    const bench = createBench({ [first]: "in-progress" });
    const call = "44444444-4444-4444-8444-444444444444" as never;
    await createHandleCallback(bench.ports)({
      ...callback,
      event: "participant-join",
      call,
      room: "support" as never,
    });
    expect(await bench.directory.conferenceOfCall(project, call)).toBe(conference);
    expect(await bench.directory.hintOfRoom(project, "support" as never)).toEqual({
      conference,
      recordings: [],
    });
  });

  test("of the end closes the books only where SignalWire shows the end", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    await createHandleCallback(bench.ports)({ ...callback, event: "conference-end" });
    expect(await bench.facts()).not.toContain("conference-ended");
  });
});

describe("a check of a chain that a newer one has overtaken", () => {
  test("watches from then on, alone, where it has not seen through what it did itself: the newer one may have ended", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    const [own] = bench.checks.waiting();
    if (own === undefined) throw new Error("no check is waiting");
    bench.signalwire.onUpdate = async () => ({ kind: "unanswered" });
    await bench.handle(bench.command(release("payment-1")));
    // The newer chain's check is somewhere else.
    bench.clock.now += 20_000;
    bench.checks.takeDue();
    const older = { ...own.check, hop: 1 };
    await checkConference(bench.ports, older);
    expect(bench.checks.waiting()).toMatchObject([{ check: { chain: "id-1..1", hop: 2 } }]);
    expect(await bench.facts()).toContain("watch-renewed");
    bench.signalwire.onUpdate = async (_recording, _options, apply) => apply();
    await pass(bench, 60);
    expect(status(bench, first)).toBe("in-progress");
    expect(bench.checks.waiting()).toEqual([]);
  });
});
