// Step 1 of the flow, from an event to a trusted command and back to a reply. The order is fixed here for
// every HTTP trigger: receive, prove, parse, validate, handle. Each step replaces the event by what it makes
// of it, so that no later step can reach what nobody vouched for.
import middy from "@middy/core";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import type { Millis } from "../recording/ids.ts";
import { type Delivery, type Told, troubleOf } from "./delivery.ts";
import { type HttpRequest, httpRequest } from "./http-request.ts";
import { Rejected } from "./rejected.ts";

export type HttpReply = {
  readonly statusCode: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
};

/** What a door makes of a trigger that it took: the answer, and what may be written down of it. */
export type Handled = { readonly reply: HttpReply; readonly told: Told };

export type Called = Pick<HttpRequest, "publicUrl" | "path" | "rawQuery">;

/** A delivery that ended before its answer. */
export type Failure<Proven> = {
  /** Why we turned it away; undefined: an error that nobody foresaw, or no time left. */
  readonly rejected: Rejected | undefined;
  readonly requestId: string;
  /** Present if it failed after the proof. */
  readonly proven: Proven | undefined;
  /** What was asked for; undefined: it could not be read. Nobody need have vouched for it. */
  readonly called: Called | undefined;
};

/** One function's door: its one scheme of proof, what it reads, how it answers. All but `handle` throw `Rejected`. */
export type Door<Proven, Parsed, Valid> = {
  /** Stands in the log for the path, which is not logged: anybody may write anything there. */
  readonly route: string;
  /** The one media type taken. */
  readonly contentType: string;
  /** Returns the trusted content; nothing else of the request is seen any further. */
  readonly prove: (request: HttpRequest) => Proven | Promise<Proven>;
  readonly parse: (proven: Proven) => Parsed;
  readonly validate: (parsed: Parsed) => Valid;
  readonly handle: (valid: Valid) => Promise<Handled>;
  readonly errors: (failure: Failure<Proven>) => HttpReply;
};

export type HttpPorts = {
  readonly now: () => Millis;
  /** `HOLDFAST_PUBLIC_URL`: an origin, without a trailing slash. */
  readonly publicOrigin?: string | undefined;
  /** Called once for each delivery, whatever became of it. */
  readonly tell: (delivery: Delivery) => void;
};

export type HttpHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<HttpReply>;

/** Kept back of Lambda's time-out, so that the sender gets our answer and not the gateway's. */
const answerBeforeTimeoutMs = 200;

/** The Lambda handler behind `door`. */
export function httpChain<Proven, Parsed, Valid>(
  door: Door<Proven, Parsed, Valid>,
  ports: HttpPorts,
): HttpHandler {
  type Kept = { requestId: string; receivedAt: Millis; called?: Called; proven?: Proven };
  type Request = middy.Request<unknown, unknown, Error, Context, Kept>;

  const step = <In, Out>(make: (input: In, kept: Kept) => Out | Promise<Out>) => ({
    before: async (request: Request): Promise<void> => {
      // Which step runs on what follows from the order of the steps below, and Door's types hold them together.
      request.event = await make(request.event as In, request.internal);
    },
  });
  const tell = (kept: Kept, more: Partial<Delivery>): void =>
    ports.tell({
      route: door.route,
      requestId: kept.requestId,
      durationMs: ports.now() - kept.receivedAt,
      ...more,
    });

  const receive = step((event: APIGatewayProxyEventV2, kept) => {
    kept.requestId = event.requestContext.requestId;
    kept.receivedAt = ports.now();
    const { contentType } = door;
    return httpRequest(event, {
      contentType,
      publicOrigin: ports.publicOrigin,
      receivedAt: kept.receivedAt,
    });
  });
  const prove = step(async (request: HttpRequest, kept) => {
    const { publicUrl, path, rawQuery } = request;
    kept.called = { publicUrl, path, rawQuery };
    kept.proven = await door.prove(request);
    return kept.proven;
  });
  const parse = step(door.parse);
  const validate = step(door.validate);
  const handle = (valid: unknown): Promise<Handled> => door.handle(valid as Valid);
  const answer = {
    after: (request: Request): void => {
      const { reply, told } = request.response as Handled;
      request.response = reply;
      tell(request.internal, { ...told, status: reply.statusCode });
    },
  };
  const errors = {
    onError: (request: Request): void => {
      const { requestId, proven, called } = request.internal;
      const rejected = request.error instanceof Rejected ? request.error : undefined;
      const reply = door.errors({ rejected, requestId, proven, called });
      request.response = reply;
      tell(request.internal, { ...troubleOf(request.error), status: reply.statusCode });
    },
  };
  const chain = middy<unknown, unknown, Error, Context, Kept>(handle, {
    timeoutEarlyInMillis: answerBeforeTimeoutMs,
  });
  return chain.use([errors, receive, prove, parse, validate, answer]) as HttpHandler;
}
