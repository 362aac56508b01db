import { randomBytes } from "node:crypto";
import type { Millis } from "../recording/ids.ts";
import type { HttpRequest } from "./http-request.ts";
import { Rejected } from "./rejected.ts";
import { type WebhookClaim, webhookClaim, webhookProven } from "./standard-webhooks.ts";

export type Sender = { readonly secrets: readonly string[]; readonly allow: readonly string[] };
export type Senders = { readonly [name: string]: Sender };

/** Where the senders' keys come from. */
export type SenderKeys = {
  readonly senders: () => Promise<Senders>;
  /** Reads them once more, at most once in ten seconds; otherwise what is known. */
  readonly sendersAgain: () => Promise<Senders>;
};

/** A body that a known sender signed. */
export type ProvenSignal = {
  readonly sender: string;
  readonly allow: readonly string[];
  /** The delivery, as the sender numbered it. */
  readonly id: string;
  readonly body: Uint8Array;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly receivedAt: Millis;
};

const route = /^\/signals\/([^/]*)$/;
const senderName = /^[a-z0-9-]{1,64}$/;
/** Nobody has this key: a name that is not known is compared against it, and takes as long as one that is. */
const nobody: Sender = { secrets: [`whsec_${randomBytes(32).toString("base64")}`], allow: [] };

/** The proof of a signal: a Standard Webhooks signature by a key of the sender that the path names. */
export const createSenderProof =
  (keys: SenderKeys) =>
  async (request: HttpRequest): Promise<ProvenSignal> => {
    const name = route.exec(request.path)?.[1];
    if (name === undefined || request.method !== "POST") throw new Rejected("no-such-route");
    const claim = webhookClaim(request.headers, request.receivedAt);
    if (claim === undefined) throw new Rejected("unproven");
    const { body, sourceIp, requestId, receivedAt } = request;
    const sender = await proveSender(keys, name, claim, body);
    return { sender: name, allow: sender.allow, id: claim.id, body, sourceIp, requestId, receivedAt };
  };

async function proveSender(
  keys: SenderKeys,
  name: string,
  claim: WebhookClaim,
  body: Uint8Array,
): Promise<Sender> {
  const known = find(await asked(keys.senders), name);
  if (webhookProven(claim, body, known.secrets)) return known;
  // A key or a sender may be newer than what is cached here.
  const newer = find(await asked(keys.sendersAgain), name);
  if (webhookProven(claim, body, newer.secrets)) return newer;
  throw new Rejected("unproven");
}

const find = (senders: Senders, name: string): Sender =>
  (senderName.test(name) && Object.hasOwn(senders, name) ? senders[name] : undefined) ?? nobody;

async function asked(read: () => Promise<Senders>): Promise<Senders> {
  try {
    return await read();
  } catch (cause) {
    throw new Rejected("unavailable", { cause });
  }
}
