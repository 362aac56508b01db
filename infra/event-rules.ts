import * as z from "zod/mini";

/** Which events become commands, and what they may do. */
export type EventRule = z.output<typeof rule>;

const rule = z.strictObject({
  /** Name or ARN of the event bus. */
  bus: z._default(z.string().check(z.regex(/^[A-Za-z0-9/._:-]{1,1600}$/)), "default"),
  /** As EventBridge takes it; without a field it would match every event of the bus. */
  pattern: z
    .record(z.string(), z.unknown())
    .check(z.refine((fields) => Object.keys(fields).length > 0, "has no field")),
  /**
   * The alias of control that the events go to. Whoever may put an event on the bus writes its source too, so none resumes or
   * stops anything unless the owner says so. Reading would answer nobody.
   */
  right: z._default(z.enum(["hold", "release", "stop"]), "hold"),
});

const rules = z.union([
  z.array(rule),
  z.pipe(
    rule,
    z.transform((one) => [one]),
  ),
]);

/** @throws Error that says what is wrong */
export function parseEventRules(json: string): readonly EventRule[] {
  const parsed = rules.safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data;
  throw new Error(
    '{"bus": "default", "pattern": {…}, "right": "hold" | "release" | "stop"}, or a list of these',
  );
}
