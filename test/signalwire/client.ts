import { conferenceSid, projectId, recordingSid } from "../../functions/recording/ids.ts";
import { createSignalWire, type SignalWirePorts } from "../../functions/signalwire/client.ts";
import type { UpdateOptions } from "../../functions/signalwire/signalwire.ts";

export const project = projectId("b3877c40-da60-4998-90ad-b792e98472af");
export const conference = conferenceSid("43bb71ee-553f-4074-bb20-8e2747647cce");
export const recording = recordingSid("19e436af-5688-4307-b03b-bdb2b42b8142");
export const ref = { project, conference };
export const account = "/api/laml/2010-04-01/Accounts/b3877c40-da60-4998-90ad-b792e98472af";
export const recordings = `${account}/Conferences/43bb71ee-553f-4074-bb20-8e2747647cce/Recordings`;
export const update = `POST ${recordings}/19e436af-5688-4307-b03b-bdb2b42b8142`;

/** The clock stands still unless a sleep moves it, so a deadline never passes by chance. */
export const startedAt = Date.UTC(2026, 10, 24, 12, 0, 0);
export const pause = {
  to: "paused",
  pauseBehavior: "silence",
  attempts: "repeat",
  deadline: startedAt + 4000,
} as const satisfies UpdateOptions;
export const resume = {
  to: "in-progress",
  attempts: "once",
  deadline: startedAt + 4000,
} as const satisfies UpdateOptions;

/** A client of the server at `space`, with a clock of its own; `slept` are the waits it asked for, in milliseconds. */
export function clientOf(space: string, ports: Partial<SignalWirePorts> = {}) {
  const slept: number[] = [];
  const alarms: string[] = [];
  let now = startedAt;
  const access = async () => ({ space, apiToken: "PT-made-up-token" });
  const client = createSignalWire({
    credentials: { project: access, projectAgain: access },
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
    random: () => 1,
    alarm: (name) => alarms.push(name),
    ...ports,
  });
  return {
    client,
    slept,
    alarms,
    advance: (ms: number) => {
      now += ms;
    },
  };
}
