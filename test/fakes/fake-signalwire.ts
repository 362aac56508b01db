import type { CallSid, ConferenceSid, RecordingSid } from "../../functions/recording/ids.ts";
import type { Look, SeenRecording } from "../../functions/recording/status.ts";
import { SignalWireFailure } from "../../functions/signalwire/error.ts";
import type {
  RecordingTarget,
  SignalWire,
  UpdateOptions,
  UpdateOutcome,
} from "../../functions/signalwire/signalwire.ts";

type Recording = { status: string; call?: CallSid };

/** One conference at SignalWire, in memory. What a test wants to go wrong, it puts into `onUpdate` or `onLook`. */
export type FakeSignalWire = SignalWire & {
  conference: Look["conference"];
  readonly recordings: Map<RecordingSid, Recording>;
  /** Every update that was sent, as "<recording> <status>". */
  readonly sent: string[];
  looks: number;
  /** In no list; shown to whoever asks for them by their sid. */
  readonly unlisted: Set<string>;
  rooms: readonly ConferenceSid[];
  /** Where a call takes part; undefined: wherever it is asked for. */
  callIn: ConferenceSid | undefined;
  onUpdate: (
    recording: RecordingTarget,
    options: UpdateOptions,
    apply: () => UpdateOutcome,
  ) => Promise<UpdateOutcome>;
  onLook: (look: () => Look, onSeen: (recording: SeenRecording) => void) => Promise<Look>;
};

export function createFakeSignalWire(recordings: Readonly<Record<string, string>>): FakeSignalWire {
  const fake: FakeSignalWire = {
    conference: "running",
    recordings: new Map(Object.entries(recordings).map(([sid, status]) => [sid as RecordingSid, { status }])),
    sent: [],
    looks: 0,
    unlisted: new Set(),
    rooms: [],
    callIn: undefined,
    onUpdate: async (_recording, _options, apply) => apply(),
    onLook: async (look) => look(),
    async look(_ref, { onSeen = () => undefined, known = [] }) {
      fake.looks += 1;
      const isShown = ({ sid }: SeenRecording) =>
        !fake.unlisted.has(sid) || known.some((one) => one.sid === sid);
      const shown = () => seen(fake.recordings).filter(isShown);
      return fake.onLook(() => ({ conference: fake.conference, recordings: shown() }), onSeen);
    },
    async update(_ref, target, options) {
      options.onSent?.();
      fake.sent.push(`${target.sid} ${options.to}`);
      return fake.onUpdate(target, options, () => apply(fake.recordings.get(target.sid), options));
    },
    async conferencesInRoom() {
      return fake.rooms;
    },
    async takesPart({ conference }) {
      return conference === (fake.callIn ?? conference);
    },
    async conferencesOfCall() {
      return fake.rooms;
    },
  };
  return fake;
}

const seen = (recordings: Map<RecordingSid, Recording>): readonly SeenRecording[] =>
  [...recordings].map(([sid, recording]) => ({ sid, ...recording }));

function apply(recording: Recording | undefined, { to }: UpdateOptions): UpdateOutcome {
  if (recording === undefined) return { kind: "refused", httpStatus: 404 };
  if (["stopped", "completed", "absent"].includes(recording.status))
    return { kind: "refused", httpStatus: 400 };
  recording.status = to;
  return { kind: "accepted", status: to };
}

export const noAnswer = () => new SignalWireFailure({ method: "GET", path: "/Recordings", retryable: true });
