import { describe, expect, test } from "vitest";
import { conferenceNamed } from "../../infra/local/simulator/control.ts";
import * as documented from "./documented.ts";
import { apiToken, basic, ManualClock, project, running, unknownSid } from "./running.ts";

describe("answers have all documented fields and no others", () => {
  test("of a conference, its list, and both after its end", async () => {
    const { rest, simulator } = await running();
    const { conference } = simulator.addConference();
    for (const path of [`Conferences/${conference}`, `Conferences/${conference}.json`]) {
      expect(documented.problems((await rest(path)).body, documented.conference)).toEqual([]);
    }
    const list = await rest("Conferences");
    expect(documented.problems(list.body, documented.page("conferences"))).toEqual([]);
    expect(documented.problems(list.body.conferences[0], documented.conference)).toEqual([]);
    const ended = await rest(`Conferences/${conference}`, { Status: "completed" });
    expect(documented.problems(ended.body, documented.conference)).toEqual([]);
    expect(ended.body.status).toBe("completed");
  });

  test("of a participant and the list of them", async () => {
    const { rest, simulator } = await running();
    const { conference, participants } = simulator.addConference({ participants: 3 });
    const list = await rest(`Conferences/${conference}/Participants`);
    expect(documented.problems(list.body, documented.page("participants"))).toEqual([]);
    expect(list.body.participants).toHaveLength(3);
    const one = await rest(`Conferences/${conference}/Participants/${participants[0]}`);
    expect(documented.problems(one.body, documented.participant)).toEqual([]);
    expect(one.body).toMatchObject({ call_sid: participants[0], status: "in-progress" });
  });

  test.each(["queued", "in-progress", "paused", "resumed", "stopped", "completed", "absent"])(
    "of a conference's recording that is %s",
    async (status) => {
      const { rest, simulator } = await running();
      const { conference, recordings } = simulator.addConference({ recordingStatus: status });
      const list = await rest(`Conferences/${conference}/Recordings`);
      expect(documented.problems(list.body, documented.page("recordings"))).toEqual([]);
      const one = await rest(`Conferences/${conference}/Recordings/${recordings[0]}`);
      expect(one.body).toEqual(list.body.recordings[0]);
      expect(documented.problems(one.body, documented.conferenceRecording)).toEqual([]);
      expect(one.body).toMatchObject({
        status,
        call_sid: null,
        conference_sid: conference,
        source: "Conference",
      });
    },
  );

  test("of a call's recording, made by a request, changed, and asked for by the account", async () => {
    const { rest, simulator } = await running();
    const { participants } = simulator.addConference();
    const call = participants[0] ?? "";
    const made = await rest(`Calls/${call}/Recordings`, { RecordingChannels: "dual" });
    expect(documented.problems(made.body, documented.recording)).toEqual([]);
    expect(made.body).toMatchObject({
      channels: "2",
      source: "StartCallRecordingApi",
      status: "in-progress",
    });
    const paused = await rest(`Calls/${call}/Recordings/${made.body.sid}`, { Status: "paused" });
    expect(documented.problems(paused.body, documented.recording)).toEqual([]);
    expect(paused.body).toMatchObject({ status: "paused", call_sid: call, conference_sid: null });
    const list = await rest(`Recordings?CallSid=${call}`);
    expect(documented.problems(list.body, documented.page("recordings"))).toEqual([]);
    expect(list.body.recordings).toEqual([paused.body]);
    const metadata = await rest(`Recordings/${made.body.sid}.json`);
    expect(metadata.body).toEqual(paused.body);
  });

  test("of errors: the 422 of a conference's recording is a list of texts, all others are objects", async () => {
    const { rest, restAs, simulator } = await running();
    const { conference, recordings, callRecordings } = simulator.addConference({ callRecordings: 1 });
    const ofCall = callRecordings[0];
    const texts = await rest(`Conferences/${conference}/Recordings/${recordings[0]}`, { Status: "halted" });
    expect(texts.status).toBe(422);
    expect(documented.problems(texts.body, documented.errorTexts)).toEqual([]);
    const objects = [
      await rest(`Calls/${ofCall?.call}/Recordings/${ofCall?.recording}`, { Status: "halted" }),
      await rest(`Conferences/${conference}`, { Status: "paused" }),
      await rest("Conferences?Status=over"),
      await rest("Conferences?PageSize=0"),
      await rest(`Conferences/${unknownSid}`),
      await restAs({}, "Conferences"),
    ];
    expect(objects.map(({ status }) => status)).toEqual([422, 422, 422, 422, 404, 401]);
    for (const { status, body } of objects) {
      expect(documented.problems(body, documented.errorObject)).toEqual([]);
      expect(body.status).toBe(status);
    }
  });
});

