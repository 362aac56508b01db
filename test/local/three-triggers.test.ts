import { createHmac, randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LocalStack, startStack } from "../../infra/local/stack.ts";
import {
  conference,
  first,
  type StandIn,
  second,
  startStandIn,
  type Wrong,
} from "../fixtures/signalwire-stand-in.ts";

let stack: LocalStack;
let signalwire: StandIn;

beforeAll(async () => {
  let authorization = "";
  signalwire = await startStandIn(() => authorization);
  stack = await startStack({ port: 0, signalwire: signalwire.url });
  authorization = `Basic ${Buffer.from(`${stack.project}:${stack.apiToken}`).toString("base64")}`;
});

afterAll(async () => {
  await stack?.close();
  await signalwire?.close();
});

const base = () => `/api/laml/2010-04-01/Accounts/${stack.project}/Conferences/${conference}/Recordings`;
const updates = () =>
  signalwire.requests.flatMap(({ method, path, form, contentType }) =>
    method === "POST" ? [{ path: path.replace(`${base()}/`, ""), form, contentType }] : [],
  );
const form = "application/x-www-form-urlencoded";

beforeEach(() => {
  signalwire.statuses.set(first, "in-progress").set(second, "in-progress");
  signalwire.wrong.length = 0;
  signalwire.requests.length = 0;
});

async function control(input: object, alias?: string): Promise<Record<string, unknown>> {
  const qualifier = alias === undefined ? "" : `?Qualifier=${alias}`;
  const response = await fetch(`${stack.url}/2015-03-31/functions/control/invocations${qualifier}`, {
    method: "POST",
    body: JSON.stringify(input),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (response.headers.has("x-amz-function-error")) throw Object.assign(new Error("failed"), answer);
  return answer;
}

const pause = (hold: string) => ({
  type: "recording.pause",
  data: { conference, hold, reason: "card-entry" },
});

async function signal(body: { type: string; data: object }, sender = stack.sender): Promise<Response> {
  const id = `msg_${randomUUID()}`;
  const seconds = String(Math.floor(Date.now() / 1000));
  const text = JSON.stringify({ timestamp: new Date().toISOString(), ...body });
  const key = Buffer.from(stack.senderSecret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${seconds}.${text}`).digest("base64");
  return fetch(`${stack.url}/signals/${sender}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": seconds,
      "webhook-signature": `v1,${signature}`,
    },
    body: text,
  });
}

async function press(
  digits: string,
  query = `conference=${conference}`,
): Promise<{ status: number; body: string }> {
  const url = `${stack.url}/telephony/digits?${query}`;
  const fields = {
    AccountSid: stack.project,
    CallSid: "5ea1c0de-0000-4000-8000-0000000000ca",
    CallStatus: "in-progress",
    Digits: digits,
  };
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  const data = url + sorted.map(([name, value]) => name + value).join("");
  const signature = createHmac("sha1", stack.signingKey).update(data).digest("base64");
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": form, "x-signalwire-signature": signature },
    body: new URLSearchParams(fields).toString(),
  });
  return { status: response.status, body: await response.text() };
}

const running = [
  { path: first, form: "Status=in-progress", contentType: form },
  { path: second, form: "Status=in-progress", contentType: form },
];
const paused = [
  { path: first, form: "Status=paused&PauseBehavior=silence", contentType: form },
  { path: second, form: "Status=paused&PauseBehavior=silence", contentType: form },
];
const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);

