// Things of the state, put into words: who somebody is, what a system message or the last line of a conversation says.
import type { Conversation, Message, PresenceOf, User } from "../../protocol/models.ts";
import type { I18n } from "../i18n/i18n.ts";
import type { Failure } from "../state/failure.ts";
import { counterpart } from "../state/names.ts";

type People = Record<string, User>;

/** More than so many at once are counted, not named. */
const TYPING_NAMES = 2;

/** Overrides, embeddings and isolates (Unicode TR 9): where they are not ended, they turn the words around them. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** What somebody wrote, to stand among other words. */
export const straight = (text: string) => text.replace(TURNING, "");

export function conversationName(conversation: Conversation, meId: string, i18n: I18n): string {
  return straight(conversation.title ?? counterpart(conversation, meId)?.name ?? i18n.t("conversation.formerPerson"));
}

export function personName(id: string, people: People, meId: string, i18n: I18n): string {
  if (id === meId) return i18n.t("message.you");
  return straight(people[id]?.name ?? i18n.t("conversation.formerPerson"));
}

export function systemWords({ system, senderId }: Message, people: People, meId: string, i18n: I18n): string {
  const nameOf = (id: string) => personName(id, people, meId, i18n);
  const name = nameOf(senderId);
  switch (system?.type) {
    case "renamed":
      return i18n.t("system.renamed", { name, title: straight(system.title) });
    case "added":
    case "removed":
      return i18n.t(`system.${system.type}`, { name, people: i18n.list(system.userIds.map(nameOf)) });
    case "left":
    case "returned":
      return i18n.t(`system.${system.type}`, { name });
    case "role":
      return i18n.t(system.role === "admin" ? "system.madeAdmin" : "system.madeMember", {
        name,
        people: nameOf(system.userId),
      });
    default:
      return i18n.t("system.created", { name });
  }
}

/** The last message in one line, as the list shows it, and whose it is, where that is said. */
export function previewWords(
  conversation: Conversation,
  people: People,
  meId: string,
  i18n: I18n,
): { whose: string; text: string } {
  const last = conversation.lastMessage;
  if (last === null) return { whose: "", text: i18n.t("list.nothingYet") };
  if (last.kind === "system") return { whose: "", text: systemWords(last, people, meId, i18n) };
  const text = last.deletedAt === null ? last.body ?? "" : i18n.t("message.deleted");
  if (last.senderId === meId) return { whose: i18n.t("list.you", { text: "" }), text };
  return { whose: conversation.kind === "group" ? `${personName(last.senderId, people, meId, i18n)}: ` : "", text };
}

/** Whether and when somebody is here; empty where it is not known or not shown. */
export function presenceWords(of: PresenceOf | undefined, i18n: I18n, nowMs: number): string {
  if (!of) return "";
  if (of.presence !== "offline") return i18n.t(`presence.${of.presence}`);
  return of.lastSeenAt === null ? "" : i18n.t("presence.lastSeen", { when: i18n.relative(of.lastSeenAt, nowMs) });
}

/** Who is typing, by name in a group; empty when nobody is. */
export function typingWords(
  userIds: readonly string[],
  kind: Conversation["kind"],
  people: People,
  meId: string,
  i18n: I18n,
): string {
  if (userIds.length === 0) return "";
  if (kind === "direct") return i18n.t("list.typing");
  if (userIds.length > TYPING_NAMES) return i18n.t("list.typingMany", { n: userIds.length });
  const names = i18n.list(userIds.map((id) => personName(id, people, meId, i18n)));
  return userIds.length === 1 ? i18n.t("list.typingOne", { name: names }) : i18n.t("typing.names", { names });
}

export function failureWords({ code, retryAfter }: Failure, i18n: I18n): string {
  if (code !== "rate_limited" || retryAfter === undefined) return i18n.t(`failure.${code}`);
  return retryAfter < 100
    ? i18n.t("failure.waitSeconds", { n: retryAfter })
    : i18n.t("failure.waitMinutes", { n: Math.ceil(retryAfter / 60) });
}
