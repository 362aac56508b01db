import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { expect, test } from "vitest";
import { holdfastStack } from "./synthesised-stack.ts";

const eventRules = [{ bus: "default", pattern: { source: ["com.example"] }, right: "hold" as const }];

test.each([
  ["AwsSolutions", AwsSolutionsChecks, []],
  ["AwsSolutions", AwsSolutionsChecks, eventRules],
  ["Serverless", ServerlessChecks, []],
  ["Serverless", ServerlessChecks, eventRules],
])("the stack follows the %s rules, or says beside the resource why not", (_name, Checks, rules) => {
  const app = new App();
  Validations.of(app).addPlugins(new Checks(app));
  const projects = ["6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01"];
  holdfastStack({ stage: "test", projects, eventRules: rules }, app);
  expect(() => app.synth()).not.toThrow();
});
