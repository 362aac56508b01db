/** What an alias of the control function stands for. IAM cannot see a payload, but it can tell aliases apart. */
export type Right = "hold" | "release" | "stop" | "read";

const every: readonly Right[] = ["hold", "release", "stop", "read"];
const functionArn = /^arn:[^:]+:lambda:[^:]+:[^:]+:function:[^:]+(?::(.+))?$/;

/** The rights of an invocation, by the ARN that it named: all without an alias, none by one that is not known. */
export function rightsOf(invokedFunctionArn: string): readonly Right[] {
  const arn = functionArn.exec(invokedFunctionArn);
  if (arn === null) return [];
  const qualifier = arn[1];
  if (qualifier === undefined || qualifier === "$LATEST") return every;
  return every.filter((right) => right === qualifier);
}
