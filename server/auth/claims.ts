// What the host site's token says of a person. Only `sub` must be right; the rest is taken where it makes sense.
import type { JWTPayload } from "jose";
import { charCount } from "../../protocol/chars.ts";
import { CommandError } from "../../protocol/errors.ts";
import { legibleName } from "../../protocol/legible.ts";
import { EXTERNAL_ID_MAX_CHARS, NAME_MAX_CHARS, URL_MAX_CHARS } from "../../protocol/limits.ts";
import { UserRole } from "../../protocol/models.ts";
import { SignUp } from "../../protocol/rest.ts";
import { webUrl } from "../../protocol/text.ts";
import type { ExternalUser } from "../store/users.ts";

const Picture = webUrl(URL_MAX_CHARS);
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/**
 * A claim that is missing leaves what is known; a role that is missing is `member`. Throws unauthenticated for a bad
 * `sub`. `now` in milliseconds since 1970.
 */
export function readClaims(payload: JWTPayload, now: number): ExternalUser & { role: UserRole } {
  const { sub, name, picture, locale, role, iat } = payload;
  if (
    typeof sub !== "string" || !sub.isWellFormed() || CONTROL.test(sub) || sub.trim() === "" ||
    charCount(sub) > EXTERNAL_ID_MAX_CHARS
  ) {
    throw new CommandError("unauthenticated");
  }
  return {
    externalId: sub,
    name: readName(name),
    picture: picture === undefined ? undefined : Picture.safeParse(picture).data ?? null,
    // sites say `ne_NP` as often as `ne-NP`
    locale: SignUp.shape.locale.safeParse(typeof locale === "string" ? locale.replaceAll("_", "-") : undefined).data,
    role: UserRole.safeParse(role).data ?? "member",
    // a site whose clock is ahead must not silence what it says later
    toldAt: typeof iat === "number" && iat > 0 ? new Date(Math.min(iat * 1000, now)) : undefined,
  };
}

function readName(name: unknown): string | undefined {
  if (typeof name !== "string") return undefined;
  const line = legibleName(name.toWellFormed().replace(new RegExp(CONTROL, "gu"), ""));
  return Array.from(line).slice(0, NAME_MAX_CHARS).join("").trim() || undefined;
}
