// The face of a conversation: the other person's, with a dot while they are here, or the group's.
import type { Conversation } from "../../protocol/models.ts";
import { counterpart } from "../state/names.ts";
import { Avatar } from "./Avatar.tsx";
import { useApp } from "./context.ts";

export function Face({ conversation, name, meId }: { conversation: Conversation; name: string; meId: string }) {
  const { store } = useApp();
  const person = counterpart(conversation, meId);
  return (
    <Avatar
      id={person?.id ?? conversation.id}
      name={name}
      picture={person?.picture ?? null}
      isGroup={conversation.kind === "group"}
      colour={conversation.colour}
      presence={person ? store.presence.value[person.id]?.presence : undefined}
    />
  );
}
