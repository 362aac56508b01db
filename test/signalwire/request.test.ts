import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { account, clientOf, pause, project, recording, ref, resume, startedAt, update } from "./client.ts";
import { type Answer, html, json, reset, ScriptedServer, silence } from "./scripted-server.ts";

let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.listening();
});
afterEach(() => server.close());

const paused = json(200, { status: "paused" });
const accepted = { kind: "accepted", status: "paused" };
/** An earlier attempt may still be carried out after the one that was accepted. */
const acceptedInDoubt = { kind: "accepted", status: "paused", inDoubt: true };
const target = { sid: recording };

describe("repeats", () => {
  const troubles: [string, Answer, number[]][] = [
    ["a reset: at once", reset, []],
    ["a connection that ends in the middle: at once", halfAnswered, []],
    ["408: at once", json(408), []],
    ["500: after a moment", json(500), [100]],
    ["502 as a web page: after a moment", html(502, "<html>Bad Gateway"), [100]],
    ["an empty 503: after a moment", json(503), [100]],
    ["504: after a moment", json(504), [100]],
    ["429: after a moment", json(429, { code: 20429 }), [100]],
    ["429: after as many seconds as told", json(429, undefined, { "retry-after": "2" }), [2000]],
    ["503: after as many seconds as told", json(503, undefined, { "retry-after": "1" }), [1000]],
    [
      "429: at the time told",
      json(429, undefined, { "retry-after": "Tue, 24 Nov 2026 12:00:03 GMT" }),
      [3000],
    ],
    [
      "429: at once where the time told is over",
      json(429, undefined, { "retry-after": "Tue, 24 Nov 2026 11:00:00 GMT" }),
      [],
    ],
    ["429: after a moment where nonsense is told", json(429, undefined, { "retry-after": "-1" }), [100]],
  ];
  test.each(troubles)("%s", async (name, trouble, waits) => {
    server.on(update, trouble, paused);
    const { client, slept } = clientOf(server.origin);
    // A 429 says that it was not done; whatever else goes wrong may have been done or be done yet.
    expect(await client.update(ref, target, pause)).toEqual(
      name.startsWith("429") ? accepted : acceptedInDoubt,
    );
    expect(server.requests).toEqual([update, update]);
    expect(slept).toEqual(waits);
  });

  test("every attempt is told when it leaves, and what never leaves is not", async () => {
    server.on(update, json(500), reset, paused);
    const { client } = clientOf(server.origin);
    const left: number[] = [];
    await client.update(ref, target, { ...pause, onSent: () => left.push(server.received.length) });
    expect(left).toEqual([0, 1, 2]);
    await client.update(ref, target, { ...resume, onSent: () => left.push(server.received.length) });
    expect(left).toEqual([0, 1, 2, 3]);
    const nobody = clientOf("http://127.0.0.1:1").client;
    await nobody.update(ref, target, { ...pause, onSent: () => left.push(-1) });
    await nobody.update(ref, target, { ...resume, onSent: () => left.push(-1) });
    expect(left).toEqual([0, 1, 2, 3]);
  });

  test.each([400, 403, 404, 405, 409, 410, 422, 501, 301, 302, 307, 308])(
    "%i is not repeated",
    async (status) => {
      server.on("*", json(status, undefined, { location: `${server.origin}/elsewhere` }));
      const { client } = clientOf(server.origin);
      await client.update(ref, target, pause);
      expect(server.requests).toEqual([update]);
    },
  );

  test("four attempts are made, with growing waits", async () => {
    server.on(update, json(503));
    const { client, slept } = clientOf(server.origin);
    expect(await client.update(ref, target, pause)).toEqual({ kind: "unanswered" });
    expect(server.requests).toHaveLength(4);
    expect(slept).toEqual([100, 200, 400]);
  });

  test("a wait that would pass the deadline is not begun", async () => {
    server.on(update, json(429, undefined, { "retry-after": "4" }), paused);
    const { client, slept } = clientOf(server.origin);
    expect(await client.update(ref, target, pause)).toEqual({ kind: "refused", httpStatus: 429 });
    expect(server.requests).toHaveLength(1);
    expect(slept).toEqual([]);
  });

  test("nothing is sent after the deadline, though attempts are left", async () => {
    const { client, advance } = clientOf(server.origin);
    server.on(update, (response, request) => {
      advance(4000);
      json(503)(response, request);
    });
    expect(await client.update(ref, target, pause)).toEqual({ kind: "unanswered" });
    expect(server.requests).toHaveLength(1);
  });

  test("after a time-out it is tried again, with a time-out of its own", async () => {
    server.on(update, silence, paused);
    const { client } = clientOf(server.origin, { attemptTimeoutMs: 300 });
    expect(await client.update(ref, target, pause)).toEqual(acceptedInDoubt);
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  test("an answer that does not come to its end is given up as well", async () => {
    server.on(update, (response) => response.writeHead(200).write('{"status":'), paused);
    const { client } = clientOf(server.origin, { attemptTimeoutMs: 300 });
    expect(await client.update(ref, target, pause)).toEqual(acceptedInDoubt);
  });

  test("the time-out is cut to the deadline", async () => {
    server.on(update, silence);
    const { client } = clientOf(server.origin, { now: Date.now, attemptTimeoutMs: 60_000 });
    const outcome = await client.update(ref, target, { ...pause, deadline: Date.now() + 100 });
    expect(outcome).toEqual({ kind: "unanswered" });
    expect(server.requests).toHaveLength(1);
  });

  test("an answer of more than 4 MB is not read to its end", async () => {
    let written = 0;
    server.on(update, (response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 32))) written += 65_536;
      };
      response.on("drain", more);
      more();
    });
    const { client } = clientOf(server.origin);
    expect(await client.update(ref, target, pause)).toEqual({ kind: "accepted", status: "unrecognised" });
    expect(written).toBeLessThan(32 * 1024 * 1024);
  });
});

