import * as z from "zod/mini";
import type { CallSid, Millis, ProjectId } from "../recording/ids.ts";
import { ask } from "./ask.ts";
import type { Send } from "./call.ts";

const withStatus = z.object({ status: z.string() });

/** Words for a call that does not come back ("Retrieve a Call", field `status`). */
const over = ["completed", "canceled", "busy", "failed", "no-answer"];

/** True where SignalWire says that the call is over. False where it says anything else, or nothing. */
export const isCallOver = (
  send: Send,
  project: ProjectId,
  call: CallSid,
  deadline: Millis,
): Promise<boolean> =>
  ask(send, { project, path: `/Calls/${encodeURIComponent(call)}`, deadline }, withStatus).then(
    ({ status }) => over.includes(status),
    () => false,
  );
