import { describe, expect, it } from "vitest";
import { parsePolicy } from "../functions/config/policy.ts";
import { environments, readConfig, variablesOf } from "../functions/config.ts";

const project = "7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01";
const other = "7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a02";
const complete = {
  HOLDFAST_LEDGER_TABLE: "holdfast-test-ledger",
  HOLDFAST_CHECK_QUEUE_URL: "http://127.0.0.1:9324/000000000000/checks",
  HOLDFAST_SIGNALWIRE_SECRETS: "holdfast/test/signalwire/",
  HOLDFAST_LINK_SECRET: "holdfast/test/links",
  HOLDFAST_SENDERS_SECRET: "holdfast/test/senders",
  HOLDFAST_PROJECTS: project,
};

describe("readConfig", () => {
  it("reads the telephony function's variables and gives the policy its defaults", () => {
    expect(readConfig(environments.telephony, complete)).toEqual({
      HOLDFAST_LEDGER_TABLE: "holdfast-test-ledger",
      HOLDFAST_CHECK_QUEUE_URL: "http://127.0.0.1:9324/000000000000/checks",
      HOLDFAST_SIGNALWIRE_SECRETS: "holdfast/test/signalwire/",
      HOLDFAST_LINK_SECRET: "holdfast/test/links",
      HOLDFAST_PROJECTS: ["7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01"],
      HOLDFAST_POLICY: {
        digits: { "1": "pause", "2": "resume", "3": "stop" },
        pauseBehavior: "silence",
        limits: {
          default: { seconds: 1800, then: "release" },
          "card-entry": { seconds: 900, then: "alarm" },
        },
        unconfirmed: "alarm",
        callRecordings: true,
        announce: false,
        redirectOrigins: [],
        language: "en-US",
        voice: null,
        texts: {},
      },
    });
  });

  it("gives a function nothing that it does not use", () => {
    expect(readConfig(environments.check, complete)).not.toHaveProperty("HOLDFAST_SENDERS_SECRET");
    expect(readConfig(environments.signals, complete)).not.toHaveProperty("HOLDFAST_LINK_SECRET");
  });

  it("takes several projects, once each, in lower case", () => {
    const given = { ...complete, HOLDFAST_PROJECTS: `${project.toUpperCase()},${other},${project}` };
    expect(readConfig(environments.control, given).HOLDFAST_PROJECTS).toEqual([
      "7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01",
      "7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a02",
    ]);
  });

  it.each([
    ["https://hooks.example.test", "https://hooks.example.test"],
    ["https://hooks.example.test:8443/holdfast", "https://hooks.example.test:8443/holdfast"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["", undefined],
  ])("takes %j as the public URL", (given, read) => {
    const config = readConfig(environments.telephony, { ...complete, HOLDFAST_PUBLIC_URL: given });
    expect(config.HOLDFAST_PUBLIC_URL).toBe(read);
  });

  it.each([
    ["HOLDFAST_LEDGER_TABLE", undefined, "HOLDFAST_LEDGER_TABLE: is missing"],
    ["HOLDFAST_LEDGER_TABLE", "", "HOLDFAST_LEDGER_TABLE: is missing"],
    ["HOLDFAST_CHECK_QUEUE_URL", "checks", "HOLDFAST_CHECK_QUEUE_URL: is not a URL"],
    [
      "HOLDFAST_SIGNALWIRE_SECRETS",
      "holdfast/test/signalwire",
      "HOLDFAST_SIGNALWIRE_SECRETS: does not end in /",
    ],
    ["HOLDFAST_LINK_SECRET", undefined, "HOLDFAST_LINK_SECRET: is missing"],
    ["HOLDFAST_PROJECTS", undefined, "HOLDFAST_PROJECTS: is missing"],
    ["HOLDFAST_PROJECTS", `${project},`, "HOLDFAST_PROJECTS: is not a comma-separated list of AccountSids"],
    ["HOLDFAST_PUBLIC_URL", "https://hooks.example.test/", "HOLDFAST_PUBLIC_URL: is not an https URL"],
    ["HOLDFAST_PUBLIC_URL", "https://hooks.example.test?a=1", "HOLDFAST_PUBLIC_URL: is not an https URL"],
    ["HOLDFAST_PUBLIC_URL", "https://user@hooks.example.test", "HOLDFAST_PUBLIC_URL: is not an https URL"],
    ["HOLDFAST_PUBLIC_URL", "http://hooks.example.test", "HOLDFAST_PUBLIC_URL: is not an https URL"],
    ["HOLDFAST_POLICY", "{", "HOLDFAST_POLICY is not JSON"],
    ["HOLDFAST_POLICY", '{"digit":{}}', "HOLDFAST_POLICY: digit: no such key"],
  ])("refuses %s being %j, naming it", (variable, value, message) => {
    expect(() => readConfig(environments.telephony, { ...complete, [variable]: value })).toThrow(message);
  });

  it("names the variables of each function for the stack", () => {
    expect(variablesOf("signals")).toEqual([
      "HOLDFAST_LEDGER_TABLE",
      "HOLDFAST_CHECK_QUEUE_URL",
      "HOLDFAST_SIGNALWIRE_SECRETS",
      "HOLDFAST_PROJECTS",
      "HOLDFAST_POLICY",
      "HOLDFAST_SENDERS_SECRET",
    ]);
    expect(variablesOf("telephony")).toContain("HOLDFAST_PUBLIC_URL");
    expect(variablesOf("control")).not.toContain("HOLDFAST_LINK_SECRET");
  });
});

describe("parsePolicy", () => {
  it("keeps the limits of the reasons that are not given", () => {
    const policy = parsePolicy('{"limits":{"consent":{"seconds":60,"then":"alarm"}}}');
    expect(policy.limits).toEqual({
      default: { seconds: 1800, then: "release" },
      "card-entry": { seconds: 900, then: "alarm" },
      consent: { seconds: 60, then: "alarm" },
    });
  });

  it("replaces the digits as a whole, so that a digit can be taken away", () => {
    expect(parsePolicy('{"digits":{"*":"pause","#":"resume"}}').digits).toEqual({
      "*": "pause",
      "#": "resume",
    });
  });

  it("takes every documented key", () => {
    const policy = parsePolicy(
      '{"pauseBehavior":"skip","unconfirmed":"stop","callRecordings":false,"announce":true,' +
        '"redirectOrigins":["https://ivr.example.test","http://127.0.0.1:3000"],' +
        '"language":"de-DE","voice":"en-US-Neural2-F","texts":{"paused":"Pausiert."}}',
    );
    expect(policy).toMatchObject({
      pauseBehavior: "skip",
      unconfirmed: "stop",
      callRecordings: false,
      announce: true,
      redirectOrigins: ["https://ivr.example.test", "http://127.0.0.1:3000"],
      language: "de-DE",
      voice: "en-US-Neural2-F",
      texts: { paused: "Pausiert." },
    });
  });

  it.each([
    ["[]", "HOLDFAST_POLICY: must be of type object"],
    ["null", "HOLDFAST_POLICY: must be of type object"],
    ['{"__proto__":{"announce":true}}', "HOLDFAST_POLICY: __proto__: no such key"],
    ['{"digits":{"12":"pause"}}', "HOLDFAST_POLICY at digits.12: no such key"],
    ['{"digits":{"1":"toggle"}}', "HOLDFAST_POLICY at digits.1: must be one of pause, resume, stop"],
    ['{"pauseBehavior":"mute"}', "HOLDFAST_POLICY at pauseBehavior: must be one of silence, skip"],
    [
      '{"limits":{"default":{"seconds":0,"then":"alarm"}}}',
      "HOLDFAST_POLICY at limits.default.seconds: must be",
    ],
    ['{"limits":{"default":{"seconds":9}}}', "HOLDFAST_POLICY at limits.default.then: must be one of"],
    ['{"limits":{"Card":{"seconds":9,"then":"alarm"}}}', "HOLDFAST_POLICY at limits.Card: no such key"],
    ['{"unconfirmed":"resume"}', "HOLDFAST_POLICY at unconfirmed: must be one of alarm, stop"],
    ['{"callRecordings":"yes"}', "HOLDFAST_POLICY at callRecordings: must be of type boolean"],
    [
      '{"redirectOrigins":["https://ivr.example.test/"]}',
      "HOLDFAST_POLICY at redirectOrigins.0: must be an origin",
    ],
    [
      '{"redirectOrigins":["http://ivr.example.test"]}',
      "HOLDFAST_POLICY at redirectOrigins.0: must be an origin",
    ],
    ['{"language":"en US"}', "HOLDFAST_POLICY at language: must match"],
    ['{"voice":""}', "HOLDFAST_POLICY at voice: must be at least 1"],
  ])("refuses %s, naming the key", (json, message) => {
    expect(() => parsePolicy(json)).toThrow(message);
  });
});
