// Step 2: the two ends of the call, each asked for what it knows: the simulator, and Holdfast itself.
import type { Delivery } from "../simulator/callbacks.ts";
import type { conferenceView } from "../simulator/control-views.ts";
import type { CallView } from "../simulator/phones.ts";
import type { LoggedRequest } from "../simulator/request-log.ts";

export type ConferenceView = ReturnType<typeof conferenceView>;
export type RecordingView = ConferenceView["recordings"][number];

/** The simulator's control API, as far as a call needs it. */
export type Simulator = {
  /** Both end when only another key moves the call. */
  dial(url: string, from: string): Promise<CallView>;
  press(call: string, key: string): Promise<CallView>;
  look(call: string): Promise<CallView>;
  conference(sid: string): Promise<ConferenceView>;
  callbacks(): Promise<readonly Delivery[]>;
  requests(): Promise<readonly LoggedRequest[]>;
  /** Ends when no callback is under way. */
  settled(): Promise<unknown>;
};

export function simulatorAt(url: string): Simulator {
  const ask = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const init = { method, ...(body && { body: JSON.stringify(body) }) };
    const response = await fetch(`${url}/_simulator/${path}`, init);
    if (!response.ok) throw new Error(`The simulator answered ${response.status} to ${method} ${path}`);
    return (await response.json()) as Answer;
  };
  return {
    dial: (first, from) => ask("POST", "calls", { url: first, from }),
    press: (call, key) => ask("POST", `calls/${call}/keys`, { keys: [key] }),
    look: (call) => ask("GET", `calls/${call}`),
    conference: (sid) => ask("GET", `conferences/${sid}`),
    callbacks: () => ask("GET", "callbacks"),
    requests: () => ask("GET", "requests"),
    settled: () => ask("POST", "settled"),
  };
}

type Fact = {
  readonly type: string;
  readonly exposureMs?: number;
  readonly hold?: { readonly receivedAt: number };
};
/** What the actions `status` and `ledger` answer, as far as it is shown here. */
export type Status = { readonly safeToCollect: boolean };
export type Ledger = {
  /** `at`: ISO 8601, UTC. */
  readonly entries: readonly {
    readonly position: number;
    readonly at: string;
    readonly facts: readonly Fact[];
  }[];
  readonly exposures: readonly { readonly how: string; readonly milliseconds: number }[];
  readonly gaps: readonly { readonly recording: string; readonly from: string; readonly to: string | null }[];
};

/** Asks the function `control`. @throws Error with what it says is wrong */
export async function askControl<Answer>(url: string, question: object): Promise<Answer> {
  const response = await fetch(`${url}/2015-03-31/functions/control/invocations`, {
    method: "POST",
    body: JSON.stringify(question),
  });
  const answer: unknown = await response.json();
  if (!response.ok || response.headers.has("x-amz-function-error")) throw new Error(JSON.stringify(answer));
  return answer as Answer;
}
