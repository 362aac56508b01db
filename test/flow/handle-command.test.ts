import { describe, expect, test } from "vitest";
import { createHandleCommand } from "../../functions/command/handle-command.ts";
import type { Operation } from "../../functions/recording/command.ts";
import { callSid, conferenceSid, recordingSid } from "../../functions/recording/ids.ts";
import { noAnswer } from "../fakes/fake-signalwire.ts";
import { createBench, first, place, project, ref, release, second, start } from "./bench.ts";

describe("a pause", () => {
  test("is done when both recordings were seen paused", async () => {
    const { handle, command, signalwire, facts } = createBench({
      [first]: "in-progress",
      [second]: "in-progress",
    });
    const outcome = await handle(command(place("payment-1")));
    expect(outcome).toMatchObject({
      kind: "done",
      answer: {
        conference: "22222222-2222-4222-8222-222222222222",
        wanted: "paused",
        confirmed: true,
        safeToCollect: true,
        recordings: [
          { sid: first, status: "paused" },
          { sid: second, status: "paused" },
        ],
        holds: [
          {
            id: "payment-1",
            source: "signal:payments",
            reason: "card-entry",
            expiresAt: "2026-11-23T16:01:00.000Z",
          },
        ],
        position: 2,
      },
    });
    expect(signalwire.sent).toEqual([`${first} paused`, `${second} paused`]);
    expect(await facts()).toEqual(["hold-placed", "recordings-seen", "pause-confirmed"]);
  });

  test("that SignalWire claims but does not do is never called confirmed", async () => {
    const { handle, command, signalwire, alarms } = createBench({ [first]: "in-progress" });
    signalwire.onUpdate = async () => ({ kind: "accepted", status: "paused" });
    const outcome = await handle(command(place("payment-1")));
    expect(outcome).toMatchObject({
      kind: "pending",
      answer: { wanted: "paused", confirmed: false, safeToCollect: false },
    });
    expect(alarms).toEqual(["not-confirmed"]);
  });

  test("that SignalWire cannot be asked about is pending, and the hold stands", async () => {
    const { handle, command, signalwire, facts } = createBench({ [first]: "in-progress" });
    signalwire.onLook = async () => Promise.reject(noAnswer());
    const outcome = await handle(command(place("payment-1")));
    expect(outcome).toMatchObject({
      kind: "pending",
      answer: { safeToCollect: false, holds: [{ id: "payment-1" }] },
    });
    expect(await facts()).toEqual(["hold-placed"]);
  });

  test("of one recording goes on while the other fails, and is not confirmed", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress", [second]: "in-progress" });
    signalwire.onUpdate = async ({ sid }, _options, apply) =>
      sid === first ? { kind: "unanswered" } : apply();
    const outcome = await handle(command(place("payment-1")));
    expect(outcome).toMatchObject({ kind: "pending", answer: { confirmed: false } });
    expect(signalwire.recordings.get(recordingSid(second))?.status).toBe("paused");
  });

  test("is confirmed in a running conference that has no recording", async () => {
    const { handle, command } = createBench({});
    expect(await handle(command(place("payment-1")))).toMatchObject({
      kind: "done",
      answer: { confirmed: true, safeToCollect: true, recordings: [] },
    });
  });

  test("is confirmed where all recordings have ended and the conference runs on", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "completed" });
    expect(await handle(command(place("payment-1")))).toMatchObject({
      kind: "done",
      answer: { safeToCollect: true },
    });
    expect(signalwire.sent).toEqual([]);
  });

  test("of a queued recording is not confirmed before the recording was seen paused", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "queued" });
    signalwire.onUpdate = async () => ({ kind: "refused", httpStatus: 400 });
    expect(await handle(command(place("payment-1")))).toMatchObject({
      kind: "pending",
      answer: { safeToCollect: false },
    });
  });

  test("is measured from its receipt to the first pause on the wire, and to its confirmation", async () => {
    const { handle, command, signalwire, measures, clock } = createBench({
      [first]: "in-progress",
      [second]: "in-progress",
    });
    const placing = command(place("payment-1"));
    clock.now += 40;
    signalwire.onUpdate = async (_recording, _options, apply) => {
      clock.now += 100;
      return apply();
    };
    await handle(placing);
    // 150 ms of each are the sleep of the pause that waits for the ledger: here every sleep moves the clock.
    expect(measures).toEqual([
      { name: "holds-placed", value: 1 },
      { name: "time-to-pause", value: 190 },
      { name: "pauses-confirmed", value: 1 },
      { name: "exposure", value: 390 },
    ]);
  });

  test("of a word that SignalWire does not document counts as running", async () => {
    const { handle, command, signalwire, alarms } = createBench({ [first]: "unrecognised" });
    await handle(command(place("payment-1")));
    expect(signalwire.sent).toEqual([`${first} paused`]);
    expect(alarms).toEqual(["unrecognised-status"]);
  });

  test("delivered twice places one hold, asks again, and is written down as a duplicate", async () => {
    const { handle, command, facts } = createBench({ [first]: "in-progress" });
    await handle(command(place("payment-1")));
    const outcome = await handle(command(place("payment-1")));
    expect(outcome).toMatchObject({ kind: "done", answer: { safeToCollect: true, position: 3 } });
    expect((await facts()).filter((type) => type === "hold-placed")).toHaveLength(1);
    expect((await facts()).at(-1)).toBe("operation-ignored");
  });

  test("that arrives after its own release is refused, written down and not sent", async () => {
    const { handle, command, signalwire, facts } = createBench({ [first]: "in-progress" });
    await handle(command(release("payment-1", start + 1000)));
    const outcome = await handle(command(place("payment-1", start)));
    expect(outcome).toEqual({ kind: "refused", why: "stale-pause" });
    expect(signalwire.sent).toEqual([]);
    expect((await facts()).filter((type) => type === "operation-ignored")).toHaveLength(2);
  });

  test("at the very time of its release is a hold", async () => {
    const { handle, command } = createBench({ [first]: "in-progress" });
    await handle(command(release("payment-1", start)));
    expect(await handle(command(place("payment-1", start)))).toMatchObject({
      kind: "done",
      answer: { wanted: "paused" },
    });
  });

  test("that names one recording pauses that one alone", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress", [second]: "in-progress" });
    const outcome = await handle(command(place("payment-1"), { recording: recordingSid(second) }));
    expect(outcome).toMatchObject({
      kind: "done",
      answer: { wanted: "paused", confirmed: true, safeToCollect: true },
    });
    expect(new Set(signalwire.sent)).toEqual(new Set([`${second} paused`]));
  });

  test("that names an unknown recording is refused and leaves no hold", async () => {
    const { handle, command, facts } = createBench({ [first]: "in-progress" });
    const outcome = await handle(command(place("payment-1"), { recording: recordingSid(second) }));
    expect(outcome).toEqual({ kind: "refused", why: "no-such-recording" });
    expect(await facts()).toEqual([]);
  });

  test("of an unknown conference is refused, and its hold withdrawn", async () => {
    const { handle, command, signalwire, facts } = createBench({});
    signalwire.conference = "unknown";
    expect(await handle(command(place("payment-1")))).toEqual({ kind: "refused", why: "no-such-conference" });
    expect(await facts()).toEqual(["hold-placed", "hold-withdrawn"]);
  });

  test("of a conference that SignalWire does not know yet is no late delivery when it comes again", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress" });
    signalwire.conference = "unknown";
    signalwire.recordings.clear();
    for (let time = 0; time < 2; time += 1) {
      expect(await handle(command(place("payment-1")))).toMatchObject({ why: "no-such-conference" });
    }
    signalwire.conference = "running";
    signalwire.recordings.set(recordingSid(first), { status: "in-progress" });
    expect(await handle(command(place("payment-1")))).toMatchObject({ kind: "done" });
  });

  test("that comes again after its hold has expired is refused, and the recording runs again", async () => {
    const { handle, command, signalwire, clock } = createBench({ [first]: "in-progress" });
    const brief = { ...place("payment-1"), expiresInSeconds: 60 } as Operation;
    expect(await handle(command(brief))).toMatchObject({ kind: "done" });
    clock.now += 61_000;
    expect(await handle(command(brief))).toMatchObject({ kind: "refused", why: "stale-pause" });
    expect(signalwire.recordings.get(recordingSid(first))?.status).toBe("in-progress");
  });

  test("of one recording is done although another cannot be paused", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress", [second]: "in-progress" });
    signalwire.onUpdate = async ({ sid }, _options, apply) =>
      sid === second ? { kind: "accepted", status: "paused" } : apply();
    const stuck = await handle(command(place("payment-2"), { recording: recordingSid(second) }));
    expect(stuck).toMatchObject({ kind: "pending", answer: { confirmed: false, safeToCollect: false } });
    const paused = await handle(command(place("payment-1"), { recording: recordingSid(first) }));
    expect(paused).toMatchObject({ kind: "done", answer: { confirmed: true, safeToCollect: true } });
    const both = await handle(command(place("payment-3")));
    expect(both).toMatchObject({ kind: "pending", answer: { confirmed: false, safeToCollect: false } });
  });

  test("of a conference that is over is refused", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "completed" });
    signalwire.conference = "over";
    expect(await handle(command(place("payment-1")))).toMatchObject({
      kind: "refused",
      why: "conference-over",
    });
    expect(await handle(command(place("payment-2")))).toMatchObject({
      kind: "refused",
      why: "conference-over",
    });
  });

  test("goes out while the ledger does not answer, and is answered as not durable", async () => {
    const { handle, command, signalwire, ledger, alarms } = createBench({ [first]: "in-progress" });
    ledger.hooks.before = () => {
      throw new Error("no answer");
    };
    expect(await handle(command(place("payment-1")))).toEqual({ kind: "unavailable", why: "ledger" });
    expect(signalwire.sent).toEqual([`${first} paused`]);
    expect(alarms).toEqual(["not-durable"]);
  });

  test("goes out meanwhile to the recordings of the call that asks for it, too, which may be no participant", async () => {
    const { handle, command, signalwire, ledger } = createBench({ [first]: "in-progress" });
    ledger.hooks.before = () => {
      throw new Error("no answer");
    };
    const call = callSid("b3877c40-da60-4998-90ad-b792e98472ca");
    const asked: unknown[] = [];
    const { look } = signalwire;
    signalwire.look = (ref, options) => {
      asked.push(options.calls);
      return look(ref, options);
    };
    await handle(command(place(`call:${call}`), { cause: { source: "telephony", request: "r-1", call } }));
    expect(asked).toEqual([[call]]);
  });

  test("that is confirmed although its check could not be queued is done, with an alarm", async () => {
    const { handle, command, checks, alarms } = createBench({ [first]: "in-progress" });
    checks.hooks.before = () => {
      throw new Error("no queue");
    };
    expect(await handle(command(place("payment-1")))).toMatchObject({ kind: "done" });
    expect(alarms).toEqual(["check-not-queued"]);
  });

  test("that is not confirmed and has no check is unavailable", async () => {
    const { handle, command, checks, signalwire } = createBench({ [first]: "in-progress" });
    signalwire.onUpdate = async () => ({ kind: "unanswered" });
    checks.hooks.before = () => {
      throw new Error("no queue");
    };
    expect(await handle(command(place("payment-1")))).toEqual({ kind: "unavailable", why: "queue" });
  });

  test("is not accepted while the credentials cannot be had", async () => {
    const bench = createBench({ [first]: "in-progress" });
    const { createHandleCommand } = await import("../../functions/command/handle-command.ts");
    const handle = createHandleCommand({
      ...bench.ports,
      ready: () => Promise.reject(new Error("no secret")),
    });
    expect(await handle(bench.command(place("payment-1")))).toEqual({
      kind: "unavailable",
      why: "credentials",
    });
    expect(bench.signalwire.sent).toEqual([]);
    expect(await bench.facts()).toEqual([]);
  });
});

