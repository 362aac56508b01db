import * as z from "zod/mini";
import { AwsFailure } from "../aws/failure.ts";
import type { AwsService } from "../aws/service.ts";
import type { Millis } from "../recording/ids.ts";
import { SecretUnanswered, SecretUnusable } from "./secret-error.ts";

/** After this a value is read anew, so a key that was taken out of the secret is good for no longer. */
const freshMs = 5 * 60_000;
/** How long the last value is used while Secrets Manager does not answer. */
const usableMs = 24 * 3_600_000;
const alarmAfterMs = 10 * 60_000;
/** Not more often: every unknown signature asks for another read, and in an outage every one of them takes its whole time. */
const againAfterMs = 10_000;

/** `secret-unanswered`: reads have failed for ten minutes. `secret-unusable`: its content refuses everything. */
export type SecretAlarm = "secret-unanswered" | "secret-unusable";

export type SecretPorts = {
  readonly secretsManager: AwsService;
  readonly now: () => Millis;
  /** `problem` names the secret and what is wrong with it, never a value. */
  readonly alarm: (alarm: SecretAlarm, secret: string, problem: string) => void;
  /** A read is given up after this, with all its attempts. */
  readonly readTimeoutMs: number;
};

const secretValue = z.object({ SecretString: z.optional(z.string()) });
const goneTypes = new Set<string | undefined>(["ResourceNotFoundException", "InvalidRequestException"]);

/**
 * One secret, as read last. Content that cannot be used is an error although an earlier one could be: what was taken out of a
 * secret is meant to be gone. Only silence of Secrets Manager is bridged.
 */
export class CachedSecret<Content> {
  readonly #name: string;
  readonly #read: (name: string, text: string) => Content;
  readonly #ports: SecretPorts;
  #known: { readonly content: Content; readonly readAt: Millis } | undefined;
  #reading: Promise<Content> | undefined;
  #failingSince: Millis | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;
  #readAgainAt = Number.NEGATIVE_INFINITY;

  /** `read` makes the content out of the secret's text, or throws SecretUnusable. */
  constructor(name: string, read: (name: string, text: string) => Content, ports: SecretPorts) {
    this.#name = name;
    this.#read = read;
    this.#ports = ports;
  }

  /** @throws SecretUnusable, SecretUnanswered */
  async value(): Promise<Content> {
    const now = this.#ports.now();
    const known = this.#known;
    if (known && now - known.readAt < freshMs) return known.content;
    if (known && now - known.readAt < usableMs && now - this.#failedAt < againAfterMs) return known.content;
    return this.#readNow();
  }

  /** Reads it anew, at most once in ten seconds; otherwise as `value`. @throws SecretUnusable, SecretUnanswered */
  async again(): Promise<Content> {
    const now = this.#ports.now();
    if (this.#reading !== undefined) return this.#reading;
    if (now - this.#readAgainAt < againAfterMs) return this.value();
    this.#readAgainAt = now;
    return this.#readNow();
  }

  #readNow(): Promise<Content> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<Content> {
    const readAt = this.#ports.now();
    try {
      const content = this.#read(this.#name, await this.#text());
      this.#known = { content, readAt };
      this.#failingSince = undefined;
      return content;
    } catch (error) {
      if (!(error instanceof SecretUnusable)) return this.#bridge(error);
      this.#known = undefined;
      this.#failingSince = undefined;
      this.#ports.alarm("secret-unusable", this.#name, error.message);
      throw error;
    }
  }

  async #text(): Promise<string> {
    const { secretsManager, readTimeoutMs } = this.#ports;
    const input = { SecretId: this.#name };
    try {
      const { SecretString } = await secretsManager.call("GetSecretValue", input, secretValue, readTimeoutMs);
      if (SecretString === undefined) throw new SecretUnusable(this.#name, "must be text");
      return SecretString;
    } catch (error) {
      const isGone = error instanceof AwsFailure && goneTypes.has(error.type);
      throw isGone ? new SecretUnusable(this.#name, "is missing or about to be deleted") : error;
    }
  }

  #bridge(cause: unknown): Content {
    const now = this.#ports.now();
    this.#failedAt = now;
    this.#failingSince ??= now;
    if (now - this.#failingSince >= alarmAfterMs) {
      this.#ports.alarm("secret-unanswered", this.#name, `${this.#name}: Secrets Manager does not answer`);
    }
    if (this.#known && now - this.#known.readAt < usableMs) return this.#known.content;
    throw new SecretUnanswered(this.#name, cause);
  }
}
