// Which release this is: deno.json says it, once for all.
import manifest from "../deno.json" with { type: "json" };

export const VERSION: string = manifest.version;
