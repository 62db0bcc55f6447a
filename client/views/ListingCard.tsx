// The ad that a conversation is about: picture, title, price, and whether it can still be had.
import type { Listing } from "../../protocol/models.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { Picture } from "./Picture.tsx";

export function ListingCard({ listing }: { listing: Listing }) {
  const { i18n: { t }, i18n } = useApp();
  const { title, url, imageUrl, price, currency, status } = listing;
  const content = (
    <>
      <Picture src={imageUrl} class="listing-picture" width="48" height="48">
        <span class="listing-picture">
          <Icon name="tag" />
        </span>
      </Picture>
      <span class="listing-title" dir="auto">{title}</span>
      <span class="listing-facts">
        {price !== null && (
          <span class="listing-price">{currency === null ? i18n.number(price) : i18n.price(price, currency)}</span>
        )}
        <span class={`listing-status listing-${status}`}>{t(`listing.${status}`)}</span>
      </span>
    </>
  );
  return (
    <section class="listing" aria-label={t("listing.label")}>
      {url === null
        ? <div class="listing-card">{content}</div>
        : (
          <a class="listing-card" href={url} target="_blank" rel="noopener noreferrer" title={t("listing.open")}>
            {content}
            <Icon name="external" />
          </a>
        )}
    </section>
  );
}
