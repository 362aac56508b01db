import type { AlarmName } from "../../functions/config.ts";
import { ownMetric } from "../own-metric.ts";
import { type AlarmProps, minutes } from "./add-alarm.ts";

/** When an alarm that the functions raise themselves wakes somebody, and what it says. */
type OwnAlarm = {
  /** What goes wrong, for whom, and what to do. */
  readonly sentence: string;
  /** How often it has to be raised. Default: once. */
  readonly times?: number;
  /** Within how many minutes. Default: one. */
  readonly minutes?: number;
};

/** One for each alarm of the code: a name that is missing does not compile. */
const ownAlarms: Readonly<Record<AlarmName, OwnAlarm>> = {
  "not-confirmed": {
    sentence:
      "A pause has not been confirmed within five seconds, so a caller's card number may be going into a recording: see in the log which conference it is and tell its agent to wait.",
  },
  "pause-overdue": {
    sentence:
      "A pause has been unconfirmed for 30 seconds and a recording is probably still running: tell the agent to take no card details, and stop the recording.",
  },
  "found-running": {
    sentence:
      "A recording ran although a hold was confirmed, so what that caller said since may be in the file: it has been paused again; find out who resumed or started it, and have the recording examined.",
  },
  "found-paused": {
    sentence:
      "A recording is paused and no hold of ours is the reason, so a call that should be recorded is not: find out who paused it, and let an operator release it.",
  },
  "resume-outstanding": {
    sentence:
      "A recording is still paused 30 seconds after its last hold was released, so a call that should be recorded is not: see whether SignalWire answers, and resume it there by hand if need be.",
  },
  "stop-outstanding": {
    sentence:
      "A recording still runs or can be resumed 30 seconds after it was ordered to stop, so what must not be kept may be going into a file: see whether SignalWire answers, and stop it there by hand.",
  },
  "hold-over-limit": {
    sentence:
      "A hold has outlived the limit of its reason and keeps a call unrecorded: ask its sender whether it was forgotten, and release it if so.",
  },
  "not-durable": {
    sentence:
      "DynamoDB took no entry, so a command was refused that its sender counts on, though its pause was tried: see whether DynamoDB is impaired, and tell agents to take no card details until it is over.",
  },
  "ledger-crowded": {
    sentence:
      "A conference has so many holds that its ledger entries are half as large as DynamoDB takes, and beyond that its commands will be refused: find the sender that leaves its holds or sends them in a loop, and release them.",
  },
  "check-not-queued": {
    sentence:
      "A command has no check behind it, so nobody looks at its conference again: see whether SQS is impaired, and ask for the status of that conference yourself.",
  },
  "check-failed": {
    sentence:
      "Checks fail over and over, so recordings that are held or waiting for their pause are not watched: read why in the log of the check function before the queue gives them up.",
    times: 3,
    minutes: 5,
  },
  "unforeseen-error": {
    sentence:
      "A function met an error that nobody foresaw and did not do what its sender wanted: read the line with errorAt in its log, and ask that sender whether the call is safe.",
  },
  "secret-stale": {
    sentence:
      "Secrets Manager has not answered for ten minutes and old values are in use, so every trigger will be refused a day from the last good read: see whether the service or the function's permission has a problem.",
  },
  "secret-unusable": {
    sentence:
      'A secret is missing or not what it has to be, so everything that needs it is refused, pauses of its callers too: read which one and why in the line "secret" of the function\'s log, and put it right.',
  },
  "signalwire-refused-us": {
    sentence:
      "SignalWire refuses our token, so no recording of that project can be paused or resumed: put a valid token with the scope Voice into the project's secret.",
  },
  "bad-signature": {
    sentence:
      "Many requests prove nothing, so either somebody is trying to get in or a sender or SignalWire signs with a key that we do not have, and then its pauses are refused: compare source addresses and keys.",
    times: 20,
    minutes: 5,
  },
  "redirect-refused": {
    sentence:
      "A payment call flow named a URL that the policy does not allow, so its caller heard an announcement instead of going on: add the origin to redirectOrigins, or find out who put it there.",
    minutes: 5,
  },
  "card-number-seen": {
    sentence:
      "Somebody sent what looks like a card number in a command, which was refused and not kept, but did not get its pause: have the sender or call flow changed, and treat its own logs as holding card data.",
    minutes: 5,
  },
  "unrecognised-status": {
    sentence:
      "SignalWire shows a recording status that Holdfast does not know and counts as running, so pauses of those callers may never be confirmed: look the recording up at SignalWire and report the word.",
    minutes: 5,
  },
};

/** The alarms over what the functions count as it happens. */
export const raisedByFunctions = (service: string): readonly AlarmProps[] =>
  namesOf(ownAlarms).map((name) => {
    const { sentence, times = 1, minutes: within = 1 } = ownAlarms[name];
    const metric = ownMetric(name, service, { ...minutes(within), statistic: "Sum" });
    return { name, sentence, metric, atLeast: times };
  });

const namesOf = (alarms: Readonly<Record<AlarmName, unknown>>) => Object.keys(alarms) as AlarmName[];
