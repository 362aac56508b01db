import { Alias, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";

/** IAM cannot see a payload, so each right has an alias that a role may be allowed to invoke. */
export type RightAliases = Readonly<Record<"hold" | "release" | "stop" | "read", Alias>>;

/** The function itself tells the right by the alias it was invoked through. */
export function addRightAliases(control: LambdaFunction): RightAliases {
  const alias = (aliasName: keyof RightAliases): Alias =>
    new Alias(control, `Right-${aliasName}`, {
      aliasName,
      // Not a numbered version: a deployment must reach all four rights at the same moment.
      version: control.latestVersion,
    });
  return { hold: alias("hold"), release: alias("release"), stop: alias("stop"), read: alias("read") };
}
