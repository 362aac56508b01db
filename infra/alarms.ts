import type { IAlarm } from "aws-cdk-lib/aws-cloudwatch";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { addAlarm } from "./alarms/add-alarm.ts";
import { raisedByFunctions } from "./alarms/own-alarms.ts";
import { type Platform, platformAlarms } from "./alarms/platform-alarms.ts";

export type AlarmsProps = Platform & {
  readonly stage: string;
  /** The value of our metrics' one dimension: functions/config.ts. */
  readonly service: string;
};

/** Who is told, and of what. Each alarm says what goes wrong, for whom, and what to do. */
export class Alarms extends Construct {
  readonly topicArn: string;
  readonly all: readonly IAlarm[];
  readonly #topic: Topic;

  constructor(scope: Construct, id: string, { stage, service, ...platform }: AlarmsProps) {
    super(scope, id);
    this.#topic = new Topic(this, "Topic", { enforceSSL: true });
    this.topicArn = this.#topic.topicArn;
    this.#letCloudWatchPublish();
    const told = { stage, topic: this.#topic };
    this.all = [...raisedByFunctions(service), ...platformAlarms(platform)].map((props) =>
      addAlarm(this, told, props),
    );
  }

  // A topic with a policy of its own (the one that demands TLS) loses the default that lets alarms in.
  #letCloudWatchPublish(): void {
    this.#topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.#topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": this.#topic.stack.account } },
      }),
    );
  }
}
