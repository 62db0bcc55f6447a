// Makes itself heard while the page is out of sight: a short sound, and the browser's notification, for what others write.
import { effect } from "@preact/signals";
import type { Conversation, Message } from "../../protocol/models.ts";
import type { Conversations } from "../state/conversations.ts";
import { meId } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { permission } from "./notifications.ts";

/** A conversation and what somebody else wrote last in it. */
export interface Heard {
  conversation: Conversation;
  message: Message;
}

export interface NotifierOptions {
  store: Store;
  /** Of several tabs one speaks. */
  isSpeaker(): boolean;
  words(heard: Heard): { title: string; body: string; lang: string };
  path(conversationId: string): string;
  /** A notification was pressed that no service worker looks after. */
  onOpen(path: string): void;
}

const CHIME_EVERY_MS = 2_000;
const BODY_MAX_CHARS = 200;

/** What came between two states of the list that is worth a sound: by others, unread, not muted. */
export function heardBetween(before: Conversations, now: Conversations, meId: string, nowIso: string): Heard[] {
  const heard: Heard[] = [];
  for (const id in now) {
    const conversation = now[id]!;
    const { lastMessage: message, my, unreadCount } = conversation;
    if (conversation === before[id] || message === null || unreadCount === 0) continue;
    const isNew = message.seq > (before[id]?.lastSeq ?? 0);
    const isMuted = my.mutedUntil !== null && my.mutedUntil > nowIso;
    if (isNew && !isMuted && message.senderId !== meId && message.kind === "text" && message.deletedAt === null) {
      heard.push({ conversation, message });
    }
  }
  return heard;
}

/** Follows the list from the first connection on; what was missed before it is no news. */
export function startNotifier({ store, isSpeaker, words, path, onOpen }: NotifierOptions): void {
  let before: Conversations | null = null;

  effect(() => {
    const now = store.conversations.value;
    const isHere = store.account.value.status === "in" && (before !== null || store.connection.value === "open");
    const known = before;
    before = isHere ? now : null;
    if (known === null || known === now || !isHere || document.visibilityState === "visible" || !isSpeaker()) return;
    const state = store.state.peek();
    const heard = heardBetween(known, now, meId(state), new Date().toISOString());
    if (heard.length === 0) return;
    if (state.settings.sound) chime();
    if (!state.settings.notifications || permission() !== "granted") return;
    for (const one of heard) notify(one);
  });

  async function notify(heard: Heard): Promise<void> {
    const { title, body, lang } = words(heard);
    const target = path(heard.conversation.id);
    const options = {
      body: body.slice(0, BODY_MAX_CHARS),
      lang,
      dir: "auto" as const,
      // One of each conversation at a time; a later one is heard again.
      tag: heard.conversation.id,
      renotify: true,
      silent: true,
      icon: "/icon-192.png",
      data: { path: target },
    };
    const registration = await navigator.serviceWorker?.getRegistration();
    if (registration?.active) return await registration.showNotification(title, options);
    const notification = new Notification(title, options);
    notification.onclick = () => {
      notification.close();
      focus();
      onOpen(target);
    };
  }

  // Who is back sees for themselves.
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState === "hidden") return;
    const registration = await navigator.serviceWorker?.getRegistration();
    for (const notification of await registration?.getNotifications() ?? []) notification.close();
  });
}

let audio: AudioContext | null = null;
let chimedAt = 0;

/** Two soft notes, a fourth apart. */
function chime(): void {
  // Without a gesture the browser plays nothing, and complains.
  if (!navigator.userActivation?.hasBeenActive || Date.now() - chimedAt < CHIME_EVERY_MS) return;
  chimedAt = Date.now();
  audio ??= new AudioContext();
  audio.resume();
  for (const [afterSeconds, hertz] of [[0, 659.26], [0.13, 880]] as const) {
    const at = audio.currentTime + afterSeconds;
    const volume = audio.createGain();
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.12, at + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.45);
    const tone = audio.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.5);
  }
}
