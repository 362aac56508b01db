import { once } from "node:events";
import { Agent, get } from "node:http";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { startSimulator } from "../../infra/local/simulator/simulator.ts";
import { apiToken, ManualClock, project, running, signingKey, unknownSid } from "./running.ts";

describe("what can be made to happen", () => {
  test("a conference with people, recordings and recordings of calls", async () => {
    const { control, rest } = await running();
    const input = { room: "sales", participants: 2, recordings: 2, callRecordings: 3 };
    const { body } = await control("POST", "conferences", input);
    expect([body.room, body.participants.length, body.recordings.length]).toEqual(["sales", 2, 2]);
    const [first, second] = body.participants;
    expect(body.callRecordings.map(({ call }: { call: string }) => call)).toEqual([first, second, first]);
    expect((await rest(`Conferences/${body.conference}`)).body).toMatchObject({
      friendly_name: "sales",
      status: "in-progress",
    });
    expect((await rest(`Recordings?CallSid=${first}`)).body.recordings).toHaveLength(2);
  });

  test("with one participant and no recording it has not begun; a second one begins it", async () => {
    const { control } = await running();
    const { body } = await control("POST", "conferences", { participants: 1, recordings: 0 });
    const status = async () => (await control("GET", `conferences/${body.conference}`)).body.status;
    expect(await status()).toBe("init");
    const added = await control("POST", `conferences/${body.conference}/participants`, {});
    expect(added.body.call).toMatch(/^[0-9a-f-]{36}$/);
    expect(await status()).toBe("in-progress");
  });

  test("a recording starts in mid-call, of the conference and of a call", async () => {
    const { control, simulator } = await running();
    const { conference, participants } = simulator.addConference({ recordings: 0 });
    await control("POST", `conferences/${conference}/recordings`, { status: "queued" });
    await control("POST", `calls/${participants[0]}/recordings`);
    const { body } = await control("GET", `conferences/${conference}`);
    expect(body.recordings).toMatchObject([{ status: "queued", call: null }]);
    expect(body.callRecordings).toMatchObject([{ status: "in-progress", call: participants[0] }]);
  });

  test("a recording changes by itself, at once or later, into any word", async () => {
    const clock = new ManualClock();
    const { control, simulator } = await running({ clock });
    const { recordings } = simulator.addConference({ recordingStatus: "paused" });
    const status = async () => (await control("GET", `recordings/${recordings[0]}`)).body.status;
    await control("POST", `recordings/${recordings[0]}`, { status: "humming" });
    expect(await status()).toBe("humming");
    await control("POST", `recordings/${recordings[0]}`, { status: "in-progress", afterMs: 50 });
    expect(await status()).toBe("humming");
    await clock.advance(50);
    expect(await status()).toBe("in-progress");
    const { body } = await control("GET", `recordings/${recordings[0]}`);
    expect(body.history).toEqual([
      { at: "2026-11-23T15:46:00.000Z", status: "paused", by: "start" },
      { at: "2026-11-23T15:46:00.000Z", status: "humming", by: "control" },
      { at: "2026-11-23T15:46:00.050Z", status: "in-progress", by: "control" },
    ]);
  });

  test("a conference ends", async () => {
    const { control, rest, simulator } = await running();
    const { conference } = simulator.addConference();
    await control("POST", `conferences/${conference}/end`);
    expect((await rest(`Conferences/${conference}`)).body.status).toBe("completed");
    expect((await control("POST", `conferences/${conference}/participants`, {})).status).toBe(409);
  });

  test("settings change one by one, and wrong ones are refused", async () => {
    const { control } = await running();
    expect((await control("POST", "settings", { afterStop: "completed" })).body.afterStop).toBe("completed");
    const { body } = await control("POST", "settings", { pageSize: 3 });
    expect(body).toMatchObject({ afterStop: "completed", pageSize: 3, repeated: "ok" });
    expect((await control("POST", "settings", { pagesize: 3 })).status).toBe(400);
    expect((await control("GET", "settings")).body).toEqual(body);
  });

  test("everything is forgotten but credentials and settings", async () => {
    const { control, rest, simulator } = await running({ settings: { pageSize: 7 } });
    simulator.addConference();
    await rest("Conferences");
    await control("POST", "misbehaviours", { kind: "503" });
    await control("POST", "clear");
    expect((await control("GET", "requests")).body).toEqual([]);
    expect((await rest("Conferences")).body).toMatchObject({ conferences: [], page_size: 7 });
  });
});

