import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** What a user of the local stack needs to know to speak to it. Made up at the first start. */
export type Keys = {
  readonly project: string;
  readonly apiToken: string;
  readonly signingKey: string;
  readonly sender: string;
  readonly senderSecret: string;
};

type Values = Readonly<Record<string, string>>;
export type KeptSecrets = {
  readonly keys: Keys;
  /** What was written into the secrets meanwhile. */
  readonly values: Values;
  readonly keep: (values: Values) => void;
};

const project = "11111111-2222-4333-8444-555555555555";
const names = {
  signalwire: `holdfast/local/signalwire/${project}`,
  links: "holdfast/local/links",
  senders: "holdfast/local/senders",
};

/** From `file`, or made up and, where a file is given, kept there. */
export function keptSecrets(file: string | undefined): KeptSecrets {
  const stored = file === undefined ? undefined : read(file);
  const keys = stored?.keys ?? {
    project,
    apiToken: `PT${randomBytes(20).toString("hex")}`,
    signingKey: `PSK_${randomBytes(16).toString("hex")}`,
    sender: "payments",
    senderSecret: `whsec_${randomBytes(32).toString("base64")}`,
  };
  const keep = (values: Values): void => {
    if (file === undefined) return;
    writeFileSync(`${file}.partial`, JSON.stringify({ keys, values }), { mode: 0o600 });
    renameSync(`${file}.partial`, file);
  };
  return { keys, values: stored?.values ?? {}, keep };
}

function read(file: string): { keys: Keys; values: Values } | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { keys: Keys; values: Values };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${file} cannot be read; remove it to start anew`, { cause: error });
  }
}

/** The secrets' values: those kept, with the space as it is in this run. */
export function secretValues({ keys, values }: KeptSecrets, space: string): Values {
  const kept = values[names.signalwire];
  const access = kept === undefined ? {} : (JSON.parse(kept) as object);
  return {
    [names.links]: values[names.links] ?? randomBytes(48).toString("base64url"),
    [names.senders]:
      values[names.senders] ??
      JSON.stringify({ [keys.sender]: { secrets: [keys.senderSecret], allow: ["pause", "resume", "stop"] } }),
    [names.signalwire]: JSON.stringify({
      apiToken: keys.apiToken,
      signingKeys: [keys.signingKey],
      ...access,
      space,
    }),
  };
}
