import { Duration, Validations } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** How long one check may take. */
export const checkTimeout = Duration.seconds(30);

/** "Look at this conference again", delivered later, and what becomes of it when that keeps failing. */
export class CheckQueue extends Construct {
  readonly queueUrl: string;
  /** Checks that were given up: their conferences are watched by nobody. */
  readonly deadLetters: IQueue;
  /** Checks whose time has not come, or whose function has none. */
  readonly waiting: IQueue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const everyQueue = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // The longest there is: a check that ages out of the queue is lost without a trace.
      retentionPeriod: Duration.days(14),
    };
    this.deadLetters = new Queue(this, "DeadLetters", everyQueue);
    Validations.of(this.deadLetters).acknowledge({
      id: "Serverless-SQSRedrivePolicy",
      reason: "It is where checks end up that were given up, and an alarm goes off at the first.",
    });
    this.waiting = new Queue(this, "Queue", {
      ...everyQueue,
      // This is also the wait until a check that crashed is tried again. The usual advice of six time-outs would leave a
      // recording unwatched for three minutes; delivering a check twice does no harm.
      visibilityTimeout: checkTimeout.plus(Duration.seconds(15)),
      // About eight minutes. Many tries, because throttled invocations count as well.
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 10 },
    });
    this.queueUrl = this.waiting.queueUrl;
  }

  grantSend(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ["sqs:SendMessage"], resourceArns: [this.waiting.queueArn] });
  }

  /** Makes `handler` the consumer, one check at a time: a slow conference keeps no other waiting. */
  deliverTo(handler: IFunction): void {
    Validations.of(handler).acknowledge({
      id: "Serverless-LambdaEventSourceMappingDestination",
      reason:
        "Destinations are for streams. A check that fails goes back to its queue, and from there to the dead letters.",
    });
    handler.addEventSource(new SqsEventSource(this.waiting, { batchSize: 1, reportBatchItemFailures: true }));
  }
}