describe("what was received", () => {
  test("each request is shown with its form and its answer, and without its credentials", async () => {
    const { control, rest, restAs, simulator } = await running({ clock: new ManualClock() });
    const { conference, recordings } = simulator.addConference();
    await rest(`Conferences/${conference}/Recordings/${recordings[0]}`, { Status: "paused" });
    await restAs({ headers: { authorization: "Basic bm9ib2R5" } }, "Conferences?PageSize=2");
    const { body, text } = await control("GET", "requests");
    const account = `/api/laml/2010-04-01/Accounts/${project}`;
    expect(body).toEqual([
      {
        number: 1,
        at: 1795448760000,
        method: "POST",
        path: `${account}/Conferences/${conference}/Recordings/${recordings[0]}`,
        form: { Status: "paused" },
        authorized: true,
        misbehaviours: [],
        status: 200,
      },
      {
        number: 2,
        at: 1795448760000,
        method: "GET",
        path: `${account}/Conferences?PageSize=2`,
        form: {},
        authorized: false,
        misbehaviours: [],
        status: 401,
      },
    ]);
    for (const secret of [apiToken, Buffer.from(apiToken).toString("base64"), "bm9ib2R5"]) {
      expect(text).not.toContain(secret);
    }
  });

  test("it shows which misbehaviours a request met, and it can be cleared", async () => {
    const { control, rest } = await running();
    await control("POST", "misbehaviours", { kind: "slow", ms: 0 });
    await control("POST", "misbehaviours", { kind: "404" });
    await rest("Conferences");
    expect((await control("GET", "requests")).body).toMatchObject([
      { misbehaviours: ["slow", "404"], status: 404 },
    ]);
    await control("DELETE", "requests");
    expect((await control("GET", "requests")).body).toEqual([]);
  });
});

describe("the control API itself", () => {
  test("the listing shows conferences, recordings, misbehaviours, requests and routes, and no secret", async () => {
    const { restAs, rest, control, simulator } = await running();
    const { conference, recordings, callRecordings } = simulator.addConference({
      room: "sales",
      callRecordings: 1,
    });
    await control("POST", "misbehaviours", { kind: "lying" });
    await rest("Conferences");
    const { status, text, headers } = await restAs({}, "/_simulator");
    expect([status, headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
    const shown = [
      conference,
      "sales",
      recordings[0],
      callRecordings[0]?.recording,
      "lying",
      "POST conferences",
    ];
    for (const one of shown) expect(text).toContain(one);
    expect(text).not.toContain(apiToken);
    expect(text).not.toContain(signingKey);
  });

  test.each([
    ["GET", "nothing", undefined, 404],
    ["POST", `recordings/${unknownSid}`, {}, 404],
    ["POST", `conferences/${unknownSid}/end`, {}, 404],
    ["DELETE", `conferences/${unknownSid}/participants/${unknownSid}`, undefined, 404],
    ["POST", "conferences", { rooms: "sales" }, 400],
    ["POST", "conferences", { participants: -1 }, 400],
    ["POST", "conferences", "text", 400],
  ])("%s %s %j is %i", async (method, path, body, expected) => {
    const { control } = await running();
    const answer = await control(method, path, body);
    expect(answer.status).toBe(expected);
    expect(answer.body.error).toEqual(expect.any(String));
  });

  test("a body that is no JSON is 400", async () => {
    const { restAs } = await running();
    expect((await restAs({ method: "POST", body: "{" }, "/_simulator/conferences")).status).toBe(400);
  });

  test("a page in a browser is refused", async () => {
    const { restAs } = await running();
    const headers = { origin: "https://example.com" };
    expect((await restAs({ method: "POST", headers, body: "{}" }, "/_simulator/conferences")).status).toBe(
      403,
    );
  });

  test("a port that is taken is an error", async () => {
    const { simulator } = await running();
    const port = Number(new URL(simulator.url).port);
    await expect(startSimulator({ port, project, apiToken, signingKey })).rejects.toThrow("EADDRINUSE");
  });

  test("connections that nothing is going on on are closed", async () => {
    const { control, simulator } = await running();
    const agent = new Agent({ keepAlive: true });
    const socket = await new Promise<Socket>((resolve) => {
      get(`${simulator.url}/_simulator`, { agent }, (response) => {
        const { socket } = response;
        response.resume().once("end", () => resolve(socket));
      });
    });
    const closed = once(socket, "close", { signal: AbortSignal.timeout(2000) }); // idle ones live for 5 s
    expect((await control("POST", "connections/close")).status).toBe(200);
    await closed;
    agent.destroy();
  });
});
