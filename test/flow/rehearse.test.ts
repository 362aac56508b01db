import { expect, test } from "vitest";
import { createHandleCommand } from "../../functions/command/handle-command.ts";
import { parsePolicy } from "../../functions/config/policy.ts";
import type { Ports } from "../../functions/ports.ts";
import { projectId } from "../../functions/recording/ids.ts";
import { rehearsalPorts } from "../../functions/rehearsal/rehearsal-ports.ts";
import { rehearse, rehearsedDigit, rehearsedSignal } from "../../functions/rehearsal/rehearse.ts";
import type { Delivery } from "../../functions/trigger/delivery.ts";
import { httpChain } from "../../functions/trigger/http-chain.ts";
import { signalsDoor } from "../../functions/trigger/signals.ts";
import { telephonyDoor } from "../../functions/trigger/telephony.ts";

const project = projectId("6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01");
const projects = [project];
const policy = parsePolicy(undefined);
const pauses = { route: expect.any(String), status: 200, outcome: "done", confirmed: true };

/** The real outside, where every touch is written down. */
function createOutside() {
  const touched: string[] = [];
  const untouchable = <Port extends object>(name: string): Port =>
    new Proxy({} as Port, {
      get: (_, member) => () => {
        touched.push(`${name}.${String(member)}`);
        return Promise.reject(new Error("a rehearsal went outside"));
      },
    });
  const touch = (name: string) => () => void touched.push(name);
  const ports: Ports = {
    ledger: untouchable("ledger"),
    directory: untouchable("directory"),
    checks: untouchable("checks"),
    signalwire: untouchable("signalwire"),
    policy,
    now: () => Date.parse("2026-11-23T15:46:00.000Z"),
    sleep: async () => undefined,
    newId: () => "id",
    random: () => 0.5,
    ready: async () => touched.push("ready"),
    alarm: touch("alarm"),
    measure: touch("measure"),
  };
  return { ports, touched };
}

test("a rehearsed key pauses twice, each time confirmed, and nothing outside hears of it", async () => {
  const { ports: outside, touched } = createOutside();
  const { ports } = rehearsalPorts(outside);
  const keys = {
    project: async () => ({ signingKeys: ["made-up-key"] }),
    projectAgain: async () => ({ signingKeys: [] }),
  };
  const told: Delivery[] = [];
  const door = telephonyDoor({
    keys,
    link: async () => "made-up key for links",
    projects,
    policy,
    handleCommand: createHandleCommand(ports),
    handleCallback: async () => undefined,
    announce: async () => undefined,
    roomOf: async () => undefined,
    isCallOver: async () => false,
    alarm: ports.alarm,
    now: ports.now,
    sleep: () => new Promise(() => undefined),
  });
  const handler = httpChain(door, { now: ports.now, tell: (one) => told.push(one) });
  await rehearse(handler, rehearsedDigit(keys, projects, policy.digits));
  expect(told).toMatchObject([pauses, pauses]);
  expect(touched).toEqual([]);
});

test("a rehearsed signal pauses twice, each time confirmed, and nothing outside hears of it", async () => {
  const { ports: outside, touched } = createOutside();
  const { ports } = rehearsalPorts(outside);
  const secrets = [`whsec_${Buffer.alloc(32, "s").toString("base64")}`];
  const senders = async () => ({
    resumes: { secrets, allow: ["resume"] },
    pauses: { secrets, allow: ["pause"] },
  });
  const keys = { senders, sendersAgain: async () => ({}) };
  const told: Delivery[] = [];
  const door = signalsDoor({ keys, projects, handleCommand: createHandleCommand(ports) });
  const handler = httpChain(door, { now: ports.now, tell: (one) => told.push(one) });
  await rehearse(handler, rehearsedSignal(keys, projects, ports.now));
  expect(told).toMatchObject([pauses, pauses]);
  expect(touched).toEqual([]);
});

test("a rehearsal that fails fails nothing", async () => {
  const failing = async () => {
    throw new Error("no secret");
  };
  await expect(rehearse(failing, failing)).resolves.toBeUndefined();
});
