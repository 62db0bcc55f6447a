// The mutants of SQL: conditions left out one by one, assignments left out, comparisons moved by one, locks not taken.
import type { Mutant } from "./mutate.ts";

interface Range {
  start: number;
  end: number;
}

interface Token extends Range {
  word: string;
  /** How many parentheses it stands in. */
  depth: number;
}

const AFTER_A_CONDITION = new Set(
  "and or order limit returning group for from where then else end union join left on set select when do".split(" "),
);
const OTHER_WORDS = new Map(Object.entries({
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "<>": "=",
  "+": "-",
  "-": "+",
  greatest: "least",
  least: "greatest",
  min: "max",
  max: "min",
  desc: "",
}));

/** Mutants of the SQL in this range of a text. `holes`: what is filled in there and is no SQL itself. */
export function sqlMutants(text: string, { start, end, holes }: Range & { holes: Range[] }): Mutant[] {
  const tokens = tokensOf(masked(text, { start, end, holes }), start);
  const mutants: Mutant[] = [];
  tokens.forEach((token, index) => {
    const { word } = token;
    const next = tokens[index + 1];
    if (["where", "on", "and", "or", "when"].includes(word)) {
      const condition = conditionAfter(tokens, index);
      const replacements = word === "when" ? ["true", "false"] : [word === "or" ? "false" : "true"];
      if (condition && next!.word !== "conflict" && text.slice(condition.start, condition.end) !== "true") {
        mutants.push(...replacements.map((replacement) => ({ ...condition, replacement })));
      }
    }
    const other = OTHER_WORDS.get(word);
    if (other !== undefined) mutants.push({ start: token.start, end: token.end, replacement: other });
    if (word === "for" && next?.word === "update") mutants.push({ start: token.start, end: next.end, replacement: "" });
    if (word === "set") mutants.push(...withoutAssignments(tokens, index));
  });
  return mutants;
}

/** From its first token to the last before what ends it. */
function conditionAfter(tokens: Token[], keyword: number): Range | null {
  const { depth } = tokens[keyword]!;
  let last = keyword;
  for (let at = keyword + 1; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.depth < depth) break;
    const isOver = AFTER_A_CONDITION.has(token.word) && tokens[at - 1]!.word !== "distinct" ||
      /^[,;]$/.test(token.word);
    if (token.depth === depth && isOver) break;
    last = at;
  }
  return last === keyword ? null : { start: tokens[keyword + 1]!.start, end: tokens[last]!.end };
}

/** `set a = 1, b = 2`: without the first, without the second. */
function withoutAssignments(tokens: Token[], set: number): Mutant[] {
  const { depth } = tokens[set]!;
  const commas: Token[] = [];
  let last = set;
  for (let at = set + 1; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.depth < depth) break;
    if (token.depth === depth && ["from", "where", "returning", ";"].includes(token.word)) break;
    if (token.depth === depth && token.word === ",") commas.push(token);
    last = at;
  }
  if (commas.length === 0) return [];
  const items = [...commas, null].map((comma, index) => ({
    start: index === 0 ? tokens[set + 1]!.start : commas[index - 1]!.start,
    end: comma === null ? tokens[last]!.end : index === 0 ? comma.end : comma.start,
  }));
  return items.map((item) => ({ ...item, replacement: "" }));
}

/** The text of the range, with everything that is no SQL word made one: places stay. */
function masked(text: string, { start, end, holes }: Range & { holes: Range[] }): string {
  let sql = text.slice(start, end);
  for (const hole of holes) {
    const [from, to] = [hole.start - start, hole.end - start];
    const opens = sql.lastIndexOf("${", from);
    const closes = sql.indexOf("}", to);
    sql = sql.slice(0, opens) + "_".repeat(closes + 1 - opens) + sql.slice(closes + 1);
  }
  // In one go: a comment may hold an apostrophe, and a text two dashes.
  return sql.replace(/'[^']*'|--.*/g, (one) => (one.startsWith("'") ? "_" : " ").repeat(one.length));
}

function tokensOf(sql: string, offset: number): Token[] {
  let depth = 0;
  return [...sql.matchAll(/[\w.]+|<=|>=|<>|::|:=|\S/g)].map(({ 0: word, index }) => {
    if (word === ")") depth--;
    const token = { word, depth, start: offset + index, end: offset + index + word.length };
    if (word === "(") depth++;
    return token;
  });
}
