import type * as z from "zod/mini";

/**
 * Reads JSON of which only `shape` matters, or undefined if it is not that. What is wrong with it is not told: that would quote it.
 */
export function readJson<Answer>(body: string | undefined, shape: z.ZodMiniType<Answer>): Answer | undefined {
  if (body === undefined) return undefined;
  try {
    return shape.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
