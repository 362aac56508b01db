import { Annotations, CfnParameter, CfnRule, Fn, type Stack } from "aws-cdk-lib";

/** Stands in for the AccountSid where none was given: good for a look at the template and for the local stack. */
export const placeholderProject = "00000000-0000-4000-8000-000000000000";

const message = "Name your SignalWire project: cdk deploy --context project=<AccountSid>[,<AccountSid>]";

/** Lets `stack` be synthesised, but not deployed: only CloudFormation can tell one from the other. */
export function refuseDeployment(stack: Stack): void {
  Annotations.of(stack).addInfo(`Not deployable as it is. ${message}`);
  const given = new CfnParameter(stack, "ProjectGiven", {
    type: "String",
    default: "no",
    description: "Never set by hand: templates that name a project do not have it",
  });
  new CfnRule(stack, "NeedsProject", {
    assertions: [{ assert: Fn.conditionEquals(given.valueAsString, "yes"), assertDescription: message }],
  });
}