describe("a resume", () => {
  test("runs both recordings again under one ticket each", async () => {
    const { handle, command, signalwire, facts } = createBench({
      [first]: "in-progress",
      [second]: "in-progress",
    });
    await handle(command(place("payment-1")));
    const outcome = await handle(command(release("payment-1")));
    expect(outcome).toMatchObject({
      kind: "done",
      answer: { wanted: "in-progress", confirmed: true, safeToCollect: false },
    });
    expect(signalwire.sent.slice(-2)).toEqual([`${first} in-progress`, `${second} in-progress`]);
    expect((await facts()).slice(3)).toEqual([
      "hold-released",
      "resume-started",
      "resume-started",
      "resume-ended",
      "resume-ended",
      "recordings-seen",
    ]);
  });

  test("of one of two holds leaves the recording paused", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress" });
    await handle(command(place("payment-1")));
    await handle(command(place("payment-2")));
    const outcome = await handle(command(release("payment-1")));
    expect(outcome).toMatchObject({
      kind: "done",
      answer: { wanted: "paused", holds: [{ id: "payment-2" }] },
    });
    expect(signalwire.sent).not.toContain(`${first} in-progress`);
  });

  test("by another sender does not touch the hold", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress" });
    await handle(command(place("payment-1")));
    await handle(command(release("payment-1"), { source: "signal:others" }));
    expect(signalwire.sent).toEqual([`${first} paused`]);
  });

  test("of an unknown hold is done and changes nothing", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress" });
    expect(await handle(command(release("payment-9")))).toMatchObject({
      kind: "done",
      answer: { wanted: "in-progress" },
    });
    expect(signalwire.sent).toEqual([]);
  });

  test("of an unknown conference writes nothing", async () => {
    const { handle, command, signalwire, facts } = createBench({});
    signalwire.conference = "unknown";
    expect(await handle(command(release("payment-1")))).toEqual({
      kind: "refused",
      why: "no-such-conference",
    });
    expect(await facts()).toEqual([]);
  });

  test("never touches a recording that somebody else had paused", async () => {
    const { handle, command, signalwire, alarms } = createBench({ [first]: "paused" });
    expect(await handle(command(release("payment-1")))).toMatchObject({
      kind: "pending",
      answer: { confirmed: false },
    });
    expect(signalwire.sent).toEqual([]);
    expect(alarms).toEqual(["found-paused"]);
  });

  test("that gets no answer is sent once, and its ticket is left to expire", async () => {
    const { handle, command, signalwire, facts } = createBench({ [first]: "in-progress" });
    await handle(command(place("payment-1")));
    signalwire.onUpdate = async () => ({ kind: "unanswered" });
    expect(await handle(command(release("payment-1")))).toMatchObject({ kind: "pending" });
    expect(signalwire.sent.filter((sent) => sent.endsWith("in-progress"))).toHaveLength(1);
    expect(await facts()).not.toContain("resume-ended");
  });

  test("is not sent where its ticket took too long to write", async () => {
    const { handle, command, signalwire, ledger, clock } = createBench({ [first]: "in-progress" });
    await handle(command(place("payment-1")));
    let sentBefore: readonly string[] = [];
    ledger.hooks.after = ({ operation, item }) => {
      if (operation !== "put" || !JSON.stringify(item).includes("resume-started")) return;
      delete ledger.hooks.after;
      sentBefore = [...signalwire.sent];
      clock.now += 501;
    };
    await handle(command(release("payment-1")));
    const ends = (await ledger.entries(ref))
      .flatMap(({ facts }) => facts)
      .filter(({ type }) => type === "resume-ended");
    expect(sentBefore).toEqual([`${first} paused`]);
    expect(ends).toMatchObject([{ outcome: "not-sent" }, { outcome: "seen-running" }]);
    expect(signalwire.sent).toEqual([`${first} paused`, `${first} in-progress`]);
  });

  test("of one recording leaves a hold on all of them", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress", [second]: "in-progress" });
    await handle(command(place("payment-1")));
    const outcome = await handle(command(release("payment-1"), { recording: recordingSid(second) }));
    expect(outcome).toMatchObject({ kind: "done", answer: { wanted: "paused" } });
    expect([...signalwire.recordings.values()].map(({ status }) => status)).toEqual(["paused", "paused"]);
    expect(await handle(command(release("payment-1")))).toMatchObject({ kind: "done" });
  });

  test("of all holds of one recording leaves the others, and what is held for all", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress", [second]: "in-progress" });
    const ofFirst = { recording: recordingSid(first) };
    await handle(command(place("payment-1"), ofFirst));
    await handle(command(place("payment-2"), { recording: recordingSid(second) }));
    const releaseAll = () =>
      handle(command({ type: "release-all-holds", reason: "shift-end" }, { ...ofFirst, source: "control" }));
    expect(await releaseAll()).toMatchObject({
      kind: "done",
      answer: { wanted: "in-progress", holds: [{ id: "payment-2" }] },
    });
    const statuses = () => [...signalwire.recordings.values()].map(({ status }) => status);
    expect(statuses()).toEqual(["in-progress", "paused"]);
    await handle(command(place("payment-3")));
    expect(await releaseAll()).toMatchObject({ kind: "done", answer: { wanted: "paused" } });
    expect(statuses()).toEqual(["paused", "paused"]);
  });

  test("of all holds by an operator runs everything again", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress" });
    await handle(command(place("payment-1")));
    await handle(command(place("payment-2")));
    const outcome = await handle(
      command({ type: "release-all-holds", reason: "shift-end" }, { source: "control" }),
    );
    expect(outcome).toMatchObject({ kind: "done", answer: { wanted: "in-progress", holds: [] } });
    expect(signalwire.sent.at(-1)).toBe(`${first} in-progress`);
  });
});