// First, while no check of another case is looking in between.
describe("bad input changes nothing", () => {
  test.each([
    [
      "an unknown field",
      { type: "recording.pause", data: { conference, hold: "h", reason: "r", colour: "red" } },
      400,
      "data.colour",
    ],
    ["no conference", { type: "recording.pause", data: { hold: "h", reason: "r" } }, 400, "data"],
    [
      "two targets",
      { type: "recording.pause", data: { conference, room: "x", hold: "h", reason: "r" } },
      400,
      "data",
    ],
    ["no hold", { type: "recording.pause", data: { conference, reason: "r" } }, 400, "data.hold"],
    ["no reason", { type: "recording.pause", data: { conference, hold: "h" } }, 400, "data.reason"],
    [
      "an unknown type",
      { type: "recording.start", data: { conference, hold: "h", reason: "r" } },
      400,
      "type",
    ],
    [
      "a card number",
      { type: "recording.pause", data: { conference, hold: "4111111111111111", reason: "r" } },
      400,
      "data.hold",
    ],
    [
      "a project that is not configured",
      { type: "recording.pause", data: { project: randomUUID(), conference, hold: "h", reason: "r" } },
      403,
      "data.project",
    ],
  ])("%s", async (_name, body, status, field) => {
    const answer = await signal(body);
    expect(answer.status).toBe(status);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ field, safeToCollect: false });
    expect(text).not.toContain("4111");
    expect(signalwire.requests).toEqual([]);
  });

  test("an unknown conference is 404, and a signal of nobody is 401 whether or not the conference exists", async () => {
    const unknown = { type: "recording.pause", data: { conference: randomUUID(), hold: "h", reason: "r" } };
    expect((await signal(unknown)).status).toBe(404);
    const bodies = await Promise.all(
      [unknown, pause("h")].map(async (body) => {
        const answer = await signal(body, "nobody");
        const { requestId: _, ...rest } = (await answer.json()) as { requestId: string };
        return { status: answer.status, ...rest };
      }),
    );
    expect(bodies[0]).toEqual(bodies[1]);
    expect(bodies[0]).toMatchObject({ status: 401 });
  });

  test("of an operator fails the invocation and names the field", async () => {
    await expect(control({ action: "pause", conference, reason: "r" })).rejects.toMatchObject({
      errorType: "InvalidCommand",
      errorMessage: "actor is required",
    });
    await expect(
      control({ action: "stop", conference, reason: "r", actor: "a" }, "hold"),
    ).rejects.toMatchObject({
      errorType: "NotAllowed",
    });
  });

  test("a forged key press is 403 and nothing else", async () => {
    const response = await fetch(`${stack.url}/telephony/digits?conference=${conference}`, {
      method: "POST",
      headers: { "content-type": form, "x-signalwire-signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA=" },
      body: `AccountSid=${stack.project}&CallSid=${randomUUID()}&Digits=3`,
    });
    expect(response.status).toBe(403);
    expect(updates()).toEqual([]);
  });

  test("too large, of another type, on another route", async () => {
    const post = (path: string, headers: Record<string, string>, body: string) =>
      fetch(`${stack.url}${path}`, { method: "POST", headers, body }).then(({ status }) => status);
    const jsonType = { "content-type": "application/json" };
    expect(await post("/signals/payments", jsonType, "x".repeat(65_537))).toBe(413);
    expect(await post("/signals/payments", { "content-type": "text/plain" }, "{}")).toBe(415);
    expect(await post("/elsewhere", jsonType, "{}")).toBe(404);
  });
});

const releaseAll = () => control({ action: "release-all", reason: "test", conference, actor: "test" });

