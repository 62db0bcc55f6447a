// What a screen reader is told of messages that arrive while the conversation is open: once, and not in a flood.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../../protocol/models.ts";
import { useApp } from "./context.ts";
import { personName } from "./words.ts";

/** What comes within this time is told together. */
const PAUSE_MS = 1000;
/** So much of a long message is read out by itself. */
const CHARS_MAX = 200;

interface Props {
  messages: readonly Message[];
  /** What comes after this seq is news. */
  after: number;
  meId: string;
}

export function Announcement({ messages, after, meId }: Props) {
  const { store, i18n } = useApp();
  const [words, setWords] = useState("");
  const lastSeq = messages.at(-1)?.seq ?? 0;
  const told = useRef(after);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(messages);
  latest.current = messages;

  function tell(): void {
    timer.current = undefined;
    const messages = latest.current;
    const first = messages[0]?.seq ?? 0;
    const fresh = messages.slice(Math.max(0, told.current + 1 - first))
      .filter(({ senderId, kind, body }) => senderId !== meId && kind === "text" && body !== null);
    told.current = messages.at(-1)?.seq ?? told.current;
    if (fresh.length === 0) return;
    const [{ senderId, body }] = fresh as [Message];
    setWords(
      fresh.length > 1 ? i18n.t("conversation.newBelow", { n: fresh.length }) : i18n.t("message.arrived", {
        name: personName(senderId, store.people.peek(), meId, i18n),
        text: body!.slice(0, CHARS_MAX),
      }),
    );
  }

  useEffect(() => {
    if (lastSeq > told.current) timer.current ??= setTimeout(tell, PAUSE_MS);
  }, [lastSeq]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return <p class="unseen" role="status">{words}</p>;
}
