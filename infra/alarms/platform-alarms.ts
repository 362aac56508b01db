import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { CheckQueue } from "../check-queue.ts";
import type { Functions } from "../holdfast-function.ts";
import type { Webhooks } from "../webhooks.ts";
import { type AlarmProps, minutes } from "./add-alarm.ts";

export type Platform = {
  readonly functions: Functions;
  readonly checks: CheckQueue;
  readonly webhooks: Webhooks;
  /** Events that EventBridge could not hand over, if there are events. */
  readonly undeliveredEvents: IQueue | undefined;
};

/** The alarms over what AWS counts by itself. */
export const platformAlarms = ({
  functions,
  checks,
  webhooks,
  undeliveredEvents,
}: Platform): readonly AlarmProps[] => [
  ...functionAlarms(functions),
  {
    name: "checks-given-up",
    sentence:
      "A conference is no longer watched, so its recording may stay paused or run under a hold unnoticed: read why in the log of the check function, then redrive the dead-letter queue.",
    metric: messagesIn(checks.deadLetters),
    atLeast: 1,
  },
  {
    name: "checks-late",
    sentence:
      "Checks are waiting for more than a minute beyond their time, so recordings under a hold are not watched: see whether the check function is throttled or failing.",
    // A check may be told to wait 30 seconds, and one that crashed is tried again 45 seconds later.
    metric: checks.waiting.metricApproximateAgeOfOldestMessage({
      ...minutes(1),
      statistic: "Maximum",
    }),
    atLeast: 90,
  },
  {
    name: "gateway-errors",
    sentence:
      "API Gateway answered SignalWire or a compliance system with a 5xx, so a key press or a signal may have had no effect: see which function failed or was throttled, and whether its sender tried again.",
    metric: webhooks.serverErrors,
    atLeast: 1,
  },
  {
    name: "requests-refused",
    sentence:
      "Very many requests are answered with a 4xx, and if it is 429 then key presses and signals of real calls are refused too: see in the access log who sends them, and block the sender.",
    metric: webhooks.clientErrors,
    atLeast: 100,
  },
  ...(undeliveredEvents === undefined ? [] : eventAlarms(undeliveredEvents, functions)),
];

const messagesIn = (queue: IQueue) =>
  queue.metricApproximateNumberOfMessagesVisible({ ...minutes(1), statistic: "Maximum" });

/** Who suffers if that function does not do its work. */
const suffering = {
  telephony: "the pauses of agents who press a key",
  signals: "the pauses of compliance systems",
  control: "the commands of operators and events",
  check: "the watch over recordings that are held",
} as const;
/** Operators' slips fail an invocation of control, as they should: a few are no news. */
const errorsAtLeast = { telephony: 1, signals: 1, control: 5, check: 1 } as const;

function functionAlarms(functions: Functions): readonly AlarmProps[] {
  return (["telephony", "signals", "control", "check"] as const).flatMap((name): AlarmProps[] => {
    const handler = functions[name];
    const seconds = handler.timeout?.toSeconds() ?? 3;
    return [
      {
        name: `${name}-errors`,
        section: "function-errors",
        sentence: `The ${name} function crashed or ran out of time, so ${suffering[name]} may be missing: read the end of its log, and roll back if a deployment is the cause.`,
        metric: handler.metricErrors({ ...minutes(errorsAtLeast[name] === 1 ? 1 : 5), statistic: "Sum" }),
        atLeast: errorsAtLeast[name],
      },
      {
        name: `${name}-throttled`,
        section: "function-throttled",
        sentence: `Lambda turned invocations of the ${name} function away, so ${suffering[name]} are refused or late: see what uses up the account's concurrency, and ask AWS for more.`,
        metric: handler.metricThrottles({ ...minutes(1), statistic: "Sum" }),
        atLeast: 1,
      },
      {
        name: `${name}-slow`,
        section: "function-slow",
        sentence: `The ${name} function came near its time-out, after which ${suffering[name]} are cut off without an answer: see whether SignalWire or AWS is slow.`,
        metric: handler.metricDuration({ ...minutes(1), statistic: "Maximum" }),
        atLeast: seconds * 800,
      },
    ];
  });
}

const eventAlarms = (undelivered: IQueue, { control }: Functions): readonly AlarmProps[] => [
  {
    name: "events-undelivered",
    section: "events-lost",
    sentence:
      "EventBridge could not hand a compliance event over, so the pause that its sender counts on is not there: see what keeps it from invoking control, and place the hold by hand.",
    metric: messagesIn(undelivered),
    atLeast: 1,
  },
  {
    name: "events-dropped",
    section: "events-lost",
    sentence:
      "A compliance event failed in every attempt and was dropped, so the pause that its sender counts on may not be there: see in the log of control why, and place the hold by hand.",
    metric: control.metric("AsyncEventsDropped", { ...minutes(1), statistic: "Sum" }),
    atLeast: 1,
  },
];
