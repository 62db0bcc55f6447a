// A view that reads no signals, drawn again only when one of its properties is another. (Of those that read some,
// @preact/signals sees to it.)
import { Component, type ComponentChild } from "preact";

export function memo<Props extends object>(view: (props: Props) => ComponentChild) {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      for (const key in next) if (next[key] !== this.props[key]) return true;
      return false;
    }

    override render(props: Props) {
      return view(props);
    }
  };
}
