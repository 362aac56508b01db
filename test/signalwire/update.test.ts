import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callSid } from "../../functions/recording/ids.ts";
import { account, clientOf, pause, recording, ref, resume, update } from "./client.ts";
import { type Answer, html, json, reset, ScriptedServer, silence } from "./scripted-server.ts";

let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.listening();
});
afterEach(() => server.close());

const send = (options: typeof pause | typeof resume = pause, ports = {}) =>
  clientOf(server.origin, ports).client.update(ref, { sid: recording }, options);

describe("the request", () => {
  test("a pause is the documented one: form, Basic, no suffix", async () => {
    server.on(update, json(200, { sid: recording, status: "paused" }));
    expect(await send()).toEqual({ kind: "accepted", status: "paused" });
    expect(server.received).toMatchObject([
      {
        method: "POST",
        url: "/api/laml/2010-04-01/Accounts/b3877c40-da60-4998-90ad-b792e98472af/Conferences/43bb71ee-553f-4074-bb20-8e2747647cce/Recordings/19e436af-5688-4307-b03b-bdb2b42b8142",
        body: "Status=paused&PauseBehavior=silence",
        headers: {
          authorization: "Basic YjM4NzdjNDAtZGE2MC00OTk4LTkwYWQtYjc5MmU5ODQ3MmFmOlBULW1hZGUtdXAtdG9rZW4=",
          accept: "application/json",
          "content-type": "application/x-www-form-urlencoded",
          "content-length": "35",
        },
      },
    ]);
  });

  test("the pause behaviour goes only with a pause", async () => {
    server.on(update, json(200, { status: "in-progress" }));
    const { client } = clientOf(server.origin);
    for (const to of ["in-progress", "stopped"] as const) {
      await client.update(ref, { sid: recording }, { ...pause, to, pauseBehavior: "skip" });
    }
    expect(server.received.map(({ body }) => body)).toEqual(["Status=in-progress", "Status=stopped"]);
  });

  test("the recording of a participant's call is updated as the call's", async () => {
    const url = `${account}/Calls/b3877c40-da60-4998-90ad-b792e98472ca/Recordings/19e436af-5688-4307-b03b-bdb2b42b8142`;
    server.on(`POST ${url}`, json(200, { status: "paused" }));
    const call = callSid("b3877c40-da60-4998-90ad-b792e98472ca");
    const outcome = await clientOf(server.origin).client.update(ref, { sid: recording, call }, pause);
    expect(outcome).toEqual({ kind: "accepted", status: "paused" });
  });
});