describe("who may ask", () => {
  test.each([
    ["nobody", undefined],
    ["somebody with another token", basic("PTother")],
    ["somebody with an empty token", basic("")],
    ["another user with that token", `Basic ${Buffer.from(`${unknownSid}:${apiToken}`).toString("base64")}`],
    ["somebody with another scheme", `Bearer ${apiToken}`],
  ])("%s is answered 401 and learns nothing", async (_who, authorization) => {
    const { restAs, simulator } = await running();
    const { conference } = simulator.addConference();
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await restAs({ headers }, `Conferences/${conference}`);
    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe(20003);
  });

  test("another project's path is 401", async () => {
    const { rest } = await running();
    expect((await rest(`/api/laml/2010-04-01/Accounts/${unknownSid}/Conferences`)).status).toBe(401);
  });

  test("a rotated token is refused from then on, one that is kept is not", async () => {
    const { restAs, control } = await running();
    const as = async (token: string) =>
      (await restAs({ headers: { authorization: basic(token) } }, "Conferences")).status;
    const kept = await control("POST", "credentials", { apiToken: "PTsecond", keepOld: true });
    expect(kept.body.apiToken).toBe("PTsecond");
    expect([await as(apiToken), await as("PTsecond")]).toEqual([200, 200]);
    await control("POST", "credentials", { apiToken: "PTthird" });
    expect([await as(apiToken), await as("PTsecond"), await as("PTthird")]).toEqual([401, 401, 200]);
    const { body } = await control("POST", "credentials", { apiToken: true });
    expect([await as("PTthird"), await as(body.apiToken)]).toEqual([401, 200]);
  });
});

describe("forms of a request that clients in use send", () => {
  test.each([
    ["without a suffix", "/api/laml/2010-04-01", "", "application/x-www-form-urlencoded", "Status=paused"],
    ["with .json", "/api/laml/2010-04-01", ".json", "application/x-www-form-urlencoded", "Status=paused"],
    ["without /api/laml", "/2010-04-01", ".json", "application/x-www-form-urlencoded", "Status=paused"],
    ["as JSON", "/api/laml/2010-04-01", "", "application/json", '{"Status":"paused"}'],
  ])("%s it pauses", async (_name, base, suffix, contentType, body) => {
    const { restAs, simulator } = await running();
    const { conference, recordings } = simulator.addConference();
    const answer = await restAs(
      { method: "POST", headers: { authorization: basic(apiToken), "content-type": contentType }, body },
      `${base}/Accounts/${project}/Conferences/${conference}/Recordings/${recordings[0]}${suffix}`,
    );
    expect(answer.status).toBe(200);
    expect(answer.body.status).toBe("paused");
  });
});

