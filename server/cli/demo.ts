// `chautari demo`: fills a fresh data directory with a small marketplace, then serves it.
export function demo(_args: string[]): Promise<number> {
  return Promise.resolve(1);
}
