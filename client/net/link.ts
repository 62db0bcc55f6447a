// What a "Message seller" link asks for: a person, and the ad it is about.
import type { z } from "zod";
import type { CreateConversation } from "../../protocol/rest.ts";
import { Failure } from "../state/failure.ts";

type Status = typeof import("../../protocol/models.ts").LISTING_STATUSES[number];

/**
 * The query of /[lang]/messages/new: `to` (a person's id) or `toExternal` (the site's own id of them), and for the ad
 * `listing` (the site's id of it), `title`, `price`, `currency`, `image`, `url`, `status`.
 * Throws a Failure `invalid` where nobody is named; whatever else is wrong the server says.
 */
export function parseLink(query: string): z.input<typeof CreateConversation> {
  const fields = new URLSearchParams(query);
  const [id, externalId] = [fields.get("to"), fields.get("toExternal")];
  if (!id && !externalId) throw new Failure("invalid");
  const to = id ? { id } : { externalId: externalId! };
  const listing = fields.get("listing");
  if (!listing) return { kind: "direct", to };
  const price = fields.get("price");
  const status = fields.get("status") as Status | null;
  return {
    kind: "direct",
    to,
    listing: {
      id: listing,
      title: fields.get("title") || listing,
      price: price ? Number(price) : null,
      currency: fields.get("currency") || null,
      imageUrl: fields.get("image") || null,
      url: fields.get("url") || null,
      ...status ? { status } : {},
    },
  };
}
