// The words in the field: the draft of a conversation, or the message that is being edited; and where they go.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { charCount } from "../../protocol/chars.ts";
import { MESSAGE_MAX_CHARS } from "../../protocol/limits.ts";
import { sendable } from "../state/sendable.ts";
import { useApp } from "./context.ts";
import { type Edit, editing, unsaved } from "./editing.ts";

export function useWords(conversationId: string) {
  const { store, actions } = useApp();
  // Uncontrolled: writing back into a field while an input method composes in it breaks the composition.
  const field = useRef<HTMLTextAreaElement>(null);
  const isTouched = useRef(false);
  const draft = store.drafts.value[conversationId] ?? "";
  const [text, setText] = useState(draft);
  const edited = editing.value?.conversationId === conversationId ? editing.value : null;
  const message = edited && store.threads.value[conversationId]?.messages.findLast(({ seq }) => seq === edited.seq);
  const body = sendable(text);
  const left = MESSAGE_MAX_CHARS - charCount(body);

  useLayoutEffect(() => {
    show(edited?.body ?? draft);
    if (!edited) return;
    field.current!.focus({ preventScroll: true });
    field.current!.setSelectionRange(edited.body.length, edited.body.length);
  }, [edited]);

  // Kept ones come from the disk after the first paint, and newer ones from another tab; neither disturbs who writes here.
  useEffect(() => {
    const isWriting = isTouched.current && document.hasFocus();
    if (!edited && !isWriting && draft !== field.current!.value) show(draft);
  }, [draft]);

  // Deleted meanwhile, here or elsewhere: there is nothing left to edit.
  useEffect(() => {
    if (message?.deletedAt) stopEditing();
  }, [message?.deletedAt]);

  const waiting = unsaved.value.find((edit) => edit.conversationId === conversationId);
  useEffect(() => {
    if (!waiting || editing.peek() || isTouched.current && field.current!.value !== "") return;
    unsaved.value = unsaved.peek().filter((edit) => edit !== waiting);
    editing.value = waiting;
  }, [waiting, edited, text]);

  useEffect(() => {
    const element = field.current!;
    return () => {
      paused();
      const left = editing.peek();
      if (left?.conversationId !== conversationId) return;
      stopEditing();
      if (element.value !== textOf(left)) keep({ ...left, body: element.value });
    };
  }, []);

  function show(value: string): void {
    field.current!.value = value;
    setText(value);
    fit(field.current!);
  }

  /** What the person did to the field. */
  function changed(): void {
    const { value } = field.current!;
    isTouched.current = true;
    setText(value);
    fit(field.current!);
    if (edited) return;
    actions.saveDraft(conversationId, value);
    actions.setTyping(conversationId, value.trim() !== "");
  }

  /** The person looks elsewhere. */
  function paused(): void {
    actions.setTyping(conversationId, false);
  }

  function insert(words: string): void {
    const { selectionStart, selectionEnd } = field.current!;
    field.current!.setRangeText(words, selectionStart, selectionEnd, "end");
    changed();
  }

  function stopEditing(): void {
    editing.value = null;
  }

  function keep(edit: Edit): void {
    unsaved.value = [...unsaved.peek(), edit];
  }

  /** What the message says now. */
  function textOf({ seq }: Edit): string | null | undefined {
    return store.threads.peek()[conversationId]?.messages.findLast((message) => message.seq === seq)?.body;
  }

  /** Into the last message of one's own, where there is one that can be edited. */
  function editLast(): boolean {
    const last = store.threads.peek()[conversationId]?.messages.findLast(({ kind, senderId, deletedAt }) =>
      kind === "text" && senderId === store.ownerId.peek() && deletedAt === null
    );
    if (!last || last.body === null) return false;
    editing.value = { conversationId, seq: last.seq, body: last.body };
    return true;
  }

  async function saveEdit(seq: number, body: string): Promise<void> {
    stopEditing();
    if (body === message?.body) return;
    isTouched.current = false;
    // What was written must not be lost with the attempt.
    if (await actions.edit(conversationId, seq, body)) keep({ conversationId, seq, body });
  }

  /** False: there is nothing to send, or too much. */
  function submit(): boolean {
    // The field's own value: state may be a keystroke behind.
    const body = sendable(field.current!.value);
    if (body === "" || charCount(body) > MESSAGE_MAX_CHARS) return false;
    if (edited) saveEdit(edited.seq, body);
    else {
      actions.send(conversationId, body);
      field.current!.value = "";
      changed();
    }
    field.current!.focus();
    return true;
  }

  const canSubmit = left >= 0 && body !== "";
  return { field, text, left, canSubmit, edited, changed, paused, insert, submit, editLast, stopEditing };
}

/** As high as its text; the style sheet stops it at six lines. */
function fit(field: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  const box = field.parentElement!;
  // The box holds its size while the field is measured: the log above must not move at each letter.
  box.style.height = `${box.offsetHeight}px`;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  box.style.height = "";
}
