import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { HoldfastStack } from "../../infra/holdfast-stack.ts";
import type { Settings } from "../../infra/settings.ts";

/** The stack over stand-ins for the bundles: what those hold is another test's concern. */
export function holdfastStack(settings: Settings, app = new App()): HoldfastStack {
  const bundles = mkdtempSync(join(tmpdir(), "holdfast-bundles-"));
  for (const name of ["telephony", "signals", "control", "check"]) {
    mkdirSync(join(bundles, name));
    writeFileSync(join(bundles, name, "index.mjs"), `export const handler = () => "${name}";`);
  }
  const stack = new HoldfastStack(app, "Holdfast", { ...settings, bundles });
  // Its constructors have copied what they need.
  rmSync(bundles, { recursive: true });
  return stack;
}

export const holdfastTemplate = (settings: Settings): Template => Template.fromStack(holdfastStack(settings));

/** Name to value of a function's environment variables. */
export function environmentOf(template: Template, functionName: string): Readonly<Record<string, unknown>> {
  const found = template.findResources("AWS::Lambda::Function", {
    Properties: { FunctionName: functionName },
  });
  return Object.values(found)[0]?.Properties.Environment.Variables ?? {};
}

/** What the role of a function may do, sorted, as `Effect action on LogicalId`. */
export function permissionsOf(template: Template, construct: string): readonly string[] {
  return Object.values(template.findResources("AWS::IAM::Policy"))
    .filter(({ Properties }) =>
      Properties.Roles.some(({ Ref }: { Ref: string }) => Ref.startsWith(`${construct}Role`)),
    )
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .flatMap(({ Effect, Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) => [Resource].flat().map((of) => `${Effect} ${action} on ${named(of)}`)),
    )
    .toSorted();
}

// A reference shows the logical id without the hash that CDK puts behind it, anything else shows as it is.
function named(resource: unknown): string {
  const json = JSON.stringify(resource);
  return /^\{"(?:Ref":|Fn::GetAtt":\[)"(\w+?)[0-9A-F]{8}"/.exec(json)?.[1] ?? json;
}
