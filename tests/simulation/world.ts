// One simulated world: its people and their pages, a site, and a plan; it ends well when everyone holds what is stored.
import { uuidv7 } from "../../protocol/uuid.ts";
import type { Record } from "../model/audit.ts";
import { Ledger } from "../model/ledger.ts";
import { Browser } from "./browser.ts";
import { checkHeld, checkLog, checkRows } from "./checks.ts";
import { Page } from "./page.ts";
import type { Plan, PlannedStep } from "./plan.ts";
import { Site } from "./site.ts";
import { STEPS } from "./steps.ts";
import { VirtualTime } from "./time.ts";

/** Where a page may be open. */
export interface Slot {
  readonly browser: Browser;
  page: Page | null;
}

const BEGIN_MS = 2_000;
/** Longer than whatever waits by itself: half a minute between two attempts, and what follows from the last. */
const SETTLE_MS = 45_000;
/** A client that was told nothing of a loss finds out at latest by its tenth quiet minute. */
const FIND_LOSSES_MS = 11 * 60_000;
const AGAIN_MS = 20_000;

export class World {
  readonly time: VirtualTime;
  readonly site: Site;
  readonly ledger = new Ledger();
  readonly record: Record = { deliveries: [], gaps: [], joined: 0 };
  readonly people: string[] = [];
  readonly slots: Slot[] = [];
  readonly plan: Plan;
  readonly hasLongTexts: boolean;
  /** Something was lost that nobody was told of. */
  hasLost = false;

  constructor(plan: Plan) {
    this.plan = plan;
    this.hasLongTexts = plan.hasLongTexts;
    this.time = new VirtualTime(plan.seed);
    this.site = new Site(this.time, (what) => this.ledger.report(what));
  }

  get conversations(): string[] {
    return [...this.site.rows.conversations.keys()];
  }

  get pages(): Page[] {
    return this.slots.flatMap(({ page }) => page ?? []);
  }

  /** What was found wrong; empty: nothing. */
  async run(): Promise<string[]> {
    using _ = this.time.install();
    try {
      await this.begin();
      this.site.weather = this.plan.weather;
      for (const step of this.plan.steps) await this.#take(step);
      await this.settle();
      await this.check();
    } catch (error) {
      this.ledger.report(`the world broke: ${error instanceof Error ? error.stack : error}`);
    }
    this.end();
    return this.ledger.violations;
  }

  /** Nothing of it goes on. */
  end(): void {
    this.site.server?.crash();
    for (const slot of this.slots) slot.page?.crash();
  }

  /** Everyone is there, and everything current. */
  async begin(): Promise<void> {
    const { site, plan } = this;
    plan.people.forEach((browsers, index) => {
      const id = uuidv7(this.time.now + index);
      site.rows.addUser(id, `Person ${index}`);
      this.people.push(id);
      for (const tabs of browsers) {
        const browser = new Browser(site, id);
        for (let tab = 0; tab < tabs; tab++) this.slots.push({ browser, page: null });
      }
    });
    const [first, second, ...others] = this.people as [string, string, ...string[]];
    const { conversations } = site.store;
    await conversations.openDirect(first, second, null);
    await conversations.createGroup(first, "All", [second, ...others], null);
    await conversations.createGroup(second, "Two", [first], null);
    site.onCrash = () => this.pages.forEach(({ link }) => link?.cut());
    site.start();
    this.slots.forEach((slot) => this.open(slot));
    await this.time.run(BEGIN_MS);
  }

  open(slot: Slot): void {
    slot.page ??= new Page({ browser: slot.browser, ledger: this.ledger, record: this.record });
  }

  close(page: Page): void {
    page.crash();
    for (const slot of this.slots) if (slot.page === page) slot.page = null;
  }

  offline(browser: Browser, ms: number): void {
    if (browser.isCut) return;
    const tell = (isOnline: boolean) => {
      browser.isCut = !isOnline;
      for (const slot of this.slots) if (slot.browser === browser) slot.page?.controller.network(isOnline);
    };
    for (const slot of this.slots) if (slot.browser === browser) slot.page?.link?.cut();
    tell(false);
    this.time.after(ms, () => tell(true));
  }

  signInAll(): void {
    for (const { controller, state, browser } of this.pages) {
      if (state.account.status === "out") void controller.signIn({ username: browser.userId, password: "" });
      if (state.account.status === "failed") void controller.start();
    }
  }

  /** The weather is fair again, everyone is there, and whatever waits by itself has had its time. */
  async settle(): Promise<void> {
    const { site } = this;
    site.calm();
    site.start();
    for (const slot of this.slots) {
      slot.browser.isCut = false;
      this.open(slot);
    }
    for (let round = 0; round < 3; round++) {
      for (const { controller, link } of this.pages) {
        link?.release();
        link?.tell();
        if (link) link.losesNext = false;
        controller.network(true);
      }
      this.signInAll();
      await this.time.run(SETTLE_MS / 3);
    }
    if (this.hasLost) await this.time.run(FIND_LOSSES_MS);
  }

  async check(): Promise<void> {
    // Before anyone asks again: what each was given by itself is already all there is.
    for (const page of this.pages) checkHeld(this, page, { isFresh: false });
    for (const { link } of this.pages) link?.cut();
    for (const { controller } of this.pages) this.time.after(100, () => controller.wake());
    await this.time.run(AGAIN_MS);
    // A socket may have stood on an earlier sign-in than the cookie that it comes back with.
    this.signInAll();
    await this.time.run(AGAIN_MS);
    for (const page of this.pages) {
      checkHeld(this, page, { isFresh: true });
      checkRows(this, page);
    }
    checkLog(this);
  }

  /** What two runs of a plan have in common, if they went the same way. */
  get trace(): string {
    const stored = [...this.site.rows.conversations.values()].map(({ messages, participants }) => ({
      messages,
      participants: [...participants.values()],
    }));
    return JSON.stringify([this.time.events, this.site.calls.length, this.record.deliveries.length, stored]);
  }

  async #take({ name, who, where, pick, pauseMs }: PlannedStep): Promise<void> {
    const slot = this.slots[who % this.slots.length]!;
    const ids = this.conversations;
    // The page goes on with what it shows more often than not.
    const open = slot.page?.state.route.conversationId;
    const conversationId = name !== "visit" && open && where % 3 > 0 && ids.includes(open)
      ? open
      : ids[where % ids.length]!;
    STEPS[name].act({ world: this, slot, conversationId, pick });
    await this.time.run(pauseMs);
  }
}
