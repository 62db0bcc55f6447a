// Everyone who may ask, from nobody to the group's admin, and which of the canaries each of them may know.

/** In the order in which they ask: those who change something for the others come last. */
export const ROLES = [
  "anonymous",
  "expired",
  "wrongAudience",
  "revoked",
  "deactivated",
  "stranger",
  "owner",
  "exParticipant",
  "invited",
  "muted",
  "member",
  "groupAdmin",
] as const;
export type Role = typeof ROLES[number];

/** Whose proof is worth nothing; two of them were in the group when it still was. */
export const DEAD: Role[] = ["anonymous", "expired", "wrongAudience", "revoked", "deactivated"];
/** Who has a proof and is in none of the conversations; `owner` owns the installation. */
export const OUTSIDE: Role[] = ["stranger", "owner", "exParticipant"];
/** `invited` was added after the first things were said. */
export const INSIDE: Role[] = ["invited", "muted", "member", "groupAdmin"];
export const LIVE: Role[] = [...OUTSIDE, ...INSIDE];
export const EVERYONE: Role[] = [...ROLES];

export const isDead = (role: Role): boolean => DEAD.includes(role);
export const isOutside = (role: Role): boolean => OUTSIDE.includes(role);

const FROM_THE_START: Role[] = ["muted", "member", "groupAdmin"];

/** Strings that stand at one place each; the bytes that anyone else receives are searched for them. */
export const KNOWN_TO = {
  title: INSIDE,
  listing: INSIDE,
  early: FROM_THE_START,
  late: INSIDE,
  /** Said in the direct conversation of the member and the admin. */
  direct: ["member", "groupAdmin"],
  /** The earlier text of an edited message, and the text of a deleted one: kept for moderation, shown to nobody. */
  replaced: [],
  deleted: [],
  /** What requests carry: only for the search of the log. */
  written: EVERYONE,
} satisfies Record<string, Role[]>;
export type Canary = keyof typeof KNOWN_TO;
export type Canaries = Record<Canary, string>;

export const CANARIES = Object.keys(KNOWN_TO) as Canary[];

export function newCanaries(): Canaries {
  const of = (canary: Canary) => [canary, `canary${canary}${crypto.randomUUID().replaceAll("-", "")}`];
  return Object.fromEntries(CANARIES.map(of)) as Canaries;
}

/** The canaries in what a role received that are none of theirs. */
export function outOfPlace(received: string, canaries: Canaries, role: Role): Canary[] {
  return CANARIES.filter((canary) => received.includes(canaries[canary]) && !knows(role, canary));
}

export function knows(role: Role, canary: Canary): boolean {
  return (KNOWN_TO[canary] as Role[]).includes(role);
}
