import fc from "fast-check";
import { expect, test } from "vitest";
import { createAnnounce } from "../../functions/announce.ts";
import { createHandleCommand } from "../../functions/command/handle-command.ts";
import { parsePolicy } from "../../functions/config/policy.ts";
import { createHandleCallback } from "../../functions/handle-callback.ts";
import { httpChain } from "../../functions/trigger/http-chain.ts";
import { signLink } from "../../functions/trigger/links.ts";
import { signForm } from "../../functions/trigger/signalwire-signature.ts";
import { spokenTexts } from "../../functions/trigger/spoken.ts";
import { telephonyDoor } from "../../functions/trigger/telephony.ts";
import { faultsIn } from "../fixtures/judge-answer.ts";
import { VirtualTime } from "../fixtures/virtual-time.ts";
import { conference, createBench, first, project, second, start } from "../flow/bench.ts";
import { bodyOf, type HostileForm, hostileForms } from "../fuzz/hostile-forms.ts";

// The real code from the event to the ledger, over an outside that fails, hangs and dawdles, judged in time that passes only when
// nothing else is left to do.

const ours = "https://hooks.example.com";
const elsewhere = "https://ivr.example/";
const signingKey = "PSK_ExampleSigningKey0123456789";
const nameOfConference = "Sales & <support> \u0007'\"";
const linkKey = "made-up-link-key";
/** What the cached secrets wait for Secrets Manager. */
const SECRET_READ_MS = 1_500;

const outside = [
  ...(["keys", "link", "ledger", "directory", "checks", "look", "update", "rooms", "name"] as const),
  ...(["announce", "call"] as const),
];
type Fault = "none" | "fails" | "hangs" | "slow";
type Faults = Readonly<Record<(typeof outside)[number], Fault>>;

const fault = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Fault>("none") },
  { weight: 1, arbitrary: fc.constantFrom<Fault[]>("fails", "hangs", "slow") },
);
const faultsOf = (one: fc.Arbitrary<Fault>) =>
  fc.record(Object.fromEntries(outside.map((name) => [name, one]))) as fc.Arbitrary<Faults>;
const faults = fc.oneof(faultsOf(fc.constant("none")), faultsOf(fault));

/** A deployment with two recordings in one conference, and what is wrong around it. */
function createDeployment(wrong: Faults) {
  const time = new VirtualTime(start);
  const bench = createBench({ [first]: "in-progress", [second]: "in-progress" });
  const meets = async (name: keyof Faults): Promise<void> => {
    switch (wrong[name]) {
      case "fails":
        throw new Error("no answer");
      case "hangs":
        return new Promise(() => {});
      case "slow":
        return time.sleep(1_200);
      default:
    }
  };
  const { signalwire, ledger, directory, checks } = bench;
  const { look, update } = signalwire;
  ledger.hooks.before = () => meets("ledger");
  directory.hooks.before = () => meets("directory");
  checks.hooks.before = () => meets("checks");
  Object.assign(signalwire, {
    look: async (...[ref, options]: Parameters<typeof look>) => {
      await meets("look");
      return look(ref, options);
    },
    update: async (...given: Parameters<typeof update>) => {
      await meets("update").catch(() => undefined);
      return wrong.update === "fails" ? { kind: "unanswered" as const } : update(...given);
    },
    conferencesInRoom: async () => {
      await meets("rooms");
      return [conference];
    },
  });
  const ports = { ...bench.ports, now: () => time.now, sleep: time.sleep };
  const keys = async () => {
    // Its own time-out ends the waiting.
    if (wrong.keys === "hangs") await time.sleep(SECRET_READ_MS);
    if (wrong.keys === "hangs" || wrong.keys === "fails") throw new Error("no answer");
    if (wrong.keys === "slow") await time.sleep(SECRET_READ_MS - 1);
    return { signingKeys: [signingKey] };
  };
  const announcing = createAnnounce({ ...ports, announce: () => meets("announce") });
  const door = telephonyDoor({
    keys: { project: keys, projectAgain: keys },
    link: () => meets("link").then(() => linkKey),
    projects: [project],
    policy: parsePolicy(JSON.stringify({ announce: true, redirectOrigins: [new URL(elsewhere).origin] })),
    handleCommand: createHandleCommand(ports),
    handleCallback: createHandleCallback(ports),
    announce: announcing,
    isCallOver: () => meets("call").then(() => false),
    roomOf: () => meets("name").then(() => nameOfConference),
    alarm: () => undefined,
    now: ports.now,
    sleep: ports.sleep,
  });
  const handler = httpChain(door, { now: ports.now, publicOrigin: ours, tell: () => undefined });
  const isTouched = () => ledger.table.partitions.size + signalwire.sent.length + checks.sent.length > 0;
  return { time, handler, isTouched };
}

