// What can go wrong between us and PostgreSQL, in the two kinds that callers treat differently.

/** PostgreSQL refused the values (SQLSTATE classes 22 and 23): the same values will be refused again. */
export class StoreRefusal extends Error {
  override name = "StoreRefusal";
}

/** PostgreSQL could not be asked, or its answer was lost: what was asked may or may not have happened. */
export class StoreUnavailable extends Error {
  override name = "StoreUnavailable";
}

/** PostgreSQL is gone, going or too busy (SQLSTATE classes 08, 53, 57P, 55P03, 57014), or there is no way to it. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return true;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" &&
    /^(08|53|57P|55P03|57014|CONNECTION_|CONNECT_|ECONN|ENOENT|EPIPE|ETIMEDOUT)/.test(code);
}

/** Runs `query`; what PostgreSQL or the connection throws leaves as one of the two kinds. */
export async function guarded<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === "string" && /^2[23]/.test(code)) throw new StoreRefusal(String(error), { cause: error });
    throw new StoreUnavailable(String(error), { cause: error });
  }
}