describe("what an answer means", () => {
  const answers: [string, Answer, object][] = [
    [
      "a number as price, no trim, fields unheard of",
      json(200, { sid: recording, status: "paused", price: 0.0, trim: null, x: {} }),
      { kind: "accepted", status: "paused" },
    ],
    [
      "an unchanged status",
      json(200, { status: "in-progress" }),
      { kind: "accepted", status: "in-progress" },
    ],
    [
      "a word that is not documented",
      json(200, { status: "Paused!" }),
      { kind: "accepted", status: "unrecognised" },
    ],
    ["no status", json(200, {}), { kind: "accepted", status: "unrecognised" }],
    ["no body", json(204), { kind: "accepted", status: "unrecognised" }],
    ["a web page with 200", html(200, "<html>"), { kind: "accepted", status: "unrecognised" }],
    [
      "400 as an object",
      json(400, { code: 10000, message: "no", more_info: "", status: 400 }),
      { kind: "refused", httpStatus: 400 },
    ],
    [
      "404",
      json(404, { code: 20404, message: "", more_info: "", status: 404 }),
      { kind: "refused", httpStatus: 404 },
    ],
    ["422 with texts", json(422, { errors: ["no"] }), { kind: "refused", httpStatus: 422 }],
    [
      "422 with objects",
      json(422, { errors: [{ code: "30010", message: "no" }] }),
      { kind: "refused", httpStatus: 422 },
    ],
    ["429 to the end", json(429, { code: 20429 }), { kind: "refused", httpStatus: 429 }],
    ["an empty 503 to the end", json(503), { kind: "unanswered" }],
    ["an HTML 502 to the end", html(502, "<html>Bad Gateway"), { kind: "unanswered" }],
    ["a redirect", json(302, undefined, { location: "/elsewhere" }), { kind: "unanswered" }],
    ["a reset to the end", reset, { kind: "unanswered" }],
  ];
  test.each(answers)("%s", async (_, answer, outcome) => {
    server.on(update, answer);
    expect(await send()).toEqual(outcome);
    expect(server.requests.filter((request) => request !== update)).toEqual([]);
  });

  test("silence is unanswered", async () => {
    server.on(update, silence);
    expect(await send(pause, { attemptTimeoutMs: 50 })).toEqual({ kind: "unanswered" });
  });

  test("nothing is sent where nobody listens", async () => {
    await server.close();
    expect(await send()).toEqual({ kind: "not-sent" });
    expect(await send(resume)).toEqual({ kind: "not-sent" });
    server = await ScriptedServer.listening();
  });

  test("nothing is sent after the deadline", async () => {
    server.on(update, json(200, { status: "paused" }));
    const { client, advance } = clientOf(server.origin);
    advance(4000);
    expect(await client.update(ref, { sid: recording }, pause)).toEqual({ kind: "not-sent" });
    expect(await client.update(ref, { sid: recording }, resume)).toEqual({ kind: "not-sent" });
    expect(server.received).toEqual([]);
  });

  test("nothing is sent without credentials", async () => {
    const credentials = {
      project: () => Promise.reject(new Error("no")),
      projectAgain: () => Promise.reject(),
    };
    expect(await send(pause, { credentials })).toEqual({ kind: "not-sent" });
    expect(await send(resume, { credentials })).toEqual({ kind: "not-sent" });
    expect(server.received).toEqual([]);
  });

  test("a refusal is not definite after an attempt that may still be carried out", async () => {
    server.on(update, reset, json(422, { errors: ["no"] }));
    expect(await send()).toEqual({ kind: "unanswered" });
  });

  test("not even where the rest could not be sent", async () => {
    server.on(update, (response, request) => {
      reset(response, request);
      void server.close();
    });
    expect(await send()).toEqual({ kind: "unanswered" });
    server = await ScriptedServer.listening();
  });
});

describe("a resume", () => {
  const failures: [string, Answer, object][] = [
    ["reset", reset, { kind: "unanswered" }],
    ["silence", silence, { kind: "unanswered" }],
    ["401", json(401), { kind: "refused", httpStatus: 401 }],
    ["408", json(408), { kind: "unanswered" }],
    ["429", json(429, undefined, { "retry-after": "0" }), { kind: "refused", httpStatus: 429 }],
    ["500", json(500), { kind: "unanswered" }],
    ["502", html(502, "<html>"), { kind: "unanswered" }],
    ["503", json(503), { kind: "unanswered" }],
    ["504", json(504), { kind: "unanswered" }],
    ["redirect", json(307, undefined, { location: "/x" }), { kind: "unanswered" }],
  ];
  test.each(failures)("is one request under %s", async (_, answer, outcome) => {
    server.on("*", answer);
    let reread = 0;
    const access = async () => ({ space: server.origin, apiToken: "PT-made-up-token" });
    const credentials = {
      project: access,
      projectAgain: async () => {
        reread += 1;
        return { space: server.origin, apiToken: "PT-newer-token" };
      },
    };
    expect(await send(resume, { attemptTimeoutMs: 50, credentials })).toEqual(outcome);
    expect(server.requests).toEqual([update]);
    expect(reread).toBe(0);
  });

  test("goes over a connection of its own", async () => {
    server.on(update, json(200, { status: "in-progress" }));
    const { client } = clientOf(server.origin);
    await client.update(ref, { sid: recording }, pause);
    await client.update(ref, { sid: recording }, resume);
    await client.update(ref, { sid: recording }, pause);
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 2, 1]);
    expect(server.received[1]?.headers.connection).toBe("close");
  });

  test("is not sent once half a second has passed before its connection was there", async () => {
    server.on(update, json(200, { status: "in-progress" }));
    let reads = 0;
    // The clock is read before, while and after the connection is opened; the process was frozen in between.
    const now = () => pause.deadline - 4000 + (reads++ < 3 ? 0 : 501);
    expect(await send(resume, { now })).toEqual({ kind: "not-sent" });
    expect(server.received).toEqual([]);
  });
});
