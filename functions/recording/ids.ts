// Step 2 of the flow, the rules. Nothing in this folder imports anything from outside it: no clock, no
// random, no SDK. Ids are branded, so a conference and a recording cannot be swapped.

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A SignalWire project (AccountSid), a UUID. */
export type ProjectId = Branded<"ProjectId">;
/** A SignalWire conference (ConferenceSid), a UUID. */
export type ConferenceSid = Branded<"ConferenceSid">;
/** A SignalWire recording (RecordingSid), a UUID. */
export type RecordingSid = Branded<"RecordingSid">;
/** One leg of a call (CallSid), a UUID. */
export type CallSid = Branded<"CallSid">;
/** A conference's FriendlyName, 1 to 64 characters; used again from call to call. */
export type Room = Branded<"Room">;
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Millis = number;

/** Which conference, of which project: what a ledger is about. */
export type ConferenceRef = { readonly project: ProjectId; readonly conference: ConferenceSid };

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for the textual form of a UUID (RFC 9562), upper or lower case. */
export const isUuid = (text: string): boolean => uuid.test(text);

export const projectId = (text: string): ProjectId => text as ProjectId;
export const conferenceSid = (text: string): ConferenceSid => text as ConferenceSid;
export const recordingSid = (text: string): RecordingSid => text as RecordingSid;
export const callSid = (text: string): CallSid => text as CallSid;
export const room = (text: string): Room => text as Room;
