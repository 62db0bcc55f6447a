// Who is in a group: whether they are here, who is an admin, and what an admin can do about it.
import { CircleUser, ShieldCheck, UserPlus } from "lucide";
import { useState } from "preact/hooks";
import type { Conversation, Participant } from "../../protocol/models.ts";
import { Avatar } from "./Avatar.tsx";
import { useApp } from "./context.ts";
import { DetailsAdd } from "./DetailsAdd.tsx";
import { Dialog } from "./Dialog.tsx";
import { FailureNote } from "./FailureNote.tsx";
import { LookAlike } from "./LookAlike.tsx";
import { Menu } from "./MenuButton.tsx";
import { type MenuItem, MenuList } from "./MenuList.tsx";
import { Shape } from "./Shape.tsx";
import { useAttempt } from "./use_attempt.ts";
import { useParticipants } from "./use_participants.ts";
import { presenceWords, straight } from "./words.ts";

interface Props {
  conversation: Conversation;
  meId: string;
  isAdmin: boolean;
  heading: "h2" | "h3";
}

export function DetailsPeople({ conversation, meId, isAdmin, heading: Heading }: Props) {
  const { actions, i18n: { t } } = useApp();
  const attempt = useAttempt();
  const people = useParticipants(conversation);
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Participant | null>(null);
  const { id, participantCount } = conversation;

  /** The count may be what it was: what the server has now is asked for in any case. */
  async function change(work: Promise<boolean>): Promise<void> {
    if (await work) people.again();
  }

  function itemsFor(participant: Participant): MenuItem[] {
    const { user, role } = participant;
    if (user.id === meId) return [];
    const write: MenuItem = {
      label: t("details.write", { name: straight(user.name) }),
      icon: "write",
      onPick: () => void attempt(actions.startDirect(user.id)),
    };
    if (!isAdmin) return [write];
    const next = role === "admin" ? "member" : "admin";
    return [
      write,
      {
        label: t(role === "admin" ? "details.makeMember" : "details.makeAdmin"),
        icon: role === "admin" ? CircleUser : ShieldCheck,
        onPick: () => void change(attempt(actions.setRole(id, user.id, next))),
      },
      { label: t("details.remove"), icon: "leave", isDangerous: true, onPick: () => setRemoving(participant) },
    ];
  }

  return (
    <section class="members" aria-labelledby="members-title">
      <Heading id="members-title">{t("conversation.people", { n: participantCount })}</Heading>
      {isAdmin && (
        <button type="button" class="details-action" onClick={() => setAdding(true)}>
          <Shape shape={UserPlus} />
          {t("details.add")}
        </button>
      )}
      <ul aria-busy={people.isLoading}>
        {people.participants.map((participant) => (
          <Member
            key={participant.user.id}
            participant={participant}
            isMe={participant.user.id === meId}
            items={itemsFor(participant)}
          />
        ))}
      </ul>
      {people.failure && <FailureNote failure={people.failure} onRetry={people.again} />}
      {people.hasMore && (
        <button type="button" class="button-text" aria-disabled={people.isLoading} onClick={people.more}>
          {t(people.isLoading ? "details.loading" : "details.more")}
        </button>
      )}
      {isAdding && (
        <DetailsAdd
          conversationId={id}
          present={people.participants}
          onAdded={people.again}
          onClose={() => setAdding(false)}
        />
      )}
      {removing && (
        <Dialog
          title={t("details.removeTitle", { name: straight(removing.user.name) })}
          onClose={() => setRemoving(null)}
        >
          <p>{t("details.removeWhat", { name: straight(removing.user.name) })}</p>
          <div class="dialog-actions">
            <button type="button" class="button" onClick={() => setRemoving(null)}>{t("new.cancel")}</button>
            <button
              type="button"
              class="button button-danger"
              onClick={() => {
                setRemoving(null);
                change(attempt(actions.removePerson(id, removing.user.id)));
              }}
            >
              {t("details.removeSure")}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

interface MemberProps {
  participant: Participant;
  isMe: boolean;
  items: MenuItem[];
}

function Member({ participant: { user, role, resembles }, isMe, items }: MemberProps) {
  const { store, i18n: { t }, i18n } = useApp();
  const presence = isMe ? undefined : store.presence.value[user.id];
  const here = presenceWords(presence, i18n, store.now.value);
  return (
    <li class="member">
      <Avatar id={user.id} name={user.name} picture={user.picture} presence={presence?.presence} />
      <p class="member-who">
        <span class="person-name" dir="auto">{straight(user.name)}</span>
        {resembles && <LookAlike username={user.username} />}
        {isMe && <span class="member-me">{t("message.you")}</span>}
        {here && <span class="person-username">{here}</span>}
      </p>
      {role === "admin" && <span class="member-role">{t("details.admin")}</span>}
      {items.length > 0 && (
        <Menu label={t("details.actions", { name: straight(user.name) })} icon="more">
          {(popup) => <MenuList {...popup} items={items} />}
        </Menu>
      )}
    </li>
  );
}
