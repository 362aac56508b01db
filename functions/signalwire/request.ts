import { type Attempt, attempt, type Message } from "../http/attempt.ts";
import { type Connections, KeptConnections } from "../http/kept-connections.ts";
import { within } from "../http/within.ts";
import type { Millis, ProjectId } from "../recording/ids.ts";
import { type Call, leavesOpen, type Reply, type Send } from "./call.ts";
import type { Credentials, ProjectAccess } from "./credentials.ts";
import { messageOf } from "./message.ts";
import { waitBeforeNext } from "./repeats.ts";
import { originOf } from "./space.ts";

export type RequestPorts = {
  readonly credentials: Credentials;
  readonly now: () => Millis;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 to 1. */
  readonly random: () => number;
  /** SignalWire refused our credentials (401, 403), newly read ones too: an operator has to act. */
  readonly alarm: (name: "signalwire-credentials-refused") => void;
  /** For one attempt, connecting included; each has its own. */
  readonly attemptTimeoutMs: number;
  /** Default: those that are kept. */
  readonly connectionsTo?: (origin: URL) => Connections;
};

/** What is sent once has left within this time or not at all: whoever sent it counts on its being over soon. */
const sendOnceWithinMs = 500;

/** Everything that is sent to SignalWire goes through here. */
export class Requests {
  readonly #ports: RequestPorts;
  readonly #kept = new Map<string, Connections>();

  constructor(ports: RequestPorts) {
    this.#ports = ports;
  }

  readonly send: Send = async (call) => {
    const sending = call.attempts === "once" ? this.#once(call) : this.#repeatedly(call);
    const reply = await sending.catch(notPrepared);
    const refused = reply.kind === "answered" && (reply.status === 401 || reply.status === 403);
    if (refused) this.#ports.alarm("signalwire-credentials-refused");
    return reply;
  };

  /** Opens a connection for the project's next request. Never rejects; takes `timeoutMs` at most. */
  async prime(project: ProjectId, timeoutMs: number): Promise<void> {
    const open = async () => {
      const { space } = await this.#ports.credentials.project(project);
      await this.#connectionsTo(originOf(space)).prime(timeoutMs);
    };
    await within(timeoutMs, open()).catch(() => undefined);
  }

  async #once(call: Call): Promise<Reply> {
    const { now, credentials, attemptTimeoutMs } = this.#ports;
    const started = now();
    const sendBy = Math.min(started + sendOnceWithinMs, call.deadline);
    const access = await within(sendBy - now(), credentials.project(call.project));
    const message = messageOf(call, access);
    const connection = await this.#connectionsTo(message.origin).connect(sendBy - now());
    // The process may have been frozen in between, and what is late may no longer be sent.
    if (now() >= sendBy) {
      connection.abandon();
      return { kind: "not-sent", cause: new Error("too late to be sent") };
    }
    const answerBy = Math.min(started + attemptTimeoutMs, call.deadline);
    return replyOf(await attempt(message, connection, answerBy - now()), false);
  }

  async #repeatedly(call: Call): Promise<Reply> {
    const { now, sleep, random, credentials } = this.#ports;
    const timeLeft = () => Math.min(this.#ports.attemptTimeoutMs, call.deadline - now());
    const prepare = async (reading: Promise<ProjectAccess>) =>
      messageOf(call, await within(timeLeft(), reading));
    let message = await prepare(credentials.project(call.project));
    let readAgain = false;
    let inDoubt = false;
    let reply: Reply = { kind: "not-sent", cause: new Error("no time left") };
    for (let made = 1; timeLeft() > 0; made += 1) {
      const last = await this.#connectionsTo(message.origin).send(message, timeLeft());
      reply = replyOf(last, inDoubt);
      inDoubt ||= mayHaveBeenDone(last);
      if (last.kind === "answered" && last.status === 401 && !readAgain) {
        readAgain = true;
        const newer = await prepare(credentials.projectAgain(call.project)).catch(() => message);
        if (sameAccess(newer, message)) return reply;
        message = newer;
        continue;
      }
      const waitMs = waitBeforeNext(last, { made, now: now(), random });
      if (waitMs === undefined || now() + waitMs >= call.deadline) return reply;
      if (waitMs > 0) await sleep(waitMs);
    }
    return reply;
  }

  #connectionsTo(origin: URL): Connections {
    const known = this.#kept.get(origin.origin);
    if (known) return known;
    const { now, attemptTimeoutMs, connectionsTo } = this.#ports;
    const connections = connectionsTo?.(origin) ?? new KeptConnections(origin, now, attemptTimeoutMs);
    this.#kept.set(origin.origin, connections);
    return connections;
  }
}

/** Without credentials or a connection there was nothing to send. */
const notPrepared = (cause: unknown): Reply => ({ kind: "not-sent", cause });

const sameAccess = (one: Message, other: Message): boolean =>
  one.origin.href === other.origin.href && one.headers.Authorization === other.headers.Authorization;

const mayHaveBeenDone = (last: Attempt): boolean =>
  last.kind === "answered" ? leavesOpen(last.status) : last.sent;

function replyOf(last: Attempt, inDoubt: boolean): Reply {
  if (last.kind === "answered") return { ...last, inDoubt };
  return { kind: last.sent || inDoubt ? "unanswered" : "not-sent", cause: last.cause };
}
