// A fault: what strikes the running program in each round, and what it needs for that. One file each; a line in `FAULTS`.
import type { ChaosClient } from "../client.ts";
import type { Ledger } from "../ledger.ts";
import type { Random } from "../random.ts";
import type { Site, SiteOptions } from "../site.ts";

/** What a fault may use while clients write, resume and resend around it. */
export interface Scene {
  site: Site;
  random: Random;
  ledger: Ledger;
  clients: readonly ChaosClient[];
  /** Everybody writes a few messages more. */
  write(): void;
  /** A participant reads a conversation over REST. */
  read(): Promise<Response>;
  /** A request that would write, if there were anything to write. */
  probe(): Promise<Response>;
}

export interface Fault {
  name: string;
  /** How long clients wait for an answer before they give up a connection, in turns; the page's own patience if not said. */
  patienceMs?: readonly number[];
  /** Tokens end by it: whoever is refused signs in again, and that is no fault. */
  endsTokens?: boolean;
  /** Where the program is to run, when that must be a place of the fault's own. */
  prepare?(): Promise<SiteOptions>;
  /** Where clients connect instead of the program's own address. */
  entrance?(site: Site): Promise<string>;
  /**
   * Strikes; when it resolves, the program runs, or is about to. Says in a few words what it did. What must not have
   * happened goes into the ledger.
   */
  strike(scene: Scene, round: number): Promise<string>;
  /** Removes what `prepare` made; the program has ended. */
  end?(): Promise<void>;
  /** What else was measured, in words. */
  figures?(): string;
}