describe("both recordings are paused and resumed with requests as documented", () => {
  test("by an operator", async () => {
    expect(await control({ action: "pause", conference, reason: "card-entry", actor: "ada" })).toMatchObject({
      confirmed: true,
      safeToCollect: true,
    });
    expect([...signalwire.statuses.values()]).toEqual(["paused", "paused"]);
    expect(updates().slice(-2).sort(byPath)).toEqual(paused);
    expect(await control({ action: "status", conference })).toMatchObject({
      wanted: "paused",
      safeToCollect: true,
    });
    expect(await control({ action: "resume", conference, actor: "ada" })).toMatchObject({
      wanted: "in-progress",
      confirmed: true,
    });
    expect(updates().slice(-2).sort(byPath)).toEqual(running);
  });

  test("by an event of a bus, which only ever pauses through the alias that its rule has by default", async () => {
    const event = (detail: object) => ({
      version: "0",
      id: randomUUID(),
      "detail-type": "payment page opened",
      source: "com.example.payments",
      account: "000000000000",
      time: new Date().toISOString(),
      region: "us-east-1",
      resources: [],
      detail: { conference, hold: "payment-7", ...detail },
    });
    const resume = event({ action: "resume" });
    expect(await control(event({ action: "pause", reason: "card-entry" }), "hold")).toMatchObject({
      safeToCollect: true,
      holds: [{ id: "payment-7", source: "event:com.example.payments" }],
    });
    await expect(control(resume, "hold")).rejects.toMatchObject({ errorType: "NotAllowed" });
    expect(signalwire.statuses.get(first)).toBe("paused");
    expect(await control({ ...resume, time: new Date().toISOString() }, "release")).toMatchObject({
      wanted: "in-progress",
      holds: [],
    });
    const { entries } = (await control({ action: "ledger", conference }, "read")) as {
      entries: { cause: object }[];
    };
    expect(entries.map(({ cause }) => cause)).toContainEqual(
      expect.objectContaining({
        source: "event:com.example.payments",
        actor: "com.example.payments",
        request: resume.id,
      }),
    );
  });

  test("by a compliance system", async () => {
    const answer = await signal(pause("payment-1"));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      safeToCollect: true,
      holds: [{ id: "payment-1", source: "signal:payments" }],
    });
    const released = await signal({ type: "recording.resume", data: { conference, hold: "payment-1" } });
    expect(await released.json()).toMatchObject({ wanted: "in-progress", confirmed: true });
    expect(updates().slice(-2).sort(byPath)).toEqual(running);
  });

  test("by a key on a phone", async () => {
    const answer = await press("1");
    expect(answer.status).toBe(200);
    expect(answer.body).toContain("The recording is paused.");
    expect([...signalwire.statuses.values()]).toEqual(["paused", "paused"]);
    expect((await press("2")).body).toContain("The recording is running again.");
    expect([...signalwire.statuses.values()]).toEqual(["in-progress", "in-progress"]);
  });
});

describe("what goes wrong at SignalWire is survived", () => {
  afterEach(async () => {
    signalwire.wrong.length = 0;
    await releaseAll();
  });

  test.each<[string, Wrong[]]>([
    ["a 503", ["503"]],
    ["a 429 with Retry-After", ["429"]],
    ["a connection that is reset", ["reset"]],
    ["a 502 in HTML", ["html502"]],
    ["an answer that lies", ["lie"]],
    ["all of them", ["lie", "503", "reset", "html502"]],
  ])("%s", async (_name, wrong) => {
    signalwire.wrong.push(...wrong);
    const answer = await signal(pause(randomUUID()));
    expect(await answer.json()).toMatchObject({ confirmed: true, safeToCollect: true });
    expect([...signalwire.statuses.values()]).toEqual(["paused", "paused"]);
  });

  test("an answer that keeps lying is never called paused", async () => {
    signalwire.wrong.push(...Array.from({ length: 500 }, (): Wrong => "lie"));
    const [bySignal, byKey] = await Promise.all([signal(pause(randomUUID())), press("1")]);
    expect(bySignal.status).toBe(202);
    expect(await bySignal.json()).toMatchObject({ confirmed: false, safeToCollect: false });
    expect(byKey.body).toContain("Do not take card details now.");
  });
});

describe("a stop", () => {
  test("by each trigger stops both recordings for good", async () => {
    const stopped = await signal({ type: "recording.stop", data: { conference } });
    expect(await stopped.json()).toMatchObject({ wanted: "stopped", confirmed: true });
    expect([...signalwire.statuses.values()]).toEqual(["stopped", "stopped"]);
    expect((await press("3")).body).toContain("The recording is stopped.");
    expect(await control({ action: "stop", conference, reason: "consent", actor: "ada" })).toMatchObject({
      wanted: "stopped",
    });
    expect((await signal(pause("late"))).status).toBe(409);
    expect((await press("2")).body).not.toContain("running");
    expect([...signalwire.statuses.values()]).toEqual(["stopped", "stopped"]);
    expect(await control({ action: "verify", conference })).toMatchObject({ intact: true, brokenAt: null });
  });
});
