// The ads that the demo's people talk about, as a site would hand them over.
import type { Listing } from "../../../protocol/models.ts";

function ad(id: number, title: string, priceNpr: number, status: Listing["status"] = "active"): Listing {
  return {
    id: String(id),
    title,
    url: `https://bazaar.example/ads/${id}`,
    imageUrl: null,
    price: priceNpr,
    currency: "NPR",
    status,
  };
}

export const LISTINGS = {
  pulsar: ad(48213, "Bajaj Pulsar NS200, 2019, एकल मालिक", 235_000),
  iphone: ad(48377, "iPhone 13, 128 GB, battery 87%", 72_000, "reserved"),
  flat: ad(47960, "नयाँ बानेश्वरमा २ कोठे फ्ल्याट भाडामा", 24_000),
  laptop: ad(48105, "Lenovo ThinkPad T14, i5, 16 GB / 512 GB", 68_000),
  sofa: ad(47721, "L-shaped sofa, grey, seats six", 28_000, "sold"),
  guitar: ad(48290, "Yamaha F310 acoustic guitar with bag", 14_500),
  land: ad(46988, "बुढानीलकण्ठमा ४ आना जग्गा, १३ फिट बाटो", 14_000_000),
  tempo: ad(48019, "सफा टेम्पो, नयाँ ब्याट्रीसहित", 650_000),
  fridge: ad(48341, "LG डबल डोर फ्रिज, २६० लिटर", 31_000),
} satisfies Record<string, Listing>;

export type ListingKey = keyof typeof LISTINGS;
