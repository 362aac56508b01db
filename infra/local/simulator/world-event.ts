import type { Announcement, Conference, Participant, Recording } from "./resources.ts";

/** Something that happened, for callbacks and for phones. */
export type WorldEvent =
  | { readonly type: "conference-start" | "conference-end"; readonly conference: Conference }
  | {
      readonly type: "participant-join" | "participant-leave";
      readonly conference: Conference;
      readonly participant: Participant;
    }
  | { readonly type: "recording-started" | "recording-over"; readonly recording: Recording }
  | {
      readonly type: "announcement";
      readonly conference: Conference;
      readonly announcement: Announcement;
      readonly method: "GET" | "POST";
    };
