// IndexedDB as promises: one database, opened when first needed, and never a reason for the page to wait for ever.

/** Makes a transaction's requests, synchronously; what it gives back is called once the transaction is complete. */
export type Work<Result> = (store: (name: string) => IDBObjectStore) => (() => Result) | void;

export interface DatabaseOptions {
  name: string;
  version: number;
  upgrade(database: IDBDatabase, from: number): void;
}

/** An older page in another tab lets go of the database at once; where that fails, this page goes on without one. */
const OPEN_TIMEOUT_MS = 3_000;

export class Database {
  readonly #options: DatabaseOptions;
  #opening: Promise<IDBDatabase | null> | null = null;
  #open: IDBDatabase | null = null;

  constructor(options: DatabaseOptions) {
    this.#options = options;
  }

  /**
   * One transaction. Once the database is open it begins in this very turn: a page that is going away waits for nothing.
   * Undefined where there is no database; rejects with the transaction's DOMException.
   * @param durability `strict` outlives a power failure, `relaxed` a crash of the browser
   */
  async run<Result>(
    mode: "readonly" | "readwrite",
    stores: readonly string[],
    work: Work<Result>,
    durability: IDBTransactionDurability = "relaxed",
  ): Promise<Result | undefined> {
    const transaction = this.#begun(stores, mode, durability) ?? await this.#begin(stores, mode, durability);
    if (transaction === null) return undefined;
    return await new Promise((resolve, reject) => {
      transaction.onabort = () => reject(transaction.error);
      const result = work((name) => transaction.objectStore(name));
      transaction.oncomplete = () => resolve(result?.());
    });
  }

  #begun(stores: readonly string[], mode: IDBTransactionMode, durability: IDBTransactionDurability) {
    try {
      return this.#open?.transaction(stores, mode, { durability }) ?? null;
    } catch {
      // Safari loses the connection of a page that slept, and says so only here (WebKit 273827): opened again.
      this.#forget(null);
      return null;
    }
  }

  async #begin(stores: readonly string[], mode: IDBTransactionMode, durability: IDBTransactionDurability) {
    this.#open = await (this.#opening ??= this.#openOnce());
    return this.#begun(stores, mode, durability);
  }

  #openOnce(): Promise<IDBDatabase | null> {
    const { name, version, upgrade } = this.#options;
    return new Promise((resolve) => {
      const none = () => resolve(null);
      setTimeout(none, OPEN_TIMEOUT_MS);
      try {
        const request = indexedDB.open(name, version);
        request.onupgradeneeded = ({ oldVersion }) => upgrade(request.result, oldVersion);
        request.onerror = none;
        request.onsuccess = () => {
          const database = request.result;
          database.onversionchange = ({ newVersion }) => {
            database.close();
            // Deleted by hand: it begins anew. Taken over by a newer page: this one does without.
            this.#forget(newVersion === null ? null : Promise.resolve(null));
          };
          database.onclose = () => this.#forget(null);
          resolve(database);
        };
      } catch {
        none();
      }
    });
  }

  #forget(opening: Promise<null> | null): void {
    this.#open = null;
    this.#opening = opening;
  }
}
