// Request bodies: bounded while they are read, UTF-8, JSON without a key twice; all before a schema sees them.
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { CommandError } from "../../protocol/errors.ts";
import { JsonError, parseJson } from "../../protocol/json.ts";
import { REQUEST_MAX_BYTES } from "../../protocol/limits.ts";

export const boundedBody: MiddlewareHandler = bodyLimit({
  maxSize: REQUEST_MAX_BYTES,
  onError: () => {
    throw new CommandError("too_large", { detail: `A request body holds at most ${REQUEST_MAX_BYTES} bytes` });
  },
});

export const strictJson: MiddlewareHandler = async (c, next) => {
  if (c.req.raw.body !== null) {
    const bytes = await c.req.arrayBuffer();
    if (bytes.byteLength > 0) {
      if (!/^application\/json\s*(;|$)/i.test(c.req.header("content-type") ?? "")) {
        throw new CommandError("unsupported_media_type");
      }
      check(bytes);
    }
  }
  await next();
};

function check(bytes: ArrayBuffer): void {
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError("bad_request", { detail: "the body is not valid UTF-8" });
  }
  try {
    parseJson(source);
  } catch (error) {
    if (error instanceof JsonError) throw new CommandError("bad_request", { detail: error.message });
    throw error;
  }
}
