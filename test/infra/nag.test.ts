import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, test } from "vitest";
import { holdfastStack } from "./synthesised-stack.ts";

test("the stack follows the AwsSolutions rules, or says beside the resource why not", () => {
  const app = new App();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  holdfastStack({ stage: "test", projects: ["6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01"] }, app);
  expect(() => app.synth()).not.toThrow();
});
