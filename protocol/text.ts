// Text that people send: well-formed Unicode, no NUL, counted in code points as PostgreSQL counts.
import { z } from "zod";
import { charCount } from "./chars.ts";
import { legible, legibleName } from "./legible.ts";

// deno-lint-ignore no-control-regex -- control characters are what this looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** PostgreSQL cannot store U+0000, and a lone surrogate has no UTF-8 form: both would be refused only at the commit. */
function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

const storable = "must be well-formed Unicode without NUL characters";

/** Text of several lines with at least one visible character, `1..max` code points; kept exactly as sent. */
export function text(max: number) {
  return z.string()
    .refine(isStorable, storable)
    .refine((value) => charCount(value) <= max, `must be at most ${max} characters`)
    .refine((value) => value.trim() !== "", "must not be empty")
    .meta({ minLength: 1, maxLength: max });
}

/** Somebody else's id: any characters, kept exactly as sent, `1..max` code points. */
export function exact(max: number) {
  return z.string()
    .refine(isStorable, storable)
    .refine((value) => value !== "", "must not be empty")
    .refine((value) => charCount(value) <= max, `must be at most ${max} characters`)
    .meta({ minLength: 1, maxLength: max });
}

/** One line (an id, words to search for): trimmed, no control characters, `min..max` code points. */
export function line(max: number, min = 1) {
  return lineOf((value) => value.trim(), max, min);
}

/** A title as people see it: a line, made legible. */
export function titleLine(max: number) {
  return lineOf(legible, max, 1);
}

/** The name of a person as others see it: a line, made legible. */
export function nameLine(max: number) {
  return lineOf(legibleName, max, 1);
}

function lineOf(clean: (value: string) => string, max: number, min: number) {
  return z.string()
    .refine(isStorable, storable)
    .refine((value) => !CONTROL.test(value.trim()), "must be a single line without control characters")
    .overwrite(clean)
    .refine((value) => charCount(value) >= min, `must be at least ${min} character${min === 1 ? "" : "s"}`)
    .refine((value) => charCount(value) <= max, `must be at most ${max} characters`)
    .meta({ minLength: min, maxLength: max });
}

/** An absolute http(s) address without credentials in it. */
export function webUrl(max: number) {
  return z.url({ protocol: /^https?$/, error: "must be an absolute http or https address" })
    .max(max)
    .refine(isStorable, storable)
    .refine((value) => {
      const url = URL.parse(value);
      return url !== null && url.username === "" && url.password === "";
    }, "must not carry a user name or password");
}
