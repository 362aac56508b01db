import * as z from "zod/mini";
import { isSpace } from "../signalwire/space.ts";
import { webhookKey } from "../trigger/standard-webhooks.ts";
import { SecretUnusable } from "./secret-error.ts";

// The common validators take an empty key, and with it everybody's signature. So none gets past here.
const key = z.string("must be a string").check(
  z.refine((text) => text.trim() !== "", { error: "must not be empty", abort: true }),
  z.refine((text) => text.trim() === text, { error: "must not begin or end with a space or a line break" }),
);
const some = <Item extends z.ZodMiniType>(item: Item) =>
  z.array(item, "must be an array").check(z.minLength(1, "must not be empty"));

export const projectSecret = z.object(
  {
    space: z
      .string("must be a string")
      .check(z.refine(isSpace, "must be a host name such as example.signalwire.com")),
    apiToken: key,
    signingKeys: some(key),
  },
  "must be an object",
);

const sender = z.object(
  {
    secrets: some(
      key.check(
        z.refine(
          (text) => webhookKey(text) !== undefined,
          "must be whsec_ and the base64 of at least 24 bytes",
        ),
      ),
    ),
    allow: z.array(z.enum(["pause", "resume", "stop"], "must be pause, resume or stop"), "must be an array"),
  },
  "must be an object",
);
export const sendersSecret = z.record(z.string(), sender, "must be an object");

/** What a project's secret holds: `space` is a host name, or `http://127.0.0.1:PORT`. */
export type ProjectCredentials = z.output<typeof projectSecret>;
/** By sender's name. */
export type Senders = z.output<typeof sendersSecret>;

/** Reads a JSON secret. @throws SecretUnusable */
export function readJsonSecret<Content>(name: string, text: string, shape: z.ZodMiniType<Content>): Content {
  const { success, data, error } = shape.safeParse(parse(name, text));
  if (success) return data;
  const [issue] = error.issues;
  throw new SecretUnusable(name, `${fieldOf(issue?.path ?? [])}${issue?.message}`);
}

/** Reads a secret that is one key. @throws SecretUnusable */
export function readPlainSecret(name: string, text: string): string {
  if (text.trim() === "") throw new SecretUnusable(name, "must not be empty");
  return text;
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SecretUnusable(name, "must be JSON"); // the cause would quote it
  }
}

/** Names of ours, and senders' names; what is as long as a token is none. */
const speakable = /^[A-Za-z0-9-]{1,31}$/;

/** `payments.secrets[0] `, or nothing for the whole. A name that may be a misplaced key is not repeated. */
function fieldOf(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return speakable.test(String(step)) ? `.${String(step)}` : ".(a name)";
  });
  return steps.length === 0 ? "" : `${steps.join("").replace(/^\./, "")} `;
}
