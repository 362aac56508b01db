import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Directory, LedgerFailure } from "../../functions/ledger/ledger.ts";
import { callSid, conferenceSid, type Millis, projectId, room } from "../../functions/recording/ids.ts";
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
      expect(await subject.directory.conferenceOfRoom(project, support)).toBeUndefined();
      expect(await subject.directory.conferenceOfCall(project, call)).toBeUndefined();
    });

    test("a room and a call lead to their conference, in their project only", async () => {
      const { directory } = subject;
      const elsewhere = projectId("7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0b02");
      await directory.noteRoom(project, support, conference);
      await directory.noteCall(project, call, later);
      expect(await directory.conferenceOfRoom(project, support)).toBe(conference);
      expect(await directory.conferenceOfCall(project, call)).toBe(later);
      expect(await directory.conferenceOfRoom(elsewhere, support)).toBeUndefined();
      expect(await directory.conferenceOfCall(elsewhere, call)).toBeUndefined();
    });

    test("a room named like a call, or like a conference, is that room alone", async () => {
      const { directory } = subject;
      for (const name of [call, `call#${call}`, conference])
        await directory.noteRoom(project, room(name), conference);
      expect(await directory.conferenceOfCall(project, call)).toBeUndefined();
      expect(await directory.conferenceOfRoom(project, room(`call#${call}`))).toBe(conference);
    });

    test("rooms that differ in case are different rooms", async () => {
      await subject.directory.noteRoom(project, support, conference);
      expect(await subject.directory.conferenceOfRoom(project, room("Support"))).toBeUndefined();
    });

    test("a room that is used again leads to the newer conference", async () => {
      const { directory } = subject;
      await directory.noteRoom(project, support, conference);
      await directory.noteRoom(project, support, later);
      expect(await directory.conferenceOfRoom(project, support)).toBe(later);
    });

    test("a note is forgotten after a day", async () => {
      const { directory } = subject;
      await directory.noteRoom(project, support, conference);
      now = at + 86_399_000;
      expect(await directory.conferenceOfRoom(project, support)).toBe(conference);
      now = at + 86_400_000;
      expect(await directory.conferenceOfRoom(project, support)).toBeUndefined();
    });

    test("where nothing answers every call is a LedgerFailure", async () => {
      subject.breakDown();
      const { directory } = subject;
      await expect(directory.noteRoom(project, support, conference)).rejects.toThrow(LedgerFailure);
      await expect(directory.noteCall(project, call, conference)).rejects.toThrow(LedgerFailure);
      await expect(directory.conferenceOfRoom(project, support)).rejects.toThrow(LedgerFailure);
      await expect(directory.conferenceOfCall(project, call)).rejects.toThrow(LedgerFailure);
    });
  });
}