describe("a stop", () => {
  test("stops every recording and is final", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress", [second]: "paused" });
    const outcome = await handle(command({ type: "stop", reason: "consent" }));
    expect(outcome).toMatchObject({
      kind: "done",
      answer: { wanted: "stopped", confirmed: true, safeToCollect: false },
    });
    expect(signalwire.sent).toEqual([`${first} stopped`, `${second} stopped`]);
    expect(await handle(command(place("payment-1")))).toMatchObject({ kind: "refused", why: "stopped" });
    expect(await handle(command(release("payment-1")))).toMatchObject({ kind: "refused", why: "stopped" });
    expect(await handle(command({ type: "stop" }))).toMatchObject({ kind: "done" });
  });

  test("after a stop is done, also when SignalWire has forgotten the conference", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress" });
    await handle(command({ type: "stop" }));
    signalwire.conference = "over";
    await handle(command({ type: "stop" }));
    signalwire.conference = "unknown";
    signalwire.recordings.clear();
    expect(await handle(command({ type: "stop" }))).toMatchObject({ kind: "done" });
  });

  test("of one recording leaves the other running", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress", [second]: "in-progress" });
    await handle(command({ type: "stop" }, { recording: recordingSid(first) }));
    expect(new Set(signalwire.sent)).toEqual(new Set([`${first} stopped`]));
  });
});

