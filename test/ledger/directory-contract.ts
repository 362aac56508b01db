import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Directory, LedgerFailure } from "../../functions/ledger/ledger.ts";
import {
  callSid,
  conferenceSid,
  type Millis,
  projectId,
  type RecordingSid,
  recordingSid,
  room,
} from "../../functions/recording/ids.ts";
import { at, conference, project } from "./examples.ts";

export type DirectorySubject = {
  readonly directory: Directory;
  /** From now on nothing that `directory` asks arrives. */
  breakDown(): void;
  close(): Promise<void>;
};

const support = room("support");
const call = callSid("aa11bb22-3333-4444-8555-666677778888");
const later = conferenceSid("c0ffee00-1111-4222-8333-444455557777");

/** What every directory has to be. */
export function describeDirectory(
  name: string,
  open: (now: () => Millis) => Promise<DirectorySubject>,
): void {
  describe(`directory: ${name}`, () => {
    let subject: DirectorySubject;
    let now: Millis;
    beforeEach(async () => {
      now = at;
      subject = await open(() => now);
    });
    afterEach(() => subject.close());

    test("what was never noted is not known", async () => {
      expect(await subject.directory.hintOfRoom(project, support)).toBeUndefined();
      expect(await subject.directory.conferenceOfCall(project, call)).toBeUndefined();
    });

    test("a room and a call lead to their conference, in their project only", async () => {
      const { directory } = subject;
      const elsewhere = projectId("7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0b02");
      await directory.noteRoom(project, support, conference);
      await directory.noteCall(project, call, later);
      expect(await directory.hintOfRoom(project, support)).toEqual({
        conference: conference,
        recordings: [],
      });
      expect(await directory.conferenceOfCall(project, call)).toBe(later);
      expect(await directory.hintOfRoom(elsewhere, support)).toBeUndefined();
      expect(await directory.conferenceOfCall(elsewhere, call)).toBeUndefined();
    });

    test("a room named like a call, or like a conference, is that room alone", async () => {
      const { directory } = subject;
      for (const name of [call, `call#${call}`, conference])
        await directory.noteRoom(project, room(name), conference);
      expect(await directory.conferenceOfCall(project, call)).toBeUndefined();
      expect(await directory.hintOfRoom(project, room(`call#${call}`))).toEqual({
        conference: conference,
        recordings: [],
      });
    });

    test("rooms that differ in case are different rooms", async () => {
      await subject.directory.noteRoom(project, support, conference);
      expect(await subject.directory.hintOfRoom(project, room("Support"))).toBeUndefined();
    });

    test("a room that is used again leads to the newer conference", async () => {
      const { directory } = subject;
      await directory.noteRoom(project, support, conference);
      await directory.noteRoom(project, support, later);
      expect(await directory.hintOfRoom(project, support)).toEqual({ conference: later, recordings: [] });
    });

    test("a note is forgotten after a day", async () => {
      const { directory } = subject;
      await directory.noteRoom(project, support, conference);
      now = at + 86_399_000;
      expect(await directory.hintOfRoom(project, support)).toEqual({
        conference: conference,
        recordings: [],
      });
      now = at + 86_400_000;
      expect(await directory.hintOfRoom(project, support)).toBeUndefined();
    });

    test("a room tells of the recordings of its newest conference, the newest first, and a conference of its own", async () => {
      const { directory } = subject;
      const [first, second, third] = ["a0", "b1", "c2"].map((start) =>
        recordingSid(`${start}11bb22-3333-4444-8555-666677778888`),
      ) as [RecordingSid, RecordingSid, RecordingSid];
      await directory.noteRoom(project, support, conference);
      await directory.noteRecording({ project, conference }, first, support);
      now += 60_000;
      await directory.noteRoom(project, support, later);
      await directory.noteRecording({ project, conference: later }, second, support);
      now += 1_000;
      await directory.noteRecording({ project, conference: later }, third, support);
      await directory.noteRecording({ project, conference: later }, third);
      expect(await directory.hintOfRoom(project, support)).toEqual({
        conference: later,
        recordings: [third, second],
      });
      expect(await directory.recordingsOf({ project, conference })).toEqual([first]);
      expect(await directory.recordingsOf({ project, conference: later })).toEqual([third, second]);
      now = at + 86_400_000;
      expect(await directory.recordingsOf({ project, conference })).toEqual([]);
    });

    test("a room that was noted with a recording alone leads nowhere", async () => {
      const { directory } = subject;
      await directory.noteRecording({ project, conference }, recordingSid(call), support);
      expect(await directory.hintOfRoom(project, support)).toBeUndefined();
    });

    test("a room that was used many times still leads to its newest conference", async () => {
      const { directory } = subject;
      for (let use = 0; use < 40; use += 1) {
        now += 1_000;
        const recording = recordingSid(`${String(1000 + use)}bb22-3333-4444-8555-666677778888`);
        await directory.noteRecording({ project, conference }, recording, support);
      }
      await directory.noteRoom(project, support, later);
      await directory.noteRecording({ project, conference: later }, recordingSid(call), support);
      expect(await directory.hintOfRoom(project, support)).toEqual({
        conference: later,
        recordings: [recordingSid(call)],
      });
    });

    test("where nothing answers every call is a LedgerFailure", async () => {
      subject.breakDown();
      const { directory } = subject;
      await expect(directory.noteRoom(project, support, conference)).rejects.toThrow(LedgerFailure);
      await expect(directory.noteCall(project, call, conference)).rejects.toThrow(LedgerFailure);
      await expect(
        directory.noteRecording({ project, conference }, recordingSid(call), support),
      ).rejects.toThrow(LedgerFailure);
      await expect(directory.recordingsOf({ project, conference })).rejects.toThrow(LedgerFailure);
      await expect(directory.hintOfRoom(project, support)).rejects.toThrow(LedgerFailure);
      await expect(directory.conferenceOfCall(project, call)).rejects.toThrow(LedgerFailure);
    });
  });
}
