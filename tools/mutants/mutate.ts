// The mutants of a source file: small changes of what it says, each of which some test should notice.
import { parseSync } from "vite";
import { sqlMutants } from "./sql.ts";

export interface Mutant {
  /** Where it stands in the source, in characters. */
  start: number;
  end: number;
  replacement: string;
}

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** Nothing of these is there when the program runs. */
const TYPES_ONLY = /^(TS(?!As|NonNull|Satisfies)|ImportDeclaration)/;
const OTHER_OPERATORS = new Map(Object.entries({
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "+": "-",
  "-": "+",
}));
const OTHER_METHODS = new Map(Object.entries({ min: "max", max: "min", some: "every", every: "some" }));
const PREDICATES = ["filter", "some", "every", "find", "findIndex"];

/**
 * All mutants of a TypeScript file, in the order of their places: each condition always true and always false, each part
 * of an `and`, `or` or `??` left out, each comparison moved by one, `+` for `-`, booleans turned, statements left out,
 * predicates that take all or nothing, other error codes; and those of the SQL in it.
 */
export function mutantsOf(path: string, text: string): Mutant[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`Cannot read ${path}: ${errors[0]!.message}`);
  const mutants = new Map<string, Mutant>();
  const source = ({ start, end }: Node) => text.slice(start, end);
  const replace = ({ start, end }: { start: number; end: number }, replacement: string) => {
    if (text.slice(start, end) !== replacement) {
      mutants.set(`${start},${end},${replacement}`, { start, end, replacement });
    }
  };

  const visit = (node: Node, parents: Node[]): void => {
    if (TYPES_ONLY.test(node.type)) return;
    const parent = parents.at(-1);
    switch (node.type) {
      case "IfStatement":
        replace(node.test as Node, "true");
        replace(node.test as Node, "false");
        break;
      case "WhileStatement":
        replace(node.test as Node, "false");
        break;
      case "ConditionalExpression":
        replace(node, source(node.consequent as Node));
        replace(node, source(node.alternate as Node));
        break;
      case "LogicalExpression":
        replace(node, source(node.left as Node));
        if (node.operator !== "??") replace(node, source(node.right as Node));
        break;
      case "BinaryExpression": {
        const [left, right] = [node.left as Node, node.right as Node];
        const other = OTHER_OPERATORS.get(node.operator as string);
        if (other === undefined || isTest(node, parent) && other.length === 3) break;
        const between = text.slice(left.end, right.start);
        replace({ start: left.end, end: right.start }, between.replace(node.operator as string, other));
        break;
      }
      case "UnaryExpression":
        if (node.operator === "!" && !isTest(node, parent)) replace(node, source(node.argument as Node));
        break;
      case "Literal":
        if (typeof node.value === "boolean" && !isTest(node, parent)) replace(node, String(!node.value));
        break;
      case "ExpressionStatement":
        if (!("directive" in node && node.directive)) replace(node, ";");
        break;
      case "ThrowStatement":
        if (!isOnlyOneOfAnIf(node, parents)) replace(node, ";");
        break;
      case "ReturnStatement":
        if (parent?.type === "SwitchCase" || parents.at(-2)?.type === "SwitchCase") replace(node, ";");
        break;
      case "NewExpression": {
        const [code] = node.arguments as Node[];
        if (source(node.callee as Node) === "CommandError" && code?.type === "Literal") {
          replace(code, code.value === "internal" ? `"invalid"` : `"internal"`);
        }
        break;
      }
      case "CallExpression": {
        const { property } = node.callee as { property?: Node & { name?: string } };
        const [first] = node.arguments as Node[];
        if (property?.name === undefined) break;
        const other = OTHER_METHODS.get(property.name);
        if (other !== undefined) replace(property, other);
        if (PREDICATES.includes(property.name) && first && isFunction(first)) {
          replace(first, "() => true");
          replace(first, "() => false");
        }
        break;
      }
      case "TaggedTemplateExpression":
        if (/^(sql|tx)\b/.test(source(node))) {
          for (const mutant of sqlMutants(text, quasisOf(node))) replace(mutant, mutant.replacement);
        }
        break;
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) visit(child, [...parents, node]);
      }
    }
  };
  visit(program as unknown as Node, []);
  return [...mutants.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

export function withMutant(text: string, { start, end, replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** What it changes, in one line: `before → after`, with as much of the line as tells it from others. */
export function describeMutant(text: string, { start, end, replacement }: Mutant): string {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", end);
  const lineEnd = newline === -1 ? text.length : newline;
  const before = text.slice(lineStart, lineEnd);
  const after = text.slice(lineStart, start) + replacement + text.slice(end, lineEnd);
  return [before, after].map((part) => part.replace(/\s+/g, " ").trim()).join(" → ");
}

export function lineOf(text: string, { start }: Mutant): number {
  return text.slice(0, start).split("\n").length;
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === "object" && typeof (value as Node).type === "string";
}

/** Written in place or named: `users.find(id)` is another `find`. */
function isFunction({ type }: Node): boolean {
  return type === "ArrowFunctionExpression" || type === "Identifier";
}

/** The whole test of an `if` or of `? :`, which becomes true and false anyway. */
function isTest(node: Node, parent: Node | undefined): boolean {
  return parent?.test === node && (parent.type === "IfStatement" || parent.type === "ConditionalExpression");
}

/** Leaving it out is then the same as the test always false. */
function isOnlyOneOfAnIf(node: Node, parents: Node[]): boolean {
  const [above, parent] = parents.slice(-2);
  if (parent?.type === "IfStatement") return parent.consequent === node;
  return parent?.type === "BlockStatement" && above?.type === "IfStatement" && (parent.body as Node[]).length === 1;
}

/** The text between the backticks and what is filled in there, as places in the source. */
function quasisOf(node: Node): { start: number; end: number; holes: { start: number; end: number }[] } {
  const quasi = node.quasi as Node;
  const holes = (quasi.expressions as Node[]).map(({ start, end }) => ({ start, end }));
  return { start: quasi.start + 1, end: quasi.end - 1, holes };
}
