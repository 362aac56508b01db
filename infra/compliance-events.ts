import { Duration, Validations } from "aws-cdk-lib";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { RightAliases } from "./control-aliases.ts";
import type { EventRule } from "./event-rules.ts";

export type ComplianceEventsProps = {
  readonly stage: string;
  readonly rules: readonly EventRule[];
  readonly aliases: RightAliases;
};

/** A pause that comes later than this is for a human to place. */
const maxAge = Duration.minutes(5);

/** Events of a bus that become commands: each rule has the right of one alias of control. */
export class ComplianceEvents extends Construct {
  /** Events that EventBridge could not hand over. */
  readonly undelivered: IQueue;

  constructor(scope: Construct, id: string, { stage, rules, aliases }: ComplianceEventsProps) {
    super(scope, id);
    const queue = new Queue(this, "Undelivered", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const reason =
      "It is where events end up that could not be delivered, and an alarm goes off at the first.";
    Validations.of(queue).acknowledge(
      { id: "Serverless-SQSRedrivePolicy", reason },
      { id: "AwsSolutions-SQS3", reason },
    );
    this.undelivered = queue;
    for (const [index, { bus, pattern, right }] of rules.entries()) {
      const alias = aliases[right];
      const rule = new CfnRule(this, `Rule${index + 1}`, {
        name: `holdfast-${stage}-${right}-${index + 1}`,
        description: `Compliance events that may ${right} recordings`,
        eventBusName: bus,
        // As the owner wrote it: EventBridge reads it, nobody here does.
        eventPattern: pattern,
        targets: [
          {
            id: "control",
            arn: alias.functionArn,
            deadLetterConfig: { arn: queue.queueArn },
            retryPolicy: { maximumEventAgeInSeconds: maxAge.toSeconds(), maximumRetryAttempts: 20 },
          },
        ],
      });
      const eventBridge = new ServicePrincipal("events.amazonaws.com");
      alias.addPermission(`Rule${index + 1}`, { principal: eventBridge, sourceArn: rule.attrArn });
      queue.addToResourcePolicy(
        new PolicyStatement({
          principals: [eventBridge],
          actions: ["sqs:SendMessage"],
          resources: [queue.queueArn],
          conditions: { ArnEquals: { "aws:SourceArn": rule.attrArn } },
        }),
      );
    }
    // Lambda takes an event first and runs it then: what fails there is tried again after one and after two minutes.
    for (const right of new Set(rules.map((rule) => rule.right))) {
      aliases[right].configureAsyncInvoke({ maxEventAge: maxAge, retryAttempts: 2 });
      Validations.of(aliases[right]).acknowledge({
        id: "Serverless-LambdaAsyncFailureDestination",
        reason:
          "It would keep the event as it was sent, and one that was refused for the card number in it must be kept nowhere. The log says why it failed, and an alarm that it did.",
      });
    }
  }
}