function queryOf({ path, query, isRendered }: HostileForm): string {
  if (!isRendered) return query;
  const { room = "support", role = "agent" } = Object.fromEntries(new URLSearchParams(query));
  return signLink(linkKey, { path, params: { room, role } }, start + 60_000).slice(path.length + 1);
}

/** The form as API Gateway delivers it. */
function eventOf(form: HostileForm) {
  const { path, fields, signature, contentType } = form;
  const query = queryOf(form);
  const url = `${ours}${path}${query === "" ? "" : `?${query}`}`;
  const signatures = {
    right: signForm(signingKey, url, fields),
    wrong: signForm("PSK_Another", url, fields),
  };
  return {
    rawPath: path,
    rawQueryString: query,
    headers: {
      "content-type": contentType,
      ...(signature === "missing" ? {} : { "x-signalwire-signature": signatures[signature] }),
    },
    body: Buffer.from(bodyOf(form)).toString("base64"),
    isBase64Encoded: true,
    requestContext: {
      requestId: "r-1",
      domainName: "api.example",
      http: { method: "POST", sourceIp: "192.0.2.1" },
    },
  };
}

test("10,000 hostile forms, whatever else fails or hangs: well-formed answers in time, with nothing of the input in them", async () => {
  const seen = new Map<string, number>();
  const count = (kind: string) => seen.set(kind, (seen.get(kind) ?? 0) + 1);
  let slowestMs = 0;
  const judge = async (form: HostileForm, wrong: Faults): Promise<void> => {
    const { time, handler, isTouched } = createDeployment(wrong);
    const context = { getRemainingTimeInMillis: () => 60_000 };
    const { statusCode, headers, body } = await time.run(handler(eventOf(form) as never, context as never));

    const tookMs = time.now - start;
    slowestMs = Math.max(slowestMs, tookMs);
    expect(tookMs).toBeLessThanOrEqual(4_000);
    const isEvent = form.path === "/telephony/events";
    const isKeyless = wrong.keys === "fails" || wrong.keys === "hangs";
    // A callback that nobody could prove is to be sent again.
    expect(isEvent ? [204, 403, ...(isKeyless ? [503] : [])] : [200, 403]).toContain(statusCode);
    if (form.signature !== "right" && !isKeyless) expect(statusCode).toBe(403);
    if (statusCode >= 400) expect([body, isTouched()]).toEqual(["", false]);
    if (statusCode === 200) {
      const rooms = [...new URLSearchParams(queryOf(form)).getAll("room"), nameOfConference];
      expect(faultsIn(body, { ours, elsewhere, rooms })).toEqual([]);
      expect(headers).toEqual({ "content-type": "text/xml; charset=utf-8" });
    }
    for (const secret of form.secrets) expect(body).not.toContain(secret);
    count(`${statusCode} ${form.path}`);
    for (const [tag] of body.matchAll(/(?<=<Say [^>]*>)[^<]+|<(Gather|Dial|Redirect)/g)) count(tag);
  };
  await fc.assert(fc.asyncProperty(hostileForms(project, conference), faults, judge), {
    numRuns: 10_000,
    seed: 4,
  });

  const documents = ["/telephony/join", "/telephony/menu", "/telephony/digits"];
  const expected = [
    ...documents.flatMap((path) => [`200 ${path}`, `403 ${path}`]),
    ...[204, 403, 503].map((status) => `${status} /telephony/events`),
    ...["<Gather", "<Dial", "<Redirect"],
    ...(["paused", "not-paused", "resumed", "stopped", "nothing"] as const).map((name) => spokenTexts[name]),
  ];
  // All of it was tried, and time did pass.
  expect(expected.filter((kind) => (seen.get(kind) ?? 0) < 20)).toEqual([]);
  expect(slowestMs).toBe(4_000);
});
