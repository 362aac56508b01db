import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod/mini";
import type { Attempt } from "../http/attempt.ts";
import { KeptConnections } from "../http/kept-connections.ts";
import { readJson } from "../http/read-json.ts";
import type { Millis } from "../recording/ids.ts";
import { AwsFailure } from "./failure.ts";
import { createSigner, type SignerOptions } from "./signer.ts";

export type AwsServiceOptions = SignerOptions & {
  /** Calls wait for one another, so that one connection is enough. Default: calls at the same time have one each. */
  readonly isOneAtATime?: boolean;
  /** Default 2: a kept connection may have been closed by the other side while the function was frozen. */
  readonly maxAttempts?: number;
};

/** One service of AWS. */
export interface AwsService {
  /**
   * Calls one operation, in `timeoutMs` with all attempts, and reads its answer as `shape`. An operation that fails may have been
   * carried out, and one that was repeated may have been carried out twice.
   * @throws AwsFailure
   */
  call<Answer>(
    operation: string,
    input: object,
    shape: z.ZodMiniType<Answer>,
    timeoutMs: Millis,
  ): Promise<Answer>;
}

const connectTimeoutMs = 500;
/** Before another attempt at a service that is busy; a connection that broke is replaced at once. */
const busyWaitMs = 50;

/** Requests that are signed and sent over kept connections; one is repeated where that may help. */
export function createAwsService(options: AwsServiceOptions): AwsService {
  const { service, origin, now, isOneAtATime = false, maxAttempts = 2 } = options;
  const sign = createSigner(options);
  const connections = new KeptConnections(origin, now, connectTimeoutMs);
  const inTurn = isOneAtATime ? oneAfterAnother() : <T>(work: () => Promise<T>) => work();

  const once = async (operation: string, body: string, deadline: Millis): Promise<Attempt> => {
    const message = await sign(operation, body);
    const left = deadline - now();
    if (left <= 0) return { kind: "slow", sent: false, cause: new Error("no time is left") };
    return connections.send(message, left);
  };

  return {
    call(operation, input, shape, timeoutMs) {
      const deadline = now() + timeoutMs;
      const body = JSON.stringify(input);
      return inTurn(async () => {
        for (let made = 1; ; made += 1) {
          const last = await once(operation, body, deadline);
          const answer =
            last.kind === "answered" && last.status === 200 ? readJson(last.body, shape) : undefined;
          if (answer !== undefined) return answer;
          const failure = failureOf(`${service} ${operation}`, last);
          const waitMs = last.kind === "answered" ? busyWaitMs : 0;
          const isTooLate = now() + waitMs >= deadline;
          if (made >= maxAttempts || isTooLate || !isWorthAnother(last, failure)) throw failure;
          if (waitMs > 0) await sleep(waitMs);
        }
      });
    },
  };
}

function oneAfterAnother() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

const refusal = z.object({ __type: z.string() });

function failureOf(name: string, last: Attempt): AwsFailure {
  if (last.kind !== "answered") return new AwsFailure(name, { cause: last.cause });
  const type = readJson(last.body, refusal)?.__type.replace(/^.*#/, "");
  return new AwsFailure(name, { status: last.status, ...(type !== undefined && { type }) });
}

const busy = /Throttl|TooManyRequests|LimitExceeded|ProvisionedThroughputExceeded/;

/** A broken connection is mostly a kept one that the service had closed; a service that is busy may be less so in a moment. */
const isWorthAnother = (last: Attempt, { type = "" }: AwsFailure): boolean =>
  last.kind !== "answered" || last.status >= 500 || last.status === 429 || busy.test(type);
