// A message's words: links made safe, a long text folded until it is asked for.
import { linkify, type TextPart } from "../state/linkify.ts";
import { foldedText } from "../state/message_text.ts";
import { useApp } from "./context.ts";

export function MessageText({ body, isUnfolded }: { body: string; isUnfolded: boolean }) {
  const { i18n } = useApp();
  const folded = isUnfolded ? null : foldedText(body);
  if (folded === null) return <>{linkify(body).map(part)}</>;
  const parts = linkify(folded);
  const last = parts.at(-1);
  // Half an address would lead somewhere else.
  if (last?.href && !/\s/.test(body[folded.length]!)) parts[parts.length - 1] = { text: last.text };
  return (
    <>
      {parts.map(part)}… <button type="button" class="unfold" data-does="unfold">{i18n.t("message.showMore")}</button>
    </>
  );
}

function part({ text, href }: TextPart) {
  if (!href) return text;
  if (!/^https?:/.test(href)) return <a href={href}>{text}</a>;
  // What somebody wrote decides where this leads: it learns nothing of the page it came from.
  return <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc">{text}</a>;
}
