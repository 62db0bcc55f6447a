// One run's people, their conversations and their clients; and how it ends: everyone back, everything current, all compared.
import { createDirect, createGroup } from "../helpers/people.ts";
import { emptyOutbox } from "../../client/state/replica_outbox.ts";
import { type Record } from "./audit.ts";
import { type Desk, ModelClient } from "./client.ts";
import { Ledger } from "./ledger.ts";
import { type Site, type SitePerson, turns } from "./site.ts";
import { compare, readTruth, type Truth } from "./truth.ts";

export interface Shape {
  /** How many tabs each person has. */
  tabs: number[];
}

const REST_MAX_TURNS = 400;
const SETTLE_MAX_MS = 8_000;

export class World {
  readonly site: Site;
  readonly ledger = new Ledger();
  readonly record: Record = { deliveries: [], gaps: [], joined: 0 };
  readonly people: SitePerson[];
  readonly clients: ModelClient[];
  /** A direct conversation of the first two; a group of all; a group of the second that the others are added to. */
  readonly conversations: string[];
  /** Of each conversation, who made it: the admin of a group. */
  readonly makers: string[];

  private constructor(site: Site, people: SitePerson[], conversations: string[], { tabs }: Shape) {
    this.site = site;
    this.people = people;
    this.conversations = conversations;
    const [first, second] = people.map((person) => person.userId) as [string, string];
    this.makers = [first, first, second];
    this.clients = people.flatMap((person, index) => {
      const desk: Desk = { person, outbox: emptyOutbox(person.userId), tabs: [] };
      return Array.from({ length: tabs[index]! }, () => new ModelClient(site, desk, this.ledger, this.record));
    });
  }

  static async create(site: Site, shape: Shape): Promise<World> {
    const people = await site.people(shape.tabs.length);
    const [first, second, ...others] = people.map((person) => person.userId) as [string, string, ...string[]];
    const conversations = await Promise.all([
      createDirect(site.sql, first, second),
      createGroup(site.sql, first, second, ...others),
      createGroup(site.sql, second, first),
    ]);
    const world = new World(site, people, conversations, shape);
    for (const client of world.clients) await client.open();
    return world;
  }

  /** Until everyone who can be is current: not those who are away, or whose frames are held. */
  async rest(): Promise<void> {
    for (let turn = 0; turn < REST_MAX_TURNS; turn++) {
      const isBusy = this.clients.some((client) => client.isOpen && !client.wire!.isHeld && !client.isSettled);
      if (!isBusy) return;
      await turns(1);
    }
  }

  async finish(): Promise<string[]> {
    try {
      const truth = await this.#truth();
      // Before anyone asks again: what each was given by itself is already all there is, unless frames were lost on purpose.
      for (const client of this.clients) if (!client.wire!.hasLost) compare(this, truth, client, { positions: false });
      for (const client of this.clients) client.doubt();
      await this.#settle();
      for (const client of this.clients) compare(this, truth, client, { positions: true });
      await truth.check();
      return this.ledger.violations;
    } finally {
      for (const client of this.clients) client.wire?.drop();
    }
  }

  /** What is stored when nothing is under way any more: a command whose sender is gone may still come to be done. */
  async #truth(): Promise<Truth> {
    for (;;) {
      await this.#settle();
      await this.site.quiet();
      await this.#settle();
      const truth = await readTruth(this);
      if (await truth.isCurrent()) return truth;
    }
  }

  async #settle(): Promise<void> {
    for (const client of this.clients) client.wire?.release();
    for (const client of this.clients) await client.open();
    const until = Date.now() + SETTLE_MAX_MS;
    for (let barriers = 0; barriers < 2;) {
      const waiting = this.clients.filter((client) => !client.isSettled);
      if (waiting.length === 0) {
        await Promise.all(this.clients.map((client) => client.barrier()));
        barriers++;
      } else {
        barriers = 0;
        if (Date.now() > until) {
          throw new Error(`Cannot settle: ${waiting.map((client) => client.describe).join("\n")}`);
        }
        for (const client of waiting) client.pump();
        await turns(1);
      }
    }
  }
}
