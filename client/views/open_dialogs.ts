// How many dialogs are open: all but the last one's own content is out of reach, so notices stand in that one.
import { Cell } from "../state/cell.ts";

export const openDialogs = new Cell(0);
