// A link inside the page: a real address, gone to without loading the page again.
import type { AnchorHTMLAttributes, ComponentChildren } from "preact";
import { useApp } from "./context.ts";

type Props = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "onClick" | "href" | "role"> & {
  href: string;
  children: ComponentChildren;
};

export function Link({ href, children, ...rest }: Props) {
  const { actions } = useApp();
  const onClick = (event: MouseEvent) => {
    // A new tab or window is the browser's business.
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (event.altKey) return;
    event.preventDefault();
    actions.go(href);
  };
  return <a {...rest} href={href} onClick={onClick}>{children}</a>;
}
