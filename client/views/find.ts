// Finding among what is already here: every word of the query stands somewhere in the names.
import type { Conversation, User } from "../../protocol/models.ts";

/** Without capitals and accents, and in one spelling: É, é and e are alike. */
export function folded(text: string): string {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

/** Those whose title, people or listing match, in the order given. */
export function matching(conversations: readonly Conversation[], query: string, meId: string): Conversation[] {
  const matches = matcher(query);
  return conversations.filter(({ title, listing, participants }) =>
    matches([
      title ?? "",
      listing?.title ?? "",
      ...participants.filter(({ user }) => user.id !== meId).map(({ user }) => nameOf(user)),
    ])
  );
}

export function matchingPeople(people: readonly User[], query: string): User[] {
  const matches = matcher(query);
  return people.filter((user) => matches([nameOf(user)]));
}

const nameOf = ({ name, username }: User) => `${name} ${username ?? ""}`;

function matcher(query: string): (names: string[]) => boolean {
  const words = folded(query).split(/\s+/).filter((word) => word !== "");
  return (names) => {
    const text = folded(names.join("\n"));
    return words.every((word) => text.includes(word));
  };
}
