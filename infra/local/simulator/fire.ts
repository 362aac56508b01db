import { ControlError } from "./control.ts";
import type { WebhookInput } from "./control-inputs.ts";
import { type Answer, post, type Timeouts } from "./post.ts";
import { webhookMessage } from "./webhook.ts";

/** Sends one webhook, signed as told, and waits for its answer. @throws ControlError 502 where there is none */
export async function fire(input: WebhookInput, signingKey: string, timeouts: Timeouts): Promise<Answer> {
  const { url, method = "POST", params = [], signature } = input;
  const message = webhookMessage(
    { url, method, params: Array.isArray(params) ? params : Object.entries(params) },
    signingKey,
    signature,
  );
  try {
    return await post(message, timeouts);
  } catch (error) {
    throw new ControlError(502, error instanceof Error ? error.message : String(error));
  }
}
