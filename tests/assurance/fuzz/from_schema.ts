// Values that a JSON Schema allows, as fast-check makes them: at its edges more often than in its middle.
import fc from "fast-check";

// deno-lint-ignore no-explicit-any -- a schema is whatever JSON it is
export type Schema = any;

const DEPTH_MAX = 6;

/** `ids`: of things that are there, so that what is asked reaches further than "not found". */
export function fromSchema(
  schema: Schema,
  ids: readonly string[],
  root: Schema = schema,
  depth = 0,
): fc.Arbitrary<unknown> {
  const inner = (one: Schema) => fromSchema(one, ids, root, depth + 1);
  if (schema === undefined || schema === true || depth > DEPTH_MAX) return fc.jsonValue({ maxDepth: 2 });
  if (schema.$ref) return fromSchema(resolve(schema.$ref, root), ids, root, depth + 1);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(inner));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "object") {
    const properties: Record<string, Schema> = schema.properties ?? {};
    const made = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, inner(one)]));
    return fc.record(made, { requiredKeys: schema.required ?? [] });
  }
  if (type === "array") return fc.array(inner(schema.items), { minLength: schema.minItems ?? 0, maxLength: 4 });
  if (type === "boolean") return fc.boolean();
  if (type === "null") return fc.constant(null);
  if (type === "integer" || type === "number") {
    const min = Math.max(schema.minimum ?? 0, Number.MIN_SAFE_INTEGER);
    const max = Math.min(schema.maximum ?? 1000, Number.MAX_SAFE_INTEGER);
    return fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min, max: Math.min(max, min + 40) }) },
      fc.constantFrom(min, max),
    );
  }
  if (type === "string") return string(schema, ids);
  return fc.jsonValue({ maxDepth: 2 });
}

function string({ format, pattern = "", minLength = 0, maxLength = 60 }: Schema, ids: readonly string[]) {
  if (format === "uuid" || pattern.includes("0-9a-f")) {
    return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...ids) }, fc.uuid({ version: 7 }));
  }
  if (format === "date-time") return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (format === "uri") return fc.webUrl();
  if (pattern) return fc.oneof(fc.stringMatching(new RegExp(pattern, "u")), fc.string());
  const length = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) };
  return fc.oneof(fc.string({ ...length, unit: "grapheme" }), fc.string({ ...length, unit: "binary" }));
}

function resolve(ref: string, root: Schema): Schema {
  return ref.split("/").slice(1).reduce((at, part) => at?.[part.replaceAll("~1", "/").replaceAll("~0", "~")], root);
}
