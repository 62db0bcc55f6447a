// What this device tells of itself and wants to hear: which conversations are in view, who types here, whether anyone is here.
import { effect } from "@preact/signals";
import { TYPING_TTL_MS, WATCH_MAX_CONVERSATIONS } from "../../protocol/limits.ts";
import type { Store } from "../state/store.ts";
import type { Clock } from "./clock.ts";
import type { Socket } from "./socket.ts";

/** Typing that goes on for so long may have ended unheard: what is so is asked for. */
const TYPING_DOUBT_MS = 2 * TYPING_TTL_MS;
/** A page that is out of sight for this long: nobody is here. */
const AWAY_AFTER_MS = 3 * 60_000;

export function createWatching(store: Store, socket: Pick<Socket, "isOpen" | "request">, clock: Clock) {
  let rows: readonly string[] = [];
  /** What the server was told on this connection. */
  let told = "";
  let typing: { id: string; atMs: number } | null = null;
  let isAway = false;
  let cancelAway: (() => void) | null = null;

  function wanted(): string[] {
    const open = store.state.peek().route.conversationId;
    return [...new Set(open === null ? rows : [open, ...rows])].slice(0, WATCH_MAX_CONVERSATIONS);
  }

  function tell(): void {
    const conversationIds = wanted();
    const all = [...conversationIds].sort().join();
    if (!socket.isOpen || all === told) return;
    told = all;
    socket.request("conversation:watch", { conversationIds }, (answer) => store.apply({ type: "watched", answer }))
      .catch(() => {
        if (told === all) told = "";
      });
  }

  function tellAgain(): void {
    told = "";
    tell();
  }

  // Renewed typing is not told again, so a client cannot end it by itself; and ephemera may be lost.
  let cancelDoubt: (() => void) | undefined;
  effect(() => {
    const typing = store.typing.value;
    cancelDoubt?.();
    cancelDoubt = Object.keys(typing).length > 0 ? clock.after(TYPING_DOUBT_MS, tellAgain) : undefined;
  });

  function say(command: "typing:start" | "typing:stop", conversationId: string): void {
    socket.request(command, { conversationId }).catch(() => {});
  }

  function setTyping(id: string, isTyping: boolean): void {
    if (typing !== null && (typing.id !== id || !isTyping)) {
      if (socket.isOpen) say("typing:stop", typing.id);
      typing = null;
    }
    if (!isTyping || !socket.isOpen) return;
    const nowMs = clock.now();
    // Told again at half of its time, so that it does not end while somebody goes on.
    if (typing && nowMs - typing.atMs < TYPING_TTL_MS / 2) return;
    typing = { id, atMs: nowMs };
    say("typing:start", id);
  }

  function setStatus(status: "online" | "away"): void {
    isAway = status === "away";
    if (socket.isOpen) socket.request("user:status", { status }).catch(() => {});
  }

  return {
    watch: (conversationIds: readonly string[]) => {
      rows = conversationIds;
      tell();
    },
    /** The open conversation may be another one. */
    moved: tell,
    /** The people of one changed: whom one hears of changed with it. */
    changed: (id: string) => {
      if (told.includes(id)) tellAgain();
    },
    setTyping,
    /** A message ends typing by itself. */
    sent: (id: string) => {
      if (typing?.id === id) typing = null;
    },
    visible: (isVisible: boolean) => {
      cancelAway?.();
      cancelAway = null;
      if (!isVisible) cancelAway = clock.after(AWAY_AFTER_MS, () => setStatus("away"));
      else if (isAway) setStatus("online");
    },
    welcome: () => {
      told = "";
      typing = null;
      tell();
      if (isAway) setStatus("away");
    },
    forget: () => {
      rows = [];
      told = "";
      typing = null;
    },
  };
}
