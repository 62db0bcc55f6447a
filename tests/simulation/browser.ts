// A browser of one person: what its tabs share, which is a cookie, what is kept on the device, and who of them sends.
import type { Storage } from "../../client/net/storage.ts";
import type { News, Tabs, TabsOptions } from "../../client/net/tabs.ts";
import { MemoryDevice } from "../client/memory_storage.ts";
import type { Host } from "./link.ts";
import type { Site } from "./site.ts";

interface Tab {
  options: TabsOptions;
  isSender: boolean;
}

/** Between tabs something takes about this long, in milliseconds. */
const TAB_MS = 2;

export class Browser implements Host {
  readonly site: Site;
  readonly userId: string;
  readonly device = new SharedDevice();
  isCut = false;
  cookie: string | null;
  #tabs: Tab[] = [];

  constructor(site: Site, userId: string) {
    this.site = site;
    this.userId = userId;
    this.cookie = site.sessions.begin(userId);
  }

  openTab(options: TabsOptions): Tabs {
    const tab: Tab = { options, isSender: false };
    this.#tabs.push(tab);
    this.#choose();
    const { time } = this.site;
    return {
      get isSender() {
        return tab.isSender;
      },
      tell: (news: News) => {
        for (const other of this.#tabs) {
          if (other !== tab) time.after(TAB_MS, () => this.#tabs.includes(other) && other.options.onNews(news));
        }
      },
      close: () => {
        tab.isSender = false;
        this.#tabs = this.#tabs.filter((other) => other !== tab);
        this.#choose();
      },
    };
  }

  /** The person looks at another tab: that one sends from now on. */
  turn(): void {
    const [first] = this.#tabs;
    if (!first || this.#tabs.length === 1) return;
    first.isSender = false;
    this.#tabs = [...this.#tabs.slice(1), first];
    this.#choose();
  }

  #choose(): void {
    const { time } = this.site;
    time.after(TAB_MS, () => {
      const [first] = this.#tabs;
      if (!first || first.isSender || this.#tabs.some(({ isSender }) => isSender)) return;
      first.isSender = true;
      first.options.onSender();
    });
  }
}

/** A device whose rows need no copies: the state that they come from is never changed in place. */
class SharedDevice extends MemoryDevice {
  override open(): Storage {
    const storage = super.open();
    return {
      ...storage,
      saveConversation: (held) => {
        if (held.cursor === null || held.needsPage) return;
        this.threads.set(held.conversationId, { ...held, aside: [], checked: false });
      },
      saveList: (conversations, people) => void (this.list = { conversations, people }),
    };
  }
}
