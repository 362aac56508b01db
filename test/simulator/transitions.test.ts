import { describe, expect, test } from "vitest";
import { callNamed, conferenceNamed } from "../../infra/local/simulator/control.ts";
import { ManualClock, running } from "./running.ts";

/** A conference with one recording, and its path. */
async function recorded(settings = {}, recordingStatus = "in-progress") {
  const clock = new ManualClock();
  const all = await running({ settings, clock });
  const { conference, recordings, participants } = all.simulator.addConference({ recordingStatus });
  const path = `Conferences/${conference}/Recordings/${recordings[0]}`;
  const update = (Status: string, more = {}) => all.rest(path, { Status, ...more });
  const history = async () => {
    const { body } = await all.control("GET", `recordings/${recordings[0]}`);
    return body.history.map(({ status, by }: { status: string; by: string }) => `${status} by ${by}`);
  };
  return { ...all, clock, conference, participants, recording: recordings[0] ?? "", path, update, history };
}

describe("what an update does", () => {
  test("pause, resume and stop are done and shown", async () => {
    const { update, rest, path, history } = await recorded();
    for (const [asked, shown] of [
      ["paused", "paused"],
      ["in-progress", "in-progress"],
      ["stopped", "stopped"],
    ] as const) {
      expect((await update(asked)).body.status).toBe(shown);
      expect((await rest(path)).body.status).toBe(shown);
    }
    expect(await history()).toEqual([
      "in-progress by start",
      "paused by request",
      "in-progress by request",
      "stopped by request",
    ]);
  });

  test("after a resume and a stop the other words of the reference can be had", async () => {
    const { update } = await recorded({ afterResume: "resumed", afterStop: "completed" });
    await update("paused");
    expect((await update("in-progress")).body.status).toBe("resumed");
    expect((await update("stopped")).body.status).toBe("completed");
  });

  test("a recording that is over has an end, a duration and a price", async () => {
    const { update, clock } = await recorded();
    await clock.advance(4700);
    const { body } = await update("stopped");
    expect(body).toMatchObject({
      start_time: "Mon, 23 Nov 2026 15:46:00 +0000",
      end_time: "Mon, 23 Nov 2026 15:46:04 +0000",
      duration: 4,
      price: "-0.0025",
    });
  });

  test("the pause behaviour is silence unless told otherwise, and can be changed while paused", async () => {
    const { update, control, recording } = await recorded();
    const behavior = async () => (await control("GET", `recordings/${recording}`)).body.pauseBehavior;
    await update("paused");
    expect(await behavior()).toBe("silence");
    await update("paused", { PauseBehavior: "skip" });
    expect(await behavior()).toBe("skip");
    expect((await update("paused", { PauseBehavior: "mute" })).status).toBe(422);
  });

  test.each([[{}], [{ Status: "" }], [{ Status: "Paused" }], [{ Status: "completed" }]])(
    "%j is 422 and changes nothing",
    async (form) => {
      const { rest, path, history } = await recorded();
      expect((await rest(path, form)).status).toBe(422);
      expect(await history()).toEqual(["in-progress by start"]);
    },
  );

  test("a queued recording can be paused and cannot be resumed", async () => {
    const { update, rest, path } = await recorded({}, "queued");
    expect((await rest(path)).body.start_time).toBeNull();
    expect((await update("in-progress")).body.status).toBe("queued");
    expect((await update("paused")).body.status).toBe("paused");
  });

  test("a stuck recording answers 200 and stays as it is", async () => {
    const { update, control, recording, history } = await recorded({}, "queued");
    await control("POST", `recordings/${recording}`, { stuck: true });
    const answer = await update("paused");
    expect([answer.status, answer.body.status]).toEqual([200, "queued"]);
    expect(await history()).toEqual(["queued by start"]);
  });
});

test("an unlisted recording is in no list, and can be asked for", async () => {
  const { rest, path, control, recording } = await recorded({});
  const listed = async () => (await rest(path.replace(/\/[^/]+$/, ""))).body.recordings.length;
  expect(await listed()).toBe(1);
  await control("POST", `recordings/${recording}`, { unlisted: true });
  expect(await listed()).toBe(0);
  expect((await rest(path)).status).toBe(200);
});

