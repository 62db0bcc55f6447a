// What a conversation is about, in one line of the list: a small picture, or a sign where there is none, and the title.
import { useState } from "preact/hooks";
import type { Listing } from "../../protocol/models.ts";
import { Icon } from "./Icon.tsx";

export function ListingTitle({ listing: { title, imageUrl } }: { listing: Listing }) {
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span class="row-listing">
      {imageUrl !== null && imageUrl !== broken
        ? (
          <img
            src={imageUrl}
            alt=""
            loading="lazy"
            decoding="async"
            referrerpolicy="no-referrer"
            onError={() => setBroken(imageUrl)}
          />
        )
        : <Icon name="tag" />}
      <span dir="auto">{title}</span>
    </span>
  );
}