describe("what belongs to what", () => {
  test("a recording is found under its own conference only", async () => {
    const { rest, simulator } = await running();
    const one = simulator.addConference({ room: "one" });
    const other = simulator.addConference({ room: "other" });
    const wrong = `Conferences/${other.conference}/Recordings/${one.recordings[0]}`;
    expect((await rest(wrong)).status).toBe(404);
    expect((await rest(wrong, { Status: "stopped" })).status).toBe(404);
    expect((await rest(`Conferences/${one.conference}/Recordings/${one.recordings[0]}`)).body.status).toBe(
      "in-progress",
    );
  });

  test("a call's recording is not among its conference's, and cannot be changed as one", async () => {
    const { rest, simulator } = await running();
    const { conference, recordings, callRecordings, participants } = simulator.addConference({
      callRecordings: 1,
    });
    const sid = callRecordings[0]?.recording;
    const list = await rest(`Conferences/${conference}/Recordings`);
    expect(list.body.recordings.map((one: { sid: string }) => one.sid)).toEqual(recordings);
    expect((await rest(`Conferences/${conference}/Recordings/${sid}`, { Status: "paused" })).status).toBe(
      404,
    );
    const [, other] = participants;
    expect((await rest(`Calls/${other}/Recordings/${sid}`, { Status: "paused" })).status).toBe(404);
    const all = await rest(`Recordings?ConferenceSid=${conference}`);
    expect(all.body.recordings.map((one: { sid: string }) => one.sid)).toEqual(recordings);
  });

  test("a participant that has left is in no list and not found, or completed where set so", async () => {
    const { rest, simulator } = await running();
    const { conference, participants } = simulator.addConference({ participants: 3 });
    const [gone = "", ...here] = participants;
    simulator.world.leave(conferenceNamed(simulator.world, conference), gone);
    const list = await rest(`Conferences/${conference}/Participants`);
    const calls = list.body.participants.map((one: { call_sid: string }) => one.call_sid);
    expect(calls.toSorted()).toEqual(here.toSorted());
    expect((await rest(`Conferences/${conference}/Participants/${gone}`)).status).toBe(404);
    simulator.changeSettings({ leftParticipant: "completed" });
    expect((await rest(`Conferences/${conference}/Participants/${gone}`)).body.status).toBe("completed");
  });

  test("a deleted participant and a deleted recording are gone", async () => {
    const { rest, restAs, simulator } = await running();
    const { conference, participants, recordings } = simulator.addConference({ participants: 3 });
    const remove = (path: string) =>
      restAs({ method: "DELETE", headers: { authorization: basic(apiToken) } }, path);
    const participant = `Conferences/${conference}/Participants/${participants[0]}`;
    const recording = `Conferences/${conference}/Recordings/${recordings[0]}`;
    for (const path of [participant, recording]) {
      expect((await remove(path)).status).toBe(204);
      expect((await rest(path)).status).toBe(404);
      expect((await remove(path)).status).toBe(404);
    }
  });

  test("media of a recording can be had without credentials, its metadata cannot", async () => {
    const { restAs, simulator } = await running();
    const { recordings } = simulator.addConference();
    const media = await restAs({}, `Recordings/${recordings[0]}`);
    expect([media.status, media.headers.get("content-type")]).toEqual([200, "audio/x-wav"]);
    expect((await restAs({}, `Recordings/${recordings[0]}.json`)).status).toBe(401);
  });
});

describe("filters", () => {
  const sids = (answer: { body: { conferences: { sid: string }[] } }) =>
    answer.body.conferences.map(({ sid }) => sid);

  test("conferences are found by room and status, newest first", async () => {
    const { rest, simulator } = await running();
    const over = simulator.addConference({ room: "support" });
    simulator.world.end(conferenceNamed(simulator.world, over.conference));
    const longer = simulator.addConference({ room: "support 2" });
    const live = simulator.addConference({ room: "support" });
    expect(sids(await rest("Conferences?FriendlyName=support"))).toEqual([live.conference, over.conference]);
    expect(sids(await rest("Conferences?FriendlyName=support&Status=in-progress"))).toEqual([
      live.conference,
    ]);
    expect(sids(await rest("Conferences?FriendlyName=support+2"))).toEqual([longer.conference]);
    expect(sids(await rest("Conferences?FriendlyName=other"))).toEqual([]);
  });

  test("where set so, a room's name may be the beginning of another", async () => {
    const { rest, simulator } = await running({ settings: { roomMatch: "prefix" } });
    simulator.addConference({ room: "support" });
    simulator.addConference({ room: "support 2" });
    expect(sids(await rest("Conferences?FriendlyName=support"))).toHaveLength(2);
  });

  test("dates are days, and before and after leave the day itself out", async () => {
    const clock = new ManualClock(Date.parse("2026-11-23T23:59:59Z"));
    const { rest, simulator } = await running({ clock });
    const { conference } = simulator.addConference();
    const found = async (query: string) => sids(await rest(`Conferences?${query}`)).length;
    expect(await found("DateCreated=2026-11-23")).toBe(1);
    expect(await found("DateCreated=2026-11-24")).toBe(0);
    expect(await found("DateCreated%3C=2026-11-23")).toBe(0);
    expect(await found("DateCreated%3C=2026-11-24")).toBe(1);
    expect(await found("DateCreated%3E=2026-11-23")).toBe(0);
    expect(await found("DateCreated%3E=2026-11-22")).toBe(1);
    expect((await rest("Conferences?DateCreated=soon")).status).toBe(422);
    const byTime = await rest(
      `Recordings?DateCreated=${encodeURIComponent("Mon, 23 Nov 2026 10:00:00 +0000")}`,
    );
    expect(byTime.body.recordings).toHaveLength(1);
    expect(
      (await rest(`Conferences/${conference}/Recordings?DateCreated=2026-11-22`)).body.recordings,
    ).toEqual([]);
  });

  test("a new conference is unknown for as long as set", async () => {
    const clock = new ManualClock();
    const { rest, simulator } = await running({ clock, settings: { newConferenceUnknownForMs: 800 } });
    const { conference, recordings } = simulator.addConference();
    const paths = [
      `Conferences/${conference}`,
      `Conferences/${conference}/Recordings`,
      `Conferences/${conference}/Participants`,
      `Conferences/${conference}/Recordings/${recordings[0]}`,
    ];
    const statuses = async () => Promise.all(paths.map(async (path) => (await rest(path)).status));
    expect(await statuses()).toEqual([404, 404, 404, 404]);
    expect(sids(await rest("Conferences"))).toEqual([]);
    await clock.advance(800);
    expect(await statuses()).toEqual([200, 200, 200, 200]);
    expect(sids(await rest("Conferences"))).toEqual([conference]);
  });
});

