// About a conversation: whom it is with, its name and colour, its people, and what can be done with it as a whole.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Conversation } from "../../protocol/models.ts";
import { counterpart, tint } from "../state/names.ts";
import { Avatar } from "./Avatar.tsx";
import { useApp } from "./context.ts";
import { DetailsActions } from "./DetailsActions.tsx";
import { DetailsPeople } from "./DetailsPeople.tsx";
import { DetailsTitle } from "./DetailsTitle.tsx";
import { Icon } from "./Icon.tsx";
import { ListingCard } from "./ListingCard.tsx";
import { Swatches } from "./Swatches.tsx";
import { useAttempt } from "./use_attempt.ts";
import { presenceWords } from "./words.ts";

interface Props {
  conversation: Conversation;
  name: string;
  meId: string;
  /** Beside its conversation, not in its place. */
  isBeside: boolean;
  onClose(): void;
}

export function Details({ conversation, name, meId, isBeside, onClose }: Props) {
  const { store, actions, i18n: { t }, i18n } = useApp();
  const attempt = useAttempt();
  const top = useRef<HTMLHeadingElement>(null);
  const person = counterpart(conversation, meId);
  const isGroup = conversation.kind === "group";
  const isAdmin = isGroup && conversation.my.role === "admin";
  const [painted, setPainted] = useState<number | null>(null);
  const colour = painted ?? conversation.colour;
  const presence = person ? store.presence.value[person.id] : undefined;
  const here = presenceWords(presence, i18n, store.now.value);
  // Alone on the page its title is the page's.
  const Heading = isBeside ? "h2" : "h1";

  async function paint(colour: number): Promise<void> {
    setPainted(colour);
    await attempt(actions.setColour(conversation.id, colour));
    setPainted(null);
  }

  useEffect(() => top.current?.focus({ preventScroll: true }), []);

  return (
    <section
      class="details"
      aria-labelledby="details-title"
      onKeyDown={(event) => {
        // A dialog over it takes the key for itself.
        const isMeant = !event.defaultPrevented && !(event.target as Element).closest("dialog");
        if (event.key !== "Escape" || !isMeant) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header class="bar">
        <button type="button" class="button-icon" aria-label={t("details.close")} onClick={onClose}>
          <Icon name={isBeside ? "close" : "back"} />
        </button>
        <Heading id="details-title" ref={top} tabIndex={-1}>{t(isGroup ? "details.group" : "details.person")}</Heading>
      </header>
      <div class="details-body">
        <div class="details-who">
          <Avatar
            id={person?.id ?? conversation.id}
            name={name}
            picture={person?.picture ?? null}
            isGroup={isGroup}
            colour={colour}
            size="huge"
          />
          <DetailsTitle conversation={conversation} name={name} canRename={isAdmin} />
          {person && person.username !== null && <p class="details-soft" dir="auto">@{person.username}</p>}
          {person?.deactivated ? <p class="details-soft">{t("details.deactivated")}</p> : here && <p>{here}</p>}
        </div>
        {isAdmin && <Swatches value={colour ?? tint(conversation.id)} onPick={paint} />}
        {!isBeside && conversation.listing && <ListingCard listing={conversation.listing} />}
        {isGroup && (
          <DetailsPeople conversation={conversation} meId={meId} isAdmin={isAdmin} heading={isBeside ? "h3" : "h2"} />
        )}
        <DetailsActions conversation={conversation} meId={meId} />
      </div>
    </section>
  );
}