describe("credentials", () => {
  const rotated = (newer: () => Promise<{ space: string; apiToken: string }>) => ({
    project: async () => ({ space: server.origin, apiToken: "PT-older" }),
    projectAgain: newer,
  });
  const older = "Basic YjM4NzdjNDAtZGE2MC00OTk4LTkwYWQtYjc5MmU5ODQ3MmFmOlBULW9sZGVy";
  const newer = "Basic YjM4NzdjNDAtZGE2MC00OTk4LTkwYWQtYjc5MmU5ODQ3MmFmOlBULW5ld2Vy";

  test("a token that is refused is read again, and the request repeated with the newer one", async () => {
    server.on(update, json(401, { code: 20003 }), paused);
    const credentials = rotated(async () => ({ space: server.origin, apiToken: "PT-newer" }));
    const { client, alarms } = clientOf(server.origin, { credentials });
    expect(await client.update(ref, target, pause)).toEqual(accepted);
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([older, newer]);
    expect(alarms).toEqual([]);
  });

  test("it is read again once, and a second refusal stands and raises the alarm", async () => {
    server.on(update, json(401));
    let reads = 0;
    const credentials = rotated(async () => ({ space: server.origin, apiToken: `PT-newer-${++reads}` }));
    const { client, alarms } = clientOf(server.origin, { credentials });
    expect(await client.update(ref, target, pause)).toEqual({ kind: "refused", httpStatus: 401 });
    expect(server.requests).toHaveLength(2);
    expect(reads).toBe(1);
    expect(alarms).toEqual(["signalwire-credentials-refused"]);
  });

  const useless: [string, () => Promise<{ space: string; apiToken: string }>][] = [
    ["there is no newer one", async () => ({ space: server.origin, apiToken: "PT-older" })],
    ["it cannot be read", () => Promise.reject(new Error("no answer"))],
    ["reading it takes too long", () => new Promise(() => undefined)],
  ];
  test.each(useless)("the same token is not sent twice where %s", async (_, again) => {
    server.on(update, json(401));
    const { client } = clientOf(server.origin, { credentials: rotated(again), attemptTimeoutMs: 300 });
    expect(await client.update(ref, target, pause)).toEqual({ kind: "refused", httpStatus: 401 });
    expect(server.requests).toHaveLength(1);
  });

  test("403 raises the alarm", async () => {
    server.on(update, json(403));
    const { client, alarms } = clientOf(server.origin);
    await client.update(ref, target, pause);
    expect(alarms).toEqual(["signalwire-credentials-refused"]);
  });

  test.each([
    "example.com/x",
    "http://example.com",
    "http://127.0.0.1",
    "http://localhost:80",
    "user@example.com",
    "",
  ])("nothing is sent to a space such as %j", async (space) => {
    const { client } = clientOf(space);
    expect(await client.update(ref, target, pause)).toEqual({ kind: "not-sent" });
    expect(await client.update(ref, target, { ...pause, attempts: "once" })).toEqual({ kind: "not-sent" });
  });
});

