/**
 * The answer of one SDK call, retries included, or a rejection after `timeoutMs`. The race is needed besides
 * the signal: the SDK does not look at the signal while it waits for credentials or before a retry.
 */
export function answerWithin<T>(timeoutMs: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  const tooLate = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`no answer within ${timeoutMs} ms`)));
  });
  return Promise.race([call(signal), tooLate]);
}
