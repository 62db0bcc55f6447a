// Who is at the other end: the address that rate limits count by, behind proxies too.

/**
 * The client's address. With `trustProxy` proxies in front, the entry of X-Forwarded-For that the outermost of them
 * wrote: counted from the right, since everything further left is the client's own claim.
 */
export function clientAddress(remote: string | undefined, forwardedFor: string | null, trustProxy: number): string {
  if (trustProxy > 0 && forwardedFor !== null) {
    const hops = forwardedFor.split(",").map((hop) => hop.trim());
    const hop = hops.at(-trustProxy);
    if (hop) return hop.slice(0, 64);
  }
  return remote ?? "unknown";
}
