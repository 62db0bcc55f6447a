// Short forms for the parts of a route's OpenAPI entry that every route writes.
import type { z } from "zod";

/** A JSON answer with the shape of `schema`. */
export function answer<Status extends number, Schema extends z.ZodType>(
  status: Status,
  schema: Schema,
  description = "Done",
) {
  const response = { description, content: { "application/json": { schema } } };
  return { [status]: response } as Record<Status, typeof response>;
}

/** An answer without a body. */
export function nothing<Status extends number>(status: Status, description = "Done") {
  return { [status]: { description } } as Record<Status, { description: string }>;
}

/** A JSON request body that must be there. */
export function body<Schema extends z.ZodType>(schema: Schema) {
  return { body: { required: true as const, content: { "application/json": { schema } } } };
}
