import { describe, expect, test } from "vitest";
import { environmentOf, holdfastTemplate } from "./synthesised-stack.ts";

describe("a template for which no project was named", () => {
  const template = holdfastTemplate({ stage: "prod", projects: [] });

  test("is refused by CloudFormation, with what is missing", () => {
    const { Rules, Parameters } = template.toJSON();
    expect(Rules.NeedsProject.Assertions).toEqual([
      {
        Assert: { "Fn::Equals": [{ Ref: "ProjectGiven" }, "yes"] },
        AssertDescription:
          "Name your SignalWire project: cdk deploy --context project=<AccountSid>[,<AccountSid>]",
      },
    ]);
    expect(Parameters.ProjectGiven.Default).toBe("no");
  });

  test("is whole all the same, for a project that does not exist", () => {
    expect(environmentOf(template, "holdfast-prod-check").HOLDFAST_PROJECTS).toBe(
      "00000000-0000-4000-8000-000000000000",
    );
  });
});

test("a template for which a project was named has nothing that refuses it", () => {
  const template = holdfastTemplate({ stage: "prod", projects: ["6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01"] });
  expect(template.toJSON().Rules).not.toHaveProperty("NeedsProject");
  expect(template.toJSON().Parameters).not.toHaveProperty("ProjectGiven");
});
