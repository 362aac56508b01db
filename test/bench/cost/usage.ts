import type { Billed, Life, PeerPause, Step } from "../life.ts";

/** What is billed, in the units of prices.json. */
export const units = [
  "apiRequest",
  "lambdaRequest",
  "gbSecond",
  "writeUnit",
  "readUnit",
  "storedGbMonth",
  "recoveryGbMonth",
  "queueRequest",
  "secretMonth",
  "secretRead",
  "loggedGb",
  "keptLogGbMonth",
  "metricMonth",
  "alarmMonth",
  "dashboardMonth",
  "sentGb",
] as const;
export type Unit = (typeof units)[number];
export type Usage = { readonly [Of in Unit]?: number };

/** What is not measured. */
export const assumed = {
  memoryGb: 0.5,
  /** From the pause to its release. */
  heldSeconds: 120,
  /** One invocation in so many starts a process; its initialisation is billed like the rest. */
  invocationsPerStart: 100,
  /** Lambda's own three lines for an invocation, and API Gateway's line in the access log. */
  lambdaLogBytes: 300,
  accessLogBytes: 350,
  /** One request to SignalWire with its headers. */
  sentBytes: 700,
  retentionDays: 400,
  logMonths: 13,
  /** What Lambda asks an idle queue: five pollers that wait 20 s each. */
  idleReceivesPerMonth: 648_000,
};

const GB = 1024 ** 3;
const MONTH_DAYS = 365.25 / 12;
const MONTH_MS = MONTH_DAYS * 86_400_000;

/** One invocation with all that goes with it; `isByHttp`: it came through API Gateway. */
export function usageOf(billed: Billed, initMs: number, isByHttp: boolean): Usage {
  const billedMs = billed.ms + initMs / assumed.invocationsPerStart;
  const stored = (billed.storedBytes / GB) * (assumed.retentionDays / MONTH_DAYS);
  const logged = (billed.logBytes + assumed.lambdaLogBytes + (isByHttp ? assumed.accessLogBytes : 0)) / GB;
  return {
    apiRequest: isByHttp ? 1 : 0,
    lambdaRequest: 1,
    gbSecond: (billedMs / 1_000) * assumed.memoryGb,
    writeUnit: billed.writeUnits,
    readUnit: billed.readUnits,
    // In the end each month's items are there as often as months are kept: that is paid for at once here.
    storedGbMonth: stored,
    recoveryGbMonth: stored,
    // Each message is sent, received and deleted.
    queueRequest: billed.messagesSent * 3,
    secretRead: billed.secretReads,
    loggedGb: logged,
    keptLogGbMonth: logged * assumed.logMonths,
    sentGb: (billed.signalwireRequests * assumed.sentBytes) / GB,
  };
}

/** The checks of a confirmed hold: the first after 5 s, then one every 30 s. */
export const watchesIn = (heldSeconds: number): number =>
  heldSeconds < 5 ? 0 : 1 + Math.floor((heldSeconds - 5) / 30);

/** One hold from its pause to the last check behind its release. */
export function usageOfHold({ steps, initMs }: Life): Usage {
  const of = (step: Step) => steps.filter((one) => one.step === step);
  const usage = (one: Billed, isByHttp: boolean) => usageOf(one, initMs, isByHttp);
  const watches = of("watch").map((one) => usage(one, false));
  const watched = times(sum(watches), watchesIn(assumed.heldSeconds) / Math.max(1, watches.length));
  return sum([
    ...of("pause").map((one) => usage(one, true)),
    watched,
    ...of("resume").map((one) => usage(one, true)),
    ...of("settle").map((one) => usage(one, false)),
  ]);
}

/** Pause and resume by a handler that does no more than ask for it. */
export const usageOfPeerHold = (peer: PeerPause): Usage => times(usageOf(peer, peer.initMs, true), 2);

/** What is there whether anybody pauses or not. */
export type Standing = {
  readonly secrets: number;
  readonly metrics: number;
  readonly alarms: number;
  readonly dashboards: number;
};

/** A month with so many holds. */
export function usageOfMonth(hold: Usage, holds: number, standing: Standing): Usage {
  // Each process reads its two secrets every five minutes, as long as it is busy; one at least of three functions is.
  const busyMs = (((hold.gbSecond ?? 0) / assumed.memoryGb) * 1_000 * holds) / MONTH_MS;
  const processes = Math.max(3, Math.ceil(busyMs * 2));
  const reads = Math.min(processes * 2 * MONTH_DAYS * 288, holds * 2 * (hold.lambdaRequest ?? 0));
  return sum([
    times(hold, holds),
    {
      secretMonth: standing.secrets,
      secretRead: reads,
      metricMonth: standing.metrics,
      alarmMonth: standing.alarms,
      dashboardMonth: standing.dashboards,
      queueRequest: assumed.idleReceivesPerMonth,
    },
  ]);
}

export const times = (usage: Usage, factor: number): Usage =>
  Object.fromEntries(units.map((unit) => [unit, (usage[unit] ?? 0) * factor]));

export const sum = (all: readonly Usage[]): Usage =>
  Object.fromEntries(
    units.map((unit) => [unit, all.reduce((total, usage) => total + (usage[unit] ?? 0), 0)]),
  );
