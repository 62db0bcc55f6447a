// What a conversation is about, in one line of the list: a small picture, or a sign where there is none, and the title.
import type { Listing } from "../../protocol/models.ts";
import { Icon } from "./Icon.tsx";
import { Picture } from "./Picture.tsx";

export function ListingTitle({ listing: { title, imageUrl } }: { listing: Listing }) {
  return (
    <span class="row-listing">
      <Picture src={imageUrl}>
        <Icon name="tag" />
      </Picture>
      <span dir="auto">{title}</span>
    </span>
  );
}
