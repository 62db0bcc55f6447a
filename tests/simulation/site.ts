// The site of a simulated world: its store, its server as long as one lives, and the weather between it and the clients.
import { uuidv7 } from "../../protocol/uuid.ts";
import { Sessions } from "./auth.ts";
import type { Fault } from "./faults.ts";
import { Rows } from "./rows.ts";
import { SimulatedServer } from "./server.ts";
import { memoryStore, type SimulatedStore } from "./store.ts";
import type { VirtualTime } from "./time.ts";

/** How bad things are; each is a share of all calls or messages, 0 … 1, but for the milliseconds. */
export interface Weather {
  storeFaults: number;
  storeLosses: number;
  restLosses: number;
  restDoubles: number;
  /** Milliseconds that something usually takes; now and then it is far more. */
  delayMs: number;
  /** How long a session lasts that begins now. */
  sessionMs: number;
}

export const FAIR: Weather = {
  storeFaults: 0,
  storeLosses: 0,
  restLosses: 0,
  restDoubles: 0,
  delayMs: 5,
  sessionMs: Infinity,
};

const SLOW_SHARE = 0.03;
const SLOW_FACTOR = 40;

export class Site {
  readonly time: VirtualTime;
  readonly rows = new Rows();
  readonly sessions: Sessions;
  readonly store: SimulatedStore;
  weather: Weather = FAIR;
  server: SimulatedServer | null = null;
  /** Names of the calls to the store so far. */
  readonly calls: string[] = [];
  /** Faults of calls by their place among all calls: given by those who crash each in turn. */
  readonly faults = new Map<number, Fault>();
  /** Until then the store does not answer. */
  #storeDownUntil = 0;
  #epoch: string;
  readonly #report: (what: string) => void;
  /** Told of each end of a server. */
  onCrash: () => void = () => {};

  constructor(time: VirtualTime, report: (what: string) => void) {
    this.time = time;
    this.#report = report;
    this.sessions = new Sessions(time);
    this.store = memoryStore(this.rows, () => time.now);
    this.#epoch = uuidv7(time.now);
  }

  /** Milliseconds that one way takes. */
  delay(): number {
    const { random } = this.time;
    const usual = 1 + random.fraction() * 2 * this.weather.delayMs;
    return random.fraction() < SLOW_SHARE ? usual * SLOW_FACTOR * random.fraction() : usual;
  }

  start({ newEpoch = false } = {}): void {
    if (this.server?.isAlive) return;
    if (newEpoch) this.#epoch = uuidv7(this.time.now);
    this.server = new SimulatedServer({
      time: this.time,
      store: this.store,
      sessions: this.sessions,
      epoch: this.#epoch,
      report: this.#report,
      calls: { faultOf: (name) => this.#faultOf(name), delay: () => this.delay() / 4 },
      onCrash: () => this.onCrash(),
    });
  }

  breakStore(ms: number): void {
    this.#storeDownUntil = this.time.now + ms;
  }

  calm(): void {
    this.weather = FAIR;
    this.#storeDownUntil = 0;
  }

  #faultOf(name: string): Fault {
    const given = this.faults.get(this.calls.push(name) - 1);
    if (given !== undefined) return given;
    if (this.time.now < this.#storeDownUntil) return "before";
    const { storeFaults, storeLosses } = this.weather;
    if (storeFaults + storeLosses === 0) return "none";
    const chance = this.time.random.fraction();
    return chance < storeFaults ? "before" : chance < storeFaults + storeLosses ? "lost" : "none";
  }
}
