// SignalWire on one machine, what is there: conferences, their recordings and participants, in memory.
import { randomUUID } from "node:crypto";

export type Recording = {
  readonly sid: string;
  /** Of a participant's own call; absent: of the conference. */
  readonly call?: string;
  readonly conference?: string;
  status: string;
  readonly createdAt: Date;
  changedAt: Date;
};
export type Conference = {
  readonly sid: string;
  readonly room: string;
  status: "init" | "in-progress" | "completed";
  readonly participants: string[];
  readonly createdAt: Date;
};
export type NewConference = {
  readonly room: string;
  readonly recordings?: number;
  readonly participants?: number;
  /** How many of the participants' own calls are recorded. */
  readonly callRecordings?: number;
};
export type AddedConference = {
  readonly conference: string;
  readonly recordings: readonly string[];
  readonly participants: readonly string[];
};

const over = ["stopped", "completed", "absent"];

export class World {
  readonly conferences = new Map<string, Conference>();
  readonly recordings = new Map<string, Recording>();

  addConference({
    room,
    recordings = 1,
    participants = 2,
    callRecordings = 0,
  }: NewConference): AddedConference {
    const sid = randomUUID();
    const calls = Array.from({ length: participants }, () => randomUUID() as string);
    this.conferences.set(sid, {
      sid,
      room,
      status: "in-progress",
      participants: calls,
      createdAt: new Date(),
    });
    const ofConference = Array.from({ length: recordings }, () => this.startRecording(sid).sid);
    const ofCalls = calls.slice(0, callRecordings).map((call) => this.#add({ call }).sid);
    return { conference: sid, recordings: [...ofConference, ...ofCalls], participants: calls };
  }

  /** One more recording of the conference, running at once. */
  startRecording(conference: string): Recording {
    return this.#add({ conference });
  }

  endConference(conference: Conference): void {
    conference.status = "completed";
    for (const recording of this.recordings.values()) {
      const isIn =
        recording.conference === conference.sid || conference.participants.includes(recording.call ?? "");
      if (isIn && !over.includes(recording.status)) this.change(recording, "completed");
    }
  }

  change(recording: Recording, status: string): void {
    recording.status = status;
    recording.changedAt = new Date();
  }

  isOver = (recording: Recording): boolean => over.includes(recording.status);

  #add(of: { readonly call: string } | { readonly conference: string }): Recording {
    const recording = {
      sid: randomUUID(),
      ...of,
      status: "in-progress",
      createdAt: new Date(),
      changedAt: new Date(),
    };
    this.recordings.set(recording.sid, recording);
    return recording;
  }
}
