// How many dialogs are open: all but the last one's own content is out of reach, so notices stand in that one.
import { signal } from "@preact/signals";

export const openDialogs = signal(0);