describe("pages", () => {
  const seen = (body: { recordings: { sid: string }[] }) => body.recordings.map(({ sid }) => sid);

  test("following next_page_uri, which is relative, shows each recording once, newest first", async () => {
    const { rest, simulator } = await running();
    const { conference, recordings } = simulator.addConference({ recordings: 5 });
    const all: string[] = [];
    let path: string | null = `Conferences/${conference}/Recordings?PageSize=2`;
    for (let page = 0; path !== null; page += 1) {
      const { body }: Awaited<ReturnType<typeof rest>> = await rest(path);
      expect([body.page, body.page_size]).toEqual([page, 2]);
      all.push(...seen(body));
      path = body.next_page_uri;
      if (path !== null) {
        expect(path).toMatch(
          new RegExp(
            `^/api/laml/2010-04-01/Accounts/${project}/Conferences/${conference}/Recordings\\?.*Page=${page + 1}&PageSize=2&PageToken=PA\\d+$`,
          ),
        );
      }
    }
    expect(all).toEqual(recordings.toReversed());
  });

  test("a page that ends with the last one has no next; the way back leads to the same pages", async () => {
    const { rest, simulator } = await running({ settings: { pageSize: 2 } });
    const { conference } = simulator.addConference({ recordings: 6 });
    const first = (await rest(`Conferences/${conference}/Recordings`)).body;
    const second = (await rest(first.next_page_uri)).body;
    const third = (await rest(second.next_page_uri)).body;
    expect([first.previous_page_uri, third.next_page_uri]).toEqual([null, null]);
    const back = (await rest(third.previous_page_uri)).body;
    expect(seen(back)).toEqual(seen(second));
    expect(seen((await rest(back.previous_page_uri)).body)).toEqual(seen(first));
  });

  test("a recording that starts between two pages moves nothing out of them", async () => {
    const { rest, simulator } = await running({ settings: { pageSize: 2 } });
    const { conference, recordings } = simulator.addConference({ recordings: 4 });
    const first = (await rest(`Conferences/${conference}/Recordings`)).body;
    simulator.world.record(conferenceNamed(simulator.world, conference));
    const second = (await rest(first.next_page_uri)).body;
    expect([...seen(first), ...seen(second)]).toEqual(recordings.toReversed());
  });

  test("filters stay in the next page's address", async () => {
    const { rest, simulator } = await running({ settings: { pageSize: 1 } });
    simulator.addConference({ room: "a b" });
    simulator.addConference({ room: "a b" });
    const { body } = await rest("Conferences?FriendlyName=a%20b&Status=in-progress");
    expect(body.next_page_uri).toContain("FriendlyName=a+b&Status=in-progress&Page=1");
    expect((await rest(body.next_page_uri)).body.conferences).toHaveLength(1);
  });

  test.each([
    "Page=1",
    "Page=-1",
    "PageSize=0",
    "PageSize=1001",
    "PageSize=x",
    "PageToken=QQ1",
    "PageToken=PA",
  ])("%s is 422", async (query) => {
    const { rest } = await running();
    expect((await rest(`Conferences?${query}`)).status).toBe(422);
  });
});
