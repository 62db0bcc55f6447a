// The one row of a list that Tab reaches; the focus is never lost when that row goes.
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Conversation } from "../../protocol/models.ts";

export interface ActiveRow {
  index: number;
  /** To be told where the focus has come to. */
  onFocusIn(event: FocusEvent): void;
  /** Gives the focus to the row, if nothing else has it. */
  focusIfLost(): void;
}

/** At first the row of the open conversation, then the one last focused; where that one has gone, its successor. */
export function useActiveRow(
  box: RefObject<HTMLElement | null>,
  rows: readonly Conversation[],
  openId: string | null,
): ActiveRow {
  const [id, setId] = useState(openId);
  const last = useRef({ index: 0, wasThere: false, openId });
  const found = rows.findIndex((row) => row.id === id);
  const index = found === -1 ? Math.min(last.current.index, rows.length - 1) : found;
  const hasGone = found === -1 && last.current.wasThere;
  const latest = useRef(rows);
  latest.current = rows;
  last.current.index = index;
  last.current.wasThere = found !== -1;

  function focusIfLost(): void {
    if (document.activeElement && document.activeElement !== document.body) return;
    const row = latest.current[last.current.index];
    if (row) box.current?.querySelector<HTMLElement>(`[data-id="${row.id}"]`)?.focus();
  }

  useEffect(() => {
    if (hasGone) focusIfLost();
  }, [hasGone]);

  useEffect(() => {
    // Back from a conversation on a phone, the keyboard stands on the row it came from.
    if (openId !== null) setId(openId);
    else if (last.current.openId !== null) focusIfLost();
    last.current.openId = openId;
  }, [openId]);

  return {
    index,
    onFocusIn: ({ target }) => {
      const row = (target as Element).closest("li")?.querySelector<HTMLElement>("[data-id]");
      if (row) setId(row.dataset.id!);
    },
    focusIfLost,
  };
}
