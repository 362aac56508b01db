// Step 3: the call itself, from the first ring to the last hang-up.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Happening } from "./happenings.ts";
import { Narrator } from "./narrator.ts";
import { askControl, type ConferenceView, type Ledger, type Simulator, type Status } from "./sources.ts";

export type Stage = {
  /** The stack's. */
  readonly url: string;
  readonly simulator: Simulator;
  /** How long people take between one thing and the next. */
  readonly paceMs: number;
  readonly tell: (happening: Happening) => void;
};

export type Played = {
  readonly conference: ConferenceView;
  /** When the card was read, milliseconds since 1970; absent: nobody dared to. */
  readonly card?: { readonly from: number; readonly to: number };
  readonly ledger: Ledger;
  readonly endedAt: number;
};

/** The agent pauses, the caller reads a card, the agent resumes, both hang up. @throws Error where no conference comes about */
export async function play(stage: Stage): Promise<Played> {
  const { url, simulator, paceMs } = stage;
  const room = `demo-${randomBytes(3).toString("hex")}`;
  const narrator = new Narrator(stage, room);
  const enter = (role: "agent" | "caller", from: string) => {
    narrator.say(role, "dials");
    return simulator.dial(`${url}/telephony/join?room=${room}&role=${role}`, from);
  };
  const agent = await enter("agent", "+15550100001");
  const caller = await enter("caller", "+15550100002");
  narrator.follow({ agent: agent.call, caller: caller.call, conference: caller.conference });
  await narrator.catchUp();
  if (caller.conference === null) throw new Error("The call did not come into a conference.");
  const act = async (who: "agent" | "caller", what: string, key: string) => {
    await sleep(paceMs);
    narrator.say(who, what);
    await simulator.press(who === "agent" ? agent.call : caller.call, key);
    await narrator.catchUp();
  };

  await act("agent", "presses *", "*");
  await act("agent", "presses 1", "1");
  const card = await readCard(stage, narrator, caller.conference);
  await act("agent", "presses *", "*");
  await act("agent", "presses 2", "2");
  await act("agent", "hangs up", "hangup");
  await act("caller", "hangs up", "hangup");
  const ledger = await narrator.catchUp();
  const conference = await simulator.conference(caller.conference);
  return { conference, ledger, endedAt: Date.now(), ...(card && { card }) };
}

/** An agent who does what the design asks for: no card before it is said to be safe. */
async function readCard(
  { url, paceMs }: Stage,
  narrator: Narrator,
  conference: string,
): Promise<Played["card"]> {
  // A question that is refused, or that fails, is no yes.
  const asking = askControl<Status>(url, { action: "status", conference });
  const { safeToCollect } = await asking.catch(() => ({ safeToCollect: false }));
  if (!safeToCollect) {
    narrator.say("agent", "asks for no card: the pause is not confirmed", "bad");
    return undefined;
  }
  narrator.say("caller", "begins to read the card aloud");
  const from = Date.now();
  await sleep(3 * paceMs);
  const to = Date.now();
  narrator.say("caller", "has read the card");
  return { from, to };
}
