// The signs of the first screens, from Lucide. To add one, add its line: vite.config.ts draws it into the page.
import * as lucide from "lucide";

/** Our name for it, then Lucide's (lucide.dev/icons); what is not named here does not get into the build. */
export const ICONS = {
  archive: lucide.Archive,
  back: lucide.ArrowLeft,
  check: lucide.Check,
  close: lucide.X,
  delivered: lucide.CheckCheck,
  down: lucide.ArrowDown,
  emoji: lucide.Smile,
  external: lucide.ExternalLink,
  failed: lucide.CircleAlert,
  group: lucide.Users,
  info: lucide.Info,
  leave: lucide.LogOut,
  more: lucide.EllipsisVertical,
  muted: lucide.BellOff,
  out: lucide.LogOut,
  pending: lucide.Clock,
  search: lucide.Search,
  send: lucide.SendHorizontal,
  sent: lucide.Check,
  tag: lucide.Tag,
  write: lucide.SquarePen,
} as const;
