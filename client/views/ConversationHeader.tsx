// Who this conversation is with and what it is about; on a phone, the way back.
import type { Conversation, Listing } from "../../protocol/models.ts";
import { counterpart } from "../state/names.ts";
import { Avatar } from "./Avatar.tsx";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";

interface Props {
  conversation: Conversation | undefined;
  name: string;
  meId: string;
}

export function ConversationHeader({ conversation, name, meId }: Props) {
  const { actions, i18n } = useApp();
  const person = conversation ? counterpart(conversation, meId) : null;
  return (
    <header class="bar conversation-header">
      <button type="button" class="button-icon back" aria-label={i18n.t("nav.back")} onClick={actions.backToList}>
        <Icon name="back" />
      </button>
      {conversation && (
        <Avatar
          id={person?.id ?? conversation.id}
          name={name}
          picture={person?.picture ?? null}
          isGroup={conversation.kind === "group"}
        />
      )}
      <div class="conversation-who">
        <h1 tabIndex={-1} dir="auto">{name}</h1>
        {conversation?.kind === "group" && (
          <p class="conversation-what">{i18n.t("conversation.people", { n: conversation.participantCount })}</p>
        )}
        {conversation?.listing && <ListingLine listing={conversation.listing} />}
      </div>
    </header>
  );
}

function ListingLine({ listing }: { listing: Listing }) {
  const { i18n } = useApp();
  const { title, url, price, currency, status } = listing;
  return (
    <p class="conversation-what listing">
      {url === null ? <span class="listing-title" dir="auto">{title}</span> : (
        <a
          class="listing-title"
          href={url}
          target="_blank"
          rel="noopener noreferrer"
          dir="auto"
          title={i18n.t("listing.open")}
        >
          {title}
        </a>
      )}
      {price !== null && currency !== null && <span class="listing-price">{i18n.price(price, currency)}</span>}
      {status !== "active" && <span class="listing-status">{i18n.t(`listing.${status}`)}</span>}
    </p>
  );
}
