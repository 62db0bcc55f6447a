// Things of the state, put into words: who somebody is, what a system message or the last line of a conversation says.
import type { Conversation, Message, User } from "../../protocol/models.ts";
import type { I18n } from "../i18n/i18n.ts";
import type { Failure } from "../state/failure.ts";
import { counterpart } from "../state/names.ts";

type People = Record<string, User>;

export function conversationName(conversation: Conversation, meId: string, i18n: I18n): string {
  return conversation.title ?? counterpart(conversation, meId)?.name ?? i18n.t("conversation.formerPerson");
}

export function personName(id: string, people: People, meId: string, i18n: I18n): string {
  if (id === meId) return i18n.t("message.you");
  return people[id]?.name ?? i18n.t("conversation.formerPerson");
}

export function systemWords({ system, senderId }: Message, people: People, meId: string, i18n: I18n): string {
  const nameOf = (id: string) => personName(id, people, meId, i18n);
  const name = nameOf(senderId);
  switch (system?.type) {
    case "renamed":
      return i18n.t("system.renamed", { name, title: system.title });
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

/** The last message in one line, as the list shows it. */
export function previewWords(conversation: Conversation, people: People, meId: string, i18n: I18n): string {
  const last = conversation.lastMessage;
  if (last === null) return i18n.t("list.nothingYet");
  if (last.kind === "system") return systemWords(last, people, meId, i18n);
  const text = last.deletedAt === null ? last.body ?? "" : i18n.t("message.deleted");
  if (last.senderId === meId) return i18n.t("list.you", { text });
  return conversation.kind === "group" ? `${personName(last.senderId, people, meId, i18n)}: ${text}` : text;
}

export function failureWords({ code }: Failure, i18n: I18n): string {
  return i18n.t(`failure.${code}`);
}
