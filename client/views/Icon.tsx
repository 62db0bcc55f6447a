// The signs that the page uses, from Lucide: drawn as lines on a 24-unit grid. To add one, add its line.
import * as lucide from "lucide";
import { createElement } from "preact";

/** Our name for it, then Lucide's (lucide.dev/icons); what is not named here does not get into the build. */
const ICONS = {
  addPerson: lucide.UserPlus,
  admin: lucide.ShieldCheck,
  archive: lucide.Archive,
  back: lucide.ArrowLeft,
  bell: lucide.Bell,
  check: lucide.Check,
  close: lucide.X,
  copy: lucide.Copy,
  delete: lucide.Trash2,
  delivered: lucide.CheckCheck,
  down: lucide.ArrowDown,
  edit: lucide.Pencil,
  emoji: lucide.Smile,
  external: lucide.ExternalLink,
  failed: lucide.CircleAlert,
  group: lucide.Users,
  info: lucide.Info,
  keyboard: lucide.Keyboard,
  leave: lucide.LogOut,
  markUnread: lucide.MailOpen,
  more: lucide.EllipsisVertical,
  muted: lucide.BellOff,
  out: lucide.LogOut,
  pending: lucide.Clock,
  person: lucide.CircleUser,
  search: lucide.Search,
  send: lucide.SendHorizontal,
  sent: lucide.Check,
  settings: lucide.Settings,
  tag: lucide.Tag,
  unarchive: lucide.ArchiveRestore,
  write: lucide.SquarePen,
} as const;

export type IconName = keyof typeof ICONS;

interface ShapeProps {
  shape: lucide.IconNode;
  class?: string;
}

/** Decoration beside or inside something that has a name: hidden from those who do not see it. */
export function Icon({ name, class: className = "" }: { name: IconName; class?: string }) {
  return <Shape shape={ICONS[name]} class={`icon-${name} ${className}`} />;
}

/** One of Lucide's that only a part of the page fetched later shows: it travels with that part. */
export function Shape({ shape, class: className = "" }: ShapeProps) {
  return (
    <svg class={`icon ${className}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {shape.map(([tag, attributes], at) => createElement(tag, { ...attributes, key: at }))}
    </svg>
  );
}
