import { type Happening, ofCall, ofCallbacks, ofLedger, ofRecording, ofRequests } from "./happenings.ts";
import type { Stage } from "./play.ts";
import { askControl, type Ledger } from "./sources.ts";

type Followed = { readonly agent: string; readonly caller: string; readonly conference: string | null };

/** Tells everything once: what people do as they do it, and what followed from it as soon as it is known. */
export class Narrator {
  readonly #stage: Pick<Stage, "url" | "simulator" | "tell">;
  readonly #room: string;
  /** How much of each source was told. */
  readonly #told = new Map<string, number>();
  #untold: Happening[] = [];
  #followed: Followed | undefined;

  constructor(stage: Stage, room: string) {
    this.#stage = stage;
    this.#room = room;
  }

  follow(followed: Followed): void {
    this.#followed = followed;
  }

  say(who: "agent" | "caller", what: string, tone?: Happening["tone"]): void {
    this.#untold.push({ at: Date.now(), who, what, ...(tone && { tone }) });
  }

  /** Everything that happened since, in its order; the ledger as it stands then. */
  async catchUp(): Promise<Ledger> {
    const { url, simulator, tell } = this.#stage;
    const { agent = "", caller = "", conference = null } = this.#followed ?? {};
    await simulator.settled();
    this.#add("agent", ofCall("agent", await simulator.look(agent)));
    this.#add("caller", ofCall("caller", await simulator.look(caller)));
    let ledger: Ledger = { entries: [], exposures: [], gaps: [] };
    if (conference !== null) {
      const view = await simulator.conference(conference);
      const sids = view.recordings.map(({ recording }) => recording);
      const isOurs = ({ ConferenceSid, FriendlyName, RecordingSid = "" }: Readonly<Record<string, string>>) =>
        ConferenceSid === conference || FriendlyName === this.#room || sids.includes(RecordingSid);
      const callbacks = await simulator.callbacks();
      this.#add("callbacks", ofCallbacks(callbacks.filter(({ params }) => isOurs(params))));
      this.#add("requests", ofRequests(await simulator.requests(), view));
      for (const [index, one] of view.recordings.entries())
        this.#add(one.recording, ofRecording(one, index + 1));
      ledger = await askControl<Ledger>(url, { action: "ledger", conference });
      this.#add("ledger", ofLedger(ledger));
    }
    const untold = this.#untold;
    this.#untold = [];
    for (const one of untold.toSorted((a, b) => a.at - b.at)) tell(one);
    return ledger;
  }

  #add(source: string, happenings: readonly Happening[]): void {
    this.#untold.push(...happenings.slice(this.#told.get(source) ?? 0));
    this.#told.set(source, happenings.length);
  }
}