describe("transitions that the documentation leaves open", () => {
  test.each([
    ["ok", 200, undefined],
    ["400", 400, 21220],
    ["404", 404, 20404],
    ["422", 422, undefined],
  ] as const)("pausing twice and resuming what runs: %s", async (repeated, status, code) => {
    const { update, history } = await recorded({ repeated });
    const resumed = await update("in-progress");
    expect([resumed.status, resumed.body.code]).toEqual([status, code]);
    await update("paused");
    const paused = await update("paused");
    expect([paused.status, paused.body.code]).toEqual([status, code]);
    expect(await history()).toEqual(["in-progress by start", "paused by request"]);
  });

  test.each([
    ["ok", 200, undefined],
    ["400", 400, 21220],
    ["404", 404, 20404],
    ["422", 422, undefined],
  ] as const)("any update of what is over: %s", async (over, status, code) => {
    const { update, history } = await recorded({ over });
    await update("stopped");
    for (const asked of ["paused", "in-progress", "stopped"]) {
      const answer = await update(asked);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
    }
    expect(await history()).toEqual(["in-progress by start", "stopped by request"]);
  });

  test("unless set otherwise a repeat is 200 and what is over is 400 with code 21220", async () => {
    const { update } = await recorded();
    expect((await update("in-progress")).status).toBe(200);
    await update("stopped");
    expect((await update("paused")).body).toMatchObject({ status: 400, code: 21220 });
  });
});

describe("what a conference does to its recordings", () => {
  test("its end completes those that are live and leaves the others", async () => {
    const { rest, simulator, conference } = await recorded();
    const queued = simulator.world.record(conferenceNamed(simulator.world, conference), { status: "queued" });
    const absent = simulator.world.record(conferenceNamed(simulator.world, conference), { status: "absent" });
    await rest(`Conferences/${conference}`, { Status: "completed" });
    const { body } = await rest(`Conferences/${conference}/Recordings`);
    expect(body.recordings.map((one: { status: string }) => one.status)).toEqual([
      "absent",
      "completed",
      "completed",
    ]);
    expect([queued.status, absent.status]).toEqual(["completed", "absent"]);
    expect((await rest(`Conferences/${conference}/Participants`)).body.participants).toEqual([]);
    expect((await rest(`Conferences/${conference}`, { Status: "completed" })).status).toBe(422);
  });

  test("it ends when the last one leaves, and with its calls their recordings end", async () => {
    const { control, simulator } = await recorded();
    const { conference, participants, callRecordings } = simulator.addConference({ callRecordings: 2 });
    for (const call of participants) {
      expect((await control("DELETE", `conferences/${conference}/participants/${call}`)).status).toBe(200);
    }
    expect((await control("GET", `conferences/${conference}`)).body.status).toBe("completed");
    for (const { recording } of callRecordings) {
      expect((await control("GET", `recordings/${recording}`)).body.status).toBe("completed");
    }
  });

  test("no recording can be made of a call that is over", async () => {
    const { rest, simulator, participants } = await recorded();
    simulator.world.hangUp(callNamed(simulator.world, participants[0] ?? ""));
    const answer = await rest(`Calls/${participants[0]}/Recordings`, { RecordingChannels: "mono" });
    expect(answer.body).toMatchObject({ status: 400, code: 21220 });
  });

  test("alone one waits; with two it begins, and its recording too where it is recorded from the start", async () => {
    const { simulator } = await recorded();
    const { world } = simulator;
    const conference = world.openConference("duet", { recorded: true });
    const recordings = () =>
      [...world.recordings.values()].filter((one) => one.conference === conference.sid);
    world.join(conference, world.addCall());
    expect([conference.status, recordings().length]).toEqual(["init", 0]);
    world.join(conference, world.addCall());
    world.join(conference, world.addCall());
    expect([conference.status, recordings().length]).toEqual(["in-progress", 1]);
  });
});