describe("a room or call", () => {
  const room = { target: { by: "room", room: "support" as never } } as const;

  test("that SignalWire knows once is that conference", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress" });
    signalwire.rooms = ["22222222-2222-4222-8222-222222222222" as never];
    expect(await handle(command(place("payment-1"), room))).toMatchObject({ kind: "done" });
  });

  test("that nobody knows is refused", async () => {
    const { handle, command } = createBench({ [first]: "in-progress" });
    expect(await handle(command(place("payment-1"), room))).toEqual({
      kind: "refused",
      why: "no-such-conference",
    });
  });

  describe("that a callback told of", () => {
    const known = conferenceSid("22222222-2222-4222-8222-222222222222");
    const other = conferenceSid("22222222-2222-4222-8222-222222222223");
    /** Which conferences were sent anything, or looked at. */
    const hinted = async (rooms: readonly (typeof known)[] | "no answer") => {
      const bench = createBench({ [first]: "in-progress" });
      const touched = new Set<string>();
      const { look } = bench.signalwire;
      bench.signalwire.look = (ref, options) => {
        touched.add(ref.conference);
        return look(ref, options);
      };
      bench.signalwire.conferencesInRoom = async () => {
        if (rooms === "no answer") throw noAnswer();
        return rooms;
      };
      await bench.directory.noteRoom(project, "support" as never, known);
      return { ...bench, touched };
    };

    test.each([
      ["alone", [known]],
      ["not at all", []],
      ["no answer", "no answer"],
    ] as const)(
      "and SignalWire lists %s is that conference, for all commands but a stop without an answer",
      async (_name, rooms) => {
        const { handle, command, touched } = await hinted(rooms);
        // There may be another conference of that name.
        expect(await handle(command(place("payment-1"), room))).toMatchObject({
          kind: rooms === "no answer" ? "pending" : "done",
        });
        expect(await handle(command(release("payment-1"), room))).toMatchObject({ kind: "done" });
        const stopped = await handle(command({ type: "stop" }, room));
        expect(stopped).toMatchObject(
          rooms === "no answer" ? { kind: "unavailable", why: "signalwire" } : { kind: "done" },
        );
        expect([...touched]).toEqual([known]);
      },
    );

    test("is paused before SignalWire is asked for it, and resumed after", async () => {
      const { ports, command, signalwire } = await hinted([known]);
      const order: string[] = [];
      const { update, conferencesInRoom } = signalwire;
      signalwire.update = (ref, target, options) => {
        order.push(options.to);
        return update(ref, target, options);
      };
      signalwire.conferencesInRoom = (...asked) => {
        order.push("asked");
        return conferencesInRoom(...asked);
      };
      const sleep = (ms: number) => (ms < 500 ? ports.sleep(ms) : new Promise<void>(() => {}));
      const handle = createHandleCommand({ ...ports, sleep });
      await handle(command(place("payment-1"), room));
      await handle(command(release("payment-1"), room));
      expect(order).toEqual(["paused", "asked", "asked", "in-progress"]);
    });

    test("while there is another one is ambiguous all the same", async () => {
      const { handle, command, touched } = await hinted([known, other]);
      expect(await handle(command(place("payment-1"), room))).toMatchObject({ kind: "done" });
      expect([...touched].toSorted()).toEqual([known, other]);
      for (const operation of [release("payment-1"), { type: "stop" } as const])
        expect(await handle(command(operation, room))).toEqual({ kind: "refused", why: "ambiguous" });
    });

    test("and another is listed instead pauses both, and releases that one's hold", async () => {
      const { handle, command, touched } = await hinted([other]);
      expect(await handle(command(place("payment-1"), room))).toMatchObject({ kind: "done" });
      expect([...touched].toSorted()).toEqual([known, other]);
      expect(await handle(command(release("payment-1"), room))).toMatchObject({
        kind: "done",
        answer: { conference: other },
      });
    });
  });

  describe("whose conference a callback told of", () => {
    const here = conferenceSid("22222222-2222-4222-8222-222222222222");
    const there = conferenceSid("22222222-2222-4222-8222-222222222223");
    const call = callSid("b3877c40-da60-4998-90ad-b792e98472ca");
    const ofCall = { target: { by: "call", call } } as const;
    /** The call takes part there, and SignalWire's lists of conferences have it in `listed`. */
    const calling = async (callIn: typeof here, listed: readonly (typeof here)[] | "no answer") => {
      const bench = createBench({ [first]: "in-progress" });
      await bench.directory.noteCall(project, call, here);
      bench.signalwire.callIn = callIn;
      bench.signalwire.conferencesOfCall = async () => {
        if (listed === "no answer") throw noAnswer();
        return listed;
      };
      const holdsIn = async (conference: typeof here) =>
        Object.keys((await bench.ledger.newest({ project, conference }))?.state.holds ?? {});
      const isStopped = async (conference: typeof here) =>
        (await bench.ledger.newest({ project, conference }))?.state.stopped ?? false;
      return { ...bench, holdsIn, isStopped };
    };

    test("and which is there is served there alone", async () => {
      const { handle, command, holdsIn } = await calling(here, "no answer");
      expect(await handle(command(place("payment-1"), ofCall))).toMatchObject({
        kind: "done",
        answer: { conference: here },
      });
      expect([await holdsIn(here), await holdsIn(there)]).toEqual([["signal:payments/payment-1"], []]);
      expect(await handle(command(release("payment-1"), ofCall))).toMatchObject({ kind: "done" });
    });

    test("and which nobody lists is in its star menu there", async () => {
      const { handle, command, isStopped } = await calling(there, []);
      expect(await handle(command(place("payment-1"), ofCall))).toMatchObject({
        kind: "done",
        answer: { conference: here },
      });
      // Or over, for all that anybody else knows who does not hear its keys.
      expect(await handle(command({ type: "stop" }, ofCall))).toEqual({
        kind: "refused",
        why: "no-such-conference",
      });
      await handle(command({ type: "stop" }, { ...ofCall, source: "telephony" }));
      expect(await isStopped(here)).toBe(true);
    });

    test("and which is in another by now is paused in that one, and leaves no hold behind", async () => {
      const { handle, command, holdsIn, directory } = await calling(there, [there]);
      expect(await handle(command(place("payment-1"), ofCall))).toMatchObject({
        kind: "done",
        answer: { conference: there, safeToCollect: true },
      });
      expect([await holdsIn(here), await holdsIn(there)]).toEqual([[], ["signal:payments/payment-1"]]);
      expect(await directory.conferenceOfCall(project, call)).toBe(there);
    });

    test.each([
      ["whose keys held it there is released there too: no other hold has its name", "telephony", []],
      ["is released there alone where others may hold by the same name", "control", ["control/payment-1"]],
    ] as const)("and %s", async (_, source, left) => {
      const bench = await calling(here, []);
      await bench.handle(bench.command(place("payment-1"), { ...ofCall, source }));
      bench.signalwire.callIn = there;
      bench.signalwire.conferencesOfCall = async () => [there];
      const released = await bench.handle(bench.command(release("payment-1"), { ...ofCall, source }));
      expect(released).toMatchObject({ answer: { conference: there } });
      expect(await bench.holdsIn(here)).toEqual(left);
    });

    test("and which is in another by now is stopped in that one alone", async () => {
      const { handle, command, isStopped } = await calling(there, [there]);
      await handle(command({ type: "stop" }, ofCall));
      expect([await isStopped(here), await isStopped(there)]).toEqual([false, true]);
    });

    test("and of which SignalWire does not say where it is, is paused and not said to be safe", async () => {
      const { handle, command, signalwire } = await calling(there, "no answer");
      expect(await handle(command(place("payment-1"), ofCall))).toMatchObject({
        kind: "pending",
        answer: { confirmed: false, safeToCollect: false },
      });
      expect(signalwire.sent).toEqual([`${first} paused`]);
      expect(await handle(command({ type: "stop" }, ofCall))).toEqual({
        kind: "unavailable",
        why: "signalwire",
      });
    });
  });

  test("that is ambiguous pauses every candidate and resumes or stops none", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress" });
    signalwire.rooms = [
      "22222222-2222-4222-8222-222222222222" as never,
      "22222222-2222-4222-8222-222222222223" as never,
    ];
    expect(await handle(command(place("payment-1"), room))).toMatchObject({ kind: "done" });
    expect(await handle(command(release("payment-1"), room))).toEqual({ kind: "refused", why: "ambiguous" });
    expect(await handle(command({ type: "stop" }, room))).toEqual({ kind: "refused", why: "ambiguous" });
  });
});

