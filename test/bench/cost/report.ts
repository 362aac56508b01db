import type { Life, PeerPause } from "../life.ts";
import { type PriceList, priced, total } from "./price.ts";
import {
  assumed,
  type Standing,
  times,
  type Unit,
  type Usage,
  units,
  usageOf,
  usageOfHold,
  usageOfMonth,
  usageOfPeerHold,
} from "./usage.ts";

const million = 1_000_000;
const months = [10_000, million, 100 * million];

export type Measured = {
  readonly life: Life;
  readonly peers: readonly PeerPause[];
  readonly standing: Standing;
};

/** The tables of docs/cost.md. */
export function costReport({ life, peers, standing }: Measured, list: PriceList): string {
  const hold = usageOfHold(life);
  const pause = life.steps
    .filter(({ step }) => step === "pause")
    .map((one) => usageOf(one, life.initMs, true));
  const [first = {}] = pause;
  return [
    "### A million, in dollars",
    pauseTable(first, hold, peers, list),
    "### What a million holds are made of",
    madeOf(times(hold, million), list),
    "### A month, in dollars",
    monthTable(hold, peers, standing, list),
    "### What was measured",
    stepTable(life),
    "### Prices",
    priceTable(list),
  ].join("\n\n");
}

function pauseTable(pause: Usage, hold: Usage, peers: readonly PeerPause[], list: PriceList): string {
  const lambdaMs = (usage: Usage) => `${Math.round(((usage.gbSecond ?? 0) / assumed.memoryGb) * 1_000)}`;
  const row = (name: string, one: Usage, whole: Usage) => [
    name,
    lambdaMs(one),
    dollars(total(times(one, million), list)),
    dollars(total(times(whole, million), list)),
  ];
  return table(
    ["", "ms billed for a pause", "a million pauses", "a million holds"],
    [
      row("Holdfast: paused, seen paused, in the ledger for 400 days, watched, resumed", pause, hold),
      ...peers.map((peer) =>
        row(`${peer.title}: one request each`, usageOf(peer, peer.initMs, true), usageOfPeerHold(peer)),
      ),
    ],
  );
}

function madeOf(usage: Usage, list: PriceList): string {
  const cost = priced(usage, list);
  const rows = units
    .filter((unit) => cost[unit] > 0)
    .toSorted((a, b) => cost[b] - cost[a])
    .map((unit) => [list.prices[unit].what, amount(usage[unit] ?? 0), dollars(cost[unit])]);
  return table(["", "units", "dollars"], rows);
}

function monthTable(hold: Usage, peers: readonly PeerPause[], standing: Standing, list: PriceList): string {
  const ours = months.map((holds) => dollars(total(usageOfMonth(hold, holds, standing), list)));
  const standingOnly = dollars(total(usageOfMonth({}, 0, standing), list));
  const theirs = peers.map((peer) => [
    peer.title,
    "0",
    ...months.map((holds) => dollars(total(times(usageOfPeerHold(peer), holds), list))),
  ]);
  return table(
    ["holds a month", "0", ...months.map((holds) => amount(holds))],
    [["Holdfast", standingOnly, ...ours], ...theirs],
  );
}

function stepTable({ steps, heldSeconds }: Life): string {
  const rows = steps.map((one) => [
    one.step,
    ...[
      one.ms,
      one.writeUnits,
      one.readUnits,
      one.storedBytes,
      one.messagesSent,
      one.signalwireRequests,
      one.logBytes,
    ].map(String),
  ]);
  const head = [
    "invocation",
    "ms",
    "write units",
    "read units",
    "stored bytes",
    "messages",
    "SignalWire requests",
    "log bytes",
  ];
  return `${table(head, rows)}\n\nOne hold of ${heldSeconds} s in real time, warm, SignalWire 30 ms away + 30 ms, AWS 5 ms.`;
}

function priceTable({ region, prices }: PriceList): string {
  const rows = units.map((unit: Unit) => {
    const { what, usd, per, asOf, source } = prices[unit];
    return [
      what,
      `${usd}${per === 1 ? "" : ` per ${amount(per)}`}`,
      asOf ?? "no date given: to be checked",
      source,
    ];
  });
  return `${table(["", `dollars in ${region}`, "as of", "found at"], rows)}`;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

const dollars = (usd: number): string =>
  usd >= 100 ? Math.round(usd).toLocaleString("en-US") : usd >= 0.995 ? usd.toFixed(2) : usd.toPrecision(2);

const amount = (count: number): string =>
  count >= 10 ? Math.round(count).toLocaleString("en-US") : String(Number(count.toPrecision(3)));
