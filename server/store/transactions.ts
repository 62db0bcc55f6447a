// Transactions on connections of their own, each used by one transaction at a time.
//
// The driver sends BEGIN down a connection that others use too, and fails to set it apart when that connection's pipeline
// is full (porsager/postgres#823, #1189): the transaction stays open there, other people's statements run inside it, and
// what they were told is kept is lost with it.
import type postgres from "postgres";

/** At most so many at once; more wait. */
export const TRANSACTIONS_MAX = 6;

/**
 * The same pool, but `begin` runs on clients of one connection each, made by `connect` when they are needed; `end` ends
 * them with the pool.
 */
export function withOwnTransactions(
  pool: postgres.Sql,
  connect: () => postgres.Sql,
  max = TRANSACTIONS_MAX,
): postgres.Sql {
  const all: postgres.Sql[] = [];
  const free: postgres.Sql[] = [];
  const waiting: ((client: postgres.Sql) => void)[] = [];

  function take(): Promise<postgres.Sql> | postgres.Sql {
    const client = free.pop();
    if (client) return client;
    if (all.length === max) return new Promise((resolve) => waiting.push(resolve));
    all.push(connect());
    return all.at(-1)!;
  }

  function give(client: postgres.Sql): void {
    const next = waiting.shift();
    if (next) next(client);
    else free.push(client);
  }

  // deno-lint-ignore no-explicit-any -- begin has two forms, which go on as they came
  async function begin(...given: any[]): Promise<unknown> {
    const client = await take();
    try {
      return await (client.begin as (...args: unknown[]) => Promise<unknown>)(...given);
    } finally {
      give(client);
    }
  }

  const { end } = pool;
  return Object.assign(pool, {
    begin: begin as postgres.Sql["begin"],
    end: async (options?: { timeout?: number }) => {
      await Promise.all([end(options), ...all.map((client) => client.end(options))]);
    },
  });
}