describe("one list that fails", () => {
  test("keeps no recording of another from being paused", async () => {
    const { handle, command, signalwire } = createBench({ [first]: "in-progress" });
    signalwire.onLook = async (look, onSeen) => {
      for (const recording of look().recordings) onSeen(recording);
      throw noAnswer();
    };
    expect(await handle(command(place("payment-1")))).toMatchObject({
      kind: "pending",
      answer: { confirmed: false },
    });
    expect(signalwire.recordings.get(recordingSid(first))?.status).toBe("paused");
  });
});

describe("a conference with very many holds behind it", () => {
  test("has entries that no longer grow", async () => {
    const { handle, command, clock, ledger, facts } = createBench({ [first]: "in-progress" });
    const sizes: number[] = [];
    for (let index = 0; index < 500; index += 1) {
      clock.now += 60_000;
      await handle(command(place(`payment-${index}`, clock.now)));
      await handle(command(release(`payment-${index}`, clock.now + 30_000)));
      sizes.push(JSON.stringify((await ledger.newest(ref))?.state).length);
    }
    expect(await facts()).toContain("ended-holds-forgotten");
    expect(Math.max(...sizes.slice(300))).toBeLessThanOrEqual(Math.max(...sizes.slice(0, 300)) * 1.05);
  });
});
