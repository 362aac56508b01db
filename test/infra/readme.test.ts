import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseEventRules } from "../../infra/event-rules.ts";
import { holdfastTemplate } from "./synthesised-stack.ts";

const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
const policies = [...readme.matchAll(/```json\n(\{ "Version"[^`]*)```/g)].map(([, json = ""]) =>
  JSON.parse(json),
);
const template = holdfastTemplate({ stage: "prod", projects: ["6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01"] });
const propertiesOf = (type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);

test("the README has one policy for each right, which allows one alias of control and nothing else", () => {
  const rights = propertiesOf("AWS::Lambda::Alias").map(({ Name }) => Name);
  const [control] = propertiesOf("AWS::Lambda::Function").filter(({ FunctionName }) =>
    /control$/.test(FunctionName),
  );
  expect(policies).toEqual(
    rights.map((right) => ({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: `Holdfast${right[0]?.toUpperCase()}${right.slice(1)}`,
          Effect: "Allow",
          Action: "lambda:InvokeFunction",
          Resource: `arn:aws:lambda:<region>:<account>:function:${control?.FunctionName}:${right}`,
        },
      ],
    })),
  );
});

test("the README's selectors for CloudTrail are JSON, and its rule of events is one", () => {
  const selectors = JSON.parse(/--advanced-event-selectors '([^']+)'/.exec(readme)?.[1] ?? "");
  expect(selectors).toHaveLength(3);
  expect(parseEventRules(/--context events='([^']+)'/.exec(readme)?.[1] ?? "")).toMatchObject([
    { bus: "default", right: "hold" },
  ]);
});

test("the README says the throttle that the routes have", () => {
  const [{ RouteSettings: settings }] = propertiesOf("AWS::ApiGatewayV2::Stage") as [
    { RouteSettings: Record<string, { ThrottlingRateLimit: number; ThrottlingBurstLimit: number }> },
  ];
  for (const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } of Object.values(settings)) {
    expect(readme).toContain(`${rate} requests a second, ${burst} at once`);
  }
});
