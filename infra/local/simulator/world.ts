import { randomUUID } from "node:crypto";
import {
  type Announcement,
  type Call,
  type ChangedBy,
  type Conference,
  type ConferenceOptions,
  isOver,
  type Participant,
  type PauseBehavior,
  present,
  type Recording,
  type RecordingOptions,
} from "./resources.ts";
import type { Settings } from "./settings.ts";
import type { WorldEvent } from "./world-event.ts";

/** Everything that is going on, and what follows from what. Tells its listeners in the order of happening. */
export class World {
  readonly conferences = new Map<string, Conference>();
  readonly calls = new Map<string, Call>();
  readonly recordings = new Map<string, Recording>();
  readonly #now: () => number;
  readonly #settings: () => Settings;
  readonly #listeners: ((event: WorldEvent) => void)[] = [];
  #made = 0;

  constructor(now: () => number, settings: () => Settings) {
    this.#now = now;
    this.#settings = settings;
  }

  listen(listener: (event: WorldEvent) => void): void {
    this.#listeners.push(listener);
  }

  openConference(room: string, options: ConferenceOptions = {}): Conference {
    const made = this.#make();
    const conference: Conference = {
      ...options,
      ...made,
      room,
      status: "init",
      updatedAt: made.createdAt,
      knownFrom: made.createdAt + this.#settings().newConferenceUnknownForMs,
      participants: new Map(),
      announced: [],
    };
    this.conferences.set(conference.sid, conference);
    return conference;
  }

  /** The conference that a call which dials `room` now comes into. */
  conferenceInRoom(room: string): Conference | undefined {
    return [...this.conferences.values()].find((one) => one.room === room && one.status !== "completed");
  }

  addCall(options: Partial<Pick<Call, "from" | "to" | "afterConference">> = {}): Call {
    const call: Call = {
      from: "+15551234567",
      to: "+15559876543",
      afterConference: "ends",
      ...options,
      ...this.#make(),
      status: "in-progress",
    };
    this.calls.set(call.sid, call);
    return call;
  }

  join(conference: Conference, call: Call, { startOnEnter = true, endOnExit = false } = {}): Participant {
    const { order, createdAt } = this.#make();
    const participant: Participant = {
      order,
      createdAt,
      call: call.sid,
      startOnEnter,
      endOnExit,
      leftAt: null,
    };
    conference.participants.set(call.sid, participant);
    this.#tell({ type: "participant-join", conference, participant });
    const inside = present(conference);
    if (inside.length >= 2 && inside.some((one) => one.startOnEnter)) this.begin(conference);
    return participant;
  }

  /** Two are in: it starts, and so does its recording. Nothing where it has begun before. */
  begin(conference: Conference): void {
    if (conference.status !== "init") return;
    conference.status = "in-progress";
    conference.updatedAt = this.#now();
    this.#tell({ type: "conference-start", conference });
    if (conference.recorded) this.record(conference);
  }

  leave(conference: Conference, callSid: string): void {
    const participant = conference.participants.get(callSid);
    if (participant === undefined || participant.leftAt !== null) return;
    this.#takeOut(conference, participant);
    if (participant.endOnExit || present(conference).length === 0) this.end(conference);
  }

  end(conference: Conference): void {
    if (conference.status === "completed") return;
    conference.status = "completed";
    conference.updatedAt = this.#now();
    for (const participant of present(conference)) this.#takeOut(conference, participant);
    this.#tell({ type: "conference-end", conference });
    this.#finishAll((recording) => recording.conference === conference.sid);
  }

  hangUp(call: Call): void {
    if (call.status === "completed") return;
    call.status = "completed";
    for (const conference of this.conferences.values()) this.leave(conference, call.sid);
    this.#finishAll((recording) => recording.call === call.sid);
  }

  announce(conference: Conference, url: string, method: "GET" | "POST"): void {
    const announcement: Announcement = { at: this.#now(), url, status: null, said: [] };
    conference.announced.push(announcement);
    this.#tell({ type: "announcement", conference, announcement, method });
  }

  /** Starts a recording of a conference or of a call. */
  record(of: Conference | Call, options: RecordingOptions = {}): Recording {
    const made = this.#make();
    const ofConference = "room" in of;
    const recording: Recording = {
      ...made,
      conference: ofConference ? of.sid : null,
      call: ofConference ? null : of.sid,
      source: options.source ?? (ofConference ? "Conference" : "DialVerb"),
      channels: options.channels ?? "1",
      trim: options.trim ?? (ofConference ? of.trim : undefined) ?? "do-not-trim",
      callback: options.callback ?? (ofConference ? of.recordingCallback : undefined),
      status: "",
      pauseBehavior: null,
      updatedAt: made.createdAt,
      startedAt: null,
      endedAt: null,
      stuck: options.stuck ?? false,
      unlisted: false,
      history: [],
    };
    this.recordings.set(recording.sid, recording);
    this.change(recording, { status: options.status ?? "in-progress", by: "start" });
    return recording;
  }

  change(
    recording: Recording,
    { status, by, pauseBehavior }: { status: string; by: ChangedBy; pauseBehavior?: PauseBehavior },
  ): void {
    const at = this.#now();
    const wasOver = isOver(recording);
    recording.status = status;
    recording.pauseBehavior = status === "paused" ? (pauseBehavior ?? "silence") : null;
    recording.updatedAt = at;
    recording.history.push({ at, status, by });
    if (status !== "queued" && recording.startedAt === null) {
      recording.startedAt = at;
      this.#tell({ type: "recording-started", recording });
    }
    if (!isOver(recording)) recording.endedAt = null;
    else if (!wasOver) {
      recording.endedAt = at;
      this.#tell({ type: "recording-over", recording });
    }
  }

  /** Ends a recording together with what it records. */
  finish(recording: Recording): void {
    if (!isOver(recording)) this.change(recording, { status: "completed", by: "end" });
  }

  clear(): void {
    for (const all of [this.conferences, this.calls, this.recordings]) all.clear();
  }

  #finishAll(which: (recording: Recording) => boolean): void {
    for (const recording of this.recordings.values()) if (which(recording)) this.finish(recording);
  }

  #takeOut(conference: Conference, participant: Participant): void {
    participant.leftAt = this.#now();
    this.#tell({ type: "participant-leave", conference, participant });
    const call = this.calls.get(participant.call);
    if (call?.afterConference === "ends") this.hangUp(call);
  }

  #make(): { sid: string; order: number; createdAt: number } {
    this.#made += 1;
    return { sid: randomUUID(), order: this.#made, createdAt: this.#now() };
  }

  #tell(event: WorldEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
