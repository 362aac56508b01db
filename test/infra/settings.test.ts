import { App } from "aws-cdk-lib";
import { describe, expect, test } from "vitest";
import { settingsFrom } from "../../infra/settings.ts";

const project = "6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01";
const another = "6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f02";
const from = (context: Record<string, unknown>) => settingsFrom(new App({ context }).node);

describe("settings from the context", () => {
  test("have defaults that need no context at all", () => {
    expect(from({})).toEqual({ stage: "prod", projects: [] });
  });

  test("take all that can be given", () => {
    expect(
      from({
        stage: "test",
        project: `${project},${another}`,
        policy: '{ "language": "de-DE" }',
        publicUrl: "https://voice.example.com/eu",
        events: '{ "bus": "compliance", "pattern": { "source": ["com.example"] }, "right": "stop" }',
      }),
    ).toEqual({
      stage: "test",
      projects: [project, another],
      policy: '{ "language": "de-DE" }',
      publicUrl: "https://voice.example.com/eu",
      eventRules: [{ bus: "compliance", pattern: { source: ["com.example"] }, right: "stop" }],
    });
  });

  test("take rules of events that stand in cdk.json as they are", () => {
    const pattern = { source: ["com.example"] };
    expect(from({ events: [{ pattern }] }).eventRules).toEqual([{ bus: "default", pattern, right: "hold" }]);
  });

  test("take a policy that stands in cdk.json as an object", () => {
    expect(from({ policy: { unconfirmed: "stop" } }).policy).toBe('{"unconfirmed":"stop"}');
  });

  test("name a project given twice once", () => {
    expect(from({ project: `${project},${project}` }).projects).toEqual([project]);
  });

  test("count an empty text as not given", () => {
    expect(from({ stage: "", project: "", policy: "", publicUrl: "", events: "" })).toEqual({
      stage: "prod",
      projects: [],
    });
  });

  test.each([
    ["stage", "Prod"],
    ["stage", "a-stage-name-that-is-too-long"],
    ["stage", 7],
    ["project", "my-project"],
    ["project", `${project},`],
    ["project", `${project}, ${another}`],
    ["project", "6C2F1A34-8F5B-4D0E-9A77-0D3C5B1E2F01"],
    ["policy", "unconfirmed=stop"],
    ["policy", '{"unconfirmd":"stop"}'],
    ["policy", []],
    ["events", "source=com.example"],
    ["events", {}],
    ["events", { pattern: { source: ["com.example"] }, right: "all" }],
    ["publicUrl", "http://voice.example.com"],
    ["publicUrl", "https://voice.example.com/"],
    ["publicUrl", "https://voice.example.com?a=b"],
  ])("refuse %s %j and say which it was", (name, value) => {
    expect(() => from({ [name]: value })).toThrow(`--context ${name}:`);
  });
});
