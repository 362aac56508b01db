import * as z from "zod/mini";

/** Of DynamoDB's types of values we store text and numbers; one of another type is read as neither. */
const attribute = z.object({ S: z.optional(z.string()), N: z.optional(z.string()) });
const attributes = z.record(z.string(), attribute);

/** An item, or its key, by the names of its attributes. */
export type Attributes = z.output<typeof attributes>;

/** What Query and Scan answer. */
export const page = z.object({ Items: z.array(attributes), LastEvaluatedKey: z.optional(attributes) });
export type Page = z.output<typeof page>;

/** What is not read. */
export const done = z.unknown();
