import type { ServerResponse } from "node:http";
import type { Clock } from "./clock.ts";
import type { Deciding, Met } from "./misbehaviour.ts";
import {
  errorReply,
  errorTexts,
  notFound,
  type Planned,
  type Reply,
  unauthorized,
  unavailable,
} from "./reply.ts";

/** What becomes of the connection: a reply, a reset, or nothing at all. */
type Ending = Reply | "reset" | "silence";

/**
 * Carries a request out as its misbehaviours have it, and answers.
 * @param startRecording starts another recording where the request is about
 * @returns the status answered, null where there was none
 */
export async function carryOut(
  planned: Planned,
  { adding, deciding }: Met,
  response: ServerResponse,
  { clock, startRecording }: { clock: Clock; startRecording: (status: string | undefined) => void },
): Promise<number | null> {
  const waits = adding.filter((one) => one.kind === "slow");
  const wait = async (when: "before" | "after"): Promise<void> => {
    const ms = waits.filter((one) => (one.when ?? "before") === when).reduce((sum, one) => sum + one.ms, 0);
    if (ms > 0) await clock.sleep(ms);
  };
  await wait("before");
  const ending = endingOf(planned, deciding, clock);
  for (const one of adding) if (one.kind === "new-recording") startRecording(one.status);
  await wait("after");
  if (response.destroyed) return null; // the client did not wait
  if (ending === "silence") return null;
  if (ending === "reset") {
    response.socket?.resetAndDestroy();
    return null;
  }
  send(response, ending);
  return ending.status;
}

function endingOf(planned: Planned, deciding: Deciding | undefined, clock: Clock): Ending {
  if (deciding === undefined) return planned.run();
  if ("applied" in deciding && deciding.applied) planned.run();
  switch (deciding.kind) {
    case "503":
      return deciding.body === "empty" ? { status: 503 } : unavailable();
    case "500":
      return errorReply(500, 20500, "Something went wrong");
    case "html502":
      return {
        status: 502,
        contentType: "text/html",
        body: "<html><body><h1>502 Bad Gateway</h1></body></html>",
      };
    case "429": {
      const reply = errorReply(429, 20429, "Too many requests");
      const { retryAfter } = deciding;
      return retryAfter === undefined ? reply : { ...reply, headers: { "retry-after": String(retryAfter) } };
    }
    case "400":
      return errorReply(400, deciding.code ?? 10000, "The request is not valid");
    case "401":
      return unauthorized();
    case "403":
      return errorReply(403, 20003, "The token lacks the scope");
    case "404":
      return notFound();
    case "422":
      return errorTexts("The request could not be processed");
    case "garbage":
      return { status: 200, contentType: "application/json", body: '{"sid": "' };
    case "reset":
      return "reset";
    case "drop":
      return "silence";
    case "lying":
      return planned.pretend?.(deciding.claims ?? "asked") ?? planned.run();
    case "late": {
      const answer = deciding.answer ?? "asked";
      const claimed = answer === "none" ? "silence" : planned.pretend?.(answer);
      void clock.sleep(deciding.ms).then(() => planned.run());
      return claimed ?? "silence";
    }
  }
}

export function send(response: ServerResponse, { status, contentType, headers, body }: Reply): void {
  const content = body === undefined ? Buffer.alloc(0) : Buffer.from(body);
  response.writeHead(status, {
    ...(contentType !== undefined && { "content-type": contentType }),
    ...(status !== 204 && { "content-length": content.byteLength }),
    ...headers,
  });
  response.end(content);
}