describe("connections", () => {
  test("are kept between requests", async () => {
    server.on(update, paused);
    const { client } = clientOf(server.origin);
    for (let i = 0; i < 3; i += 1) await client.update(ref, target, pause);
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });

  test("a kept one that the server resets when it is used again costs no pause", async () => {
    const { client, slept } = clientOf(server.origin);
    server.on(update, paused);
    await Promise.all([1, 2, 3].map(() => client.update(ref, target, pause)));
    // The next request on each of the three finds it closed.
    server.on(update, (response, request) => (request.connection <= 3 ? reset : paused)(response, request));
    expect(await client.update(ref, target, pause)).toEqual(acceptedInDoubt);
    expect(server.received.map(({ connection }) => connection).slice(3)).toEqual([
      expect.toSatisfy((n) => n <= 3),
      4,
    ]);
    expect(slept).toEqual([]);
  });

  test("one that the server closed while nobody looked costs nothing", async () => {
    server.on(update, paused);
    const { client } = clientOf(server.origin);
    await client.update(ref, target, pause);
    server.sockets[0]?.resetAndDestroy();
    expect(await client.update(ref, target, pause)).toEqual(acceptedInDoubt);
  });

  test("one that was idle for a minute is not used again", async () => {
    server.on(update, paused);
    const { client, advance } = clientOf(server.origin);
    await client.update(ref, target, pause);
    advance(60_000);
    await client.update(ref, target, { ...pause, deadline: startedAt + 64_000 });
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  test("a connection opened in advance is the one that the first request uses", async () => {
    server.on(update, paused);
    const { client } = clientOf(server.origin);
    await client.prime(project, 5000);
    await client.prime(project, 5000);
    expect(server.requests).toEqual([]);
    await client.update(ref, target, pause);
    await client.prime(project, 5000);
    await client.update(ref, target, pause);
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 1]);
    expect(server.sockets).toHaveLength(1);
  });

  test("one opened in advance and closed by then is opened again in advance", async () => {
    server.on(update, paused);
    const { client, advance } = clientOf(server.origin);
    await client.prime(project, 5000);
    advance(60_000);
    await client.prime(project, 5000);
    await client.update(ref, target, { ...pause, deadline: startedAt + 64_000 });
    expect(server.received.map(({ connection }) => connection)).toEqual([2]);
    expect(server.sockets).toHaveLength(2);
  });

  test("a connection opened in advance may be dead by then", async () => {
    server.on(update, (response, request) => (request.connection === 1 ? reset : paused)(response, request));
    const { client, slept } = clientOf(server.origin);
    await client.prime(project, 5000);
    expect(await client.update(ref, target, pause)).toEqual(acceptedInDoubt);
    expect(slept).toEqual([]);
  });

  test("opening one in advance never fails", async () => {
    await server.close();
    await clientOf(server.origin).client.prime(project, 5000);
    await clientOf("not a space").client.prime(project, 5000);
    const never = () => new Promise<never>(() => undefined);
    const credentials = { project: never, projectAgain: never };
    await clientOf(server.origin, { credentials }).client.prime(project, 20);
    server = await ScriptedServer.listening();
  });
});

test("a failure names method, path and status, and nothing that was sent or answered", async () => {
  server.on("*", json(400, { code: 10000, message: "4111 1111 1111 1111", more_info: "", status: 400 }));
  const { client } = clientOf(server.origin);
  const failure = await client
    .conferencesInRoom(project, "4111 room" as never, pause.deadline)
    .catch((e: Error) => e);
  expect(failure).toMatchObject({
    name: "SignalWireFailure",
    message: `GET ${account}/Conferences: 400`,
    method: "GET",
    path: `${account}/Conferences`,
    status: 400,
    retryable: false,
  });
  expect(JSON.stringify(failure) + String((failure as Error).cause)).not.toContain("4111");
});

function halfAnswered(response: Parameters<Answer>[0]) {
  response.writeHead(200, { "content-length": 100 });
  response.write('{"status":');
  response.socket?.end();
}
