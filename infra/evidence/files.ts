// Step 3 of the evidence: what is written, and the hashes that vouch for it.
import { createHash } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cell, csvOf } from "./csv.ts";
import type { ExceptionRow, HoldRow, Report } from "./report.ts";
import { nameOf } from "./report.ts";
import { method } from "./sample.ts";

/** Name and content. */
export type Files = ReadonlyMap<string, string>;

export function filesOf(report: Report, summary: string): Files {
  const files = new Map([
    ["evidence.json", `${JSON.stringify(jsonOf(report), null, 2)}\n`],
    [
      "holds.csv",
      csvOf(
        holdColumns.map(([name]) => name),
        report.holds.map(holdCells),
      ),
    ],
    ["exceptions.csv", csvOf(exceptionColumns, report.exceptions.map(exceptionCells))],
    [
      "sample.csv",
      csvOf(
        [...holdColumns.map(([name]) => name), "draw", "card_data_heard", "remarks"],
        report.sample.map((row) => [...holdCells(row), row.draw, null, null]),
      ),
    ],
    ["summary.txt", `${summary}\n`],
  ]);
  // As `sha256sum --check` reads it.
  const sums = [...files].map(([name, content]) => `${sha256(content)}  ${name}\n`).join("");
  return files.set("SHA256SUMS", sums);
}

/** @throws Error where there is evidence already: it is never written over */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files) await writeFile(join(folder, name), content, { flag: "wx" });
}

/** Before hours are spent on collecting. @throws Error */
export async function refuseToOverwrite(folder: string): Promise<void> {
  const there = await readdir(folder).catch(() => []);
  if (there.length > 0)
    throw new Error(`There is something in ${folder} already. Name another folder with --out.`);
}

export const sha256 = (content: string): string => createHash("sha256").update(content).digest("hex");

function jsonOf({ asked, population, exceptions, sample, collected }: Report): object {
  const { conferences, ...through } = collected;
  return {
    asked,
    population: { ...population, gone_through: through },
    exceptions: exceptions.map(({ conference: { project, conference }, exception }) => ({
      project,
      conference,
      ...exception,
    })),
    sample: { method, holds: sample.map((row) => ({ name: nameOf(row), draw: row.draw })) },
    conferences,
  };
}

const holdColumns: readonly (readonly [string, (row: HoldRow) => Cell])[] = [
  ["project", ({ conference }) => conference.project],
  ["conference", ({ conference }) => conference.conference],
  ["position", ({ hold }) => hold.position],
  ["hold", ({ hold }) => hold.hold],
  ["source", ({ hold }) => hold.source],
  ["reason", ({ hold }) => hold.reason],
  ["recording", ({ hold }) => hold.recording ?? "all"],
  ["pause_behavior", ({ hold }) => hold.pauseBehavior],
  ["outcome", ({ hold }) => hold.outcome],
  ["confirmed", ({ hold }) => hold.confirmed],
  ["exposure_ms", ({ hold }) => hold.exposureMs],
  ["sent_at", ({ hold }) => hold.sentAt],
  ["received_at", ({ hold }) => hold.receivedAt],
  ["written_at", ({ hold }) => hold.writtenAt],
  ["on_wire_at", ({ hold }) => hold.onWireAt],
  ["looked_at", ({ hold }) => hold.lookedAt],
  ["confirmed_at", ({ hold }) => hold.confirmedAt],
  ["expires_at", ({ hold }) => hold.expiresAt],
  ["end_sent_at", ({ hold }) => hold.endSentAt],
  ["ended_at", ({ hold }) => hold.endedAt],
  ["running_at", ({ hold }) => hold.runningAt],
  ["paused_recordings", ({ hold }) => hold.paused.join(" ")],
  ["placed_by", ({ hold }) => hold.placedBy?.actor],
  ["placed_request", ({ hold }) => hold.placedBy?.request],
  ["placed_call", ({ hold }) => hold.placedBy?.call],
  ["placed_from", ({ hold }) => hold.placedBy?.sourceIp],
  ["ended_by_source", ({ hold }) => hold.endedBy?.source],
  ["ended_by", ({ hold }) => hold.endedBy?.actor],
  ["ended_request", ({ hold }) => hold.endedBy?.request],
  ["ledger_entries", ({ conference }) => conference.entries],
  ["ledger_intact", ({ conference }) => conference.intact],
  ["ledger_hash", ({ conference }) => conference.hash],
];
const holdCells = (row: HoldRow): readonly Cell[] => holdColumns.map(([, cell]) => cell(row));

const exceptionColumns = [
  "what",
  "at",
  "project",
  "conference",
  "position",
  "hold",
  "placement",
  "recording",
  "milliseconds",
  "why",
  "ledger_intact",
  "ledger_hash",
];
const exceptionCells = ({ conference, exception }: ExceptionRow): readonly Cell[] => [
  exception.what,
  exception.at,
  conference.project,
  conference.conference,
  exception.position,
  exception.hold,
  exception.placement,
  exception.recording,
  exception.milliseconds,
  exception.why,
  conference.intact,
  conference.hash,
];
