// Naming people: by our id or the host site's, each found once.
import { CommandError } from "../../protocol/errors.ts";
import type { UserRef } from "../../protocol/rest.ts";
import type { UserStore } from "../store/users.ts";

/** The ids of the people named, each once; throws user_not_found, pointing at the first who is not known or is deactivated. */
export async function resolvePeople(users: UserStore, refs: UserRef[], pointer: string): Promise<string[]> {
  const ids = await Promise.all(
    refs.map(async (ref) => "id" in ref ? ref.id : (await users.findByExternalId(ref.externalId))?.id),
  );
  const known = new Map((await users.findMany(ids.filter((id) => id !== undefined))).map((user) => [user.id, user]));
  const missing = ids.findIndex((id) => id === undefined || (known.get(id)?.deactivated ?? true));
  if (missing >= 0) {
    const at = pointer.endsWith("s") ? `${pointer}/${missing}` : pointer;
    throw new CommandError("user_not_found", { problems: [{ pointer: at, detail: "nobody is known by this" }] });
  }
  return [...known.keys()];
}
