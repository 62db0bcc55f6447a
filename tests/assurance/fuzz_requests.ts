// Requests made from the OpenAPI document, right ones and spoiled ones, to every route of a real server in both modes.
import fc from "fast-check";
import { Agent, request } from "node:http";
import { fromSchema, type Schema } from "./fuzz/from_schema.ts";
import { createRandom, garbled, spoiled, worded } from "./fuzz/mutate.ts";
import { HOST_SETTINGS, meet } from "./fuzz/people.ts";
import { startVictim, type Victim } from "./fuzz/victim.ts";
import { watch } from "./fuzz_frames.ts";
import type { Suite } from "./suite.ts";

const PEOPLE = 6;
const AT_ONCE = 16;
const DRAWN = 64;
/** A password is hashed at a cost that nobody can fuzz a hundred thousand times. */
const COSTLY = /sign-up|sign-in|password/;

export const fuzzRequests: Suite = {
  name: "fuzzed requests",
  async run({ quick, count = quick ? 4_000 : 100_000, seed = 1, report }) {
    const violations: string[] = [];
    let tried = 0;
    for (const settings of [HOST_SETTINGS, { SIGNUP: "open" }]) {
      await using victim = await startVictim(settings as Record<string, string>);
      const { people, ids } = settings === HOST_SETTINGS
        ? await meet(victim.url, PEOPLE)
        : { people: [], ids: ["018d0000-0001-7000-8000-000000000000"] };
      const operations = await readOperations(victim, ids);
      const tokens = people.map(({ token }) => token);
      const random = createRandom(seed);
      const until = tried + count / 2;
      const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
      const watching = watch(async () => {
        report(`${tried} requests`);
        violations.push(...await victim.wrongs());
      });
      const work = Array.from({ length: AT_ONCE }, async () => {
        while (tried < until && violations.length < 20) {
          tried++;
          const operation = operations[Math.floor(random() * operations.length)]!;
          if (COSTLY.test(operation.path) && random() < 0.95) continue;
          const token = tokens[Math.floor(random() * tokens.length * 1.1)];
          violations.push(...await fire(agent, victim.port, operation.draw(random), token));
        }
      });
      await Promise.all(work);
      agent.destroy();
      await watching.stop();
      violations.push(...await victim.wrongs());
    }
    return { name: "fuzzed requests", tried, violations };
  },
};

interface Shot {
  method: string;
  path: string;
  body: string | null;
  type: string;
}

interface Operation {
  path: string;
  draw(random: () => number): Shot;
}

async function readOperations({ url }: Victim, ids: string[]): Promise<Operation[]> {
  const document: Schema = await (await fetch(`${url}/api/openapi.json`)).json();
  return Object.entries<Schema>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Schema>(methods).map(([method, { parameters = [], requestBody }]) => {
      const schema = requestBody?.content?.["application/json"]?.schema;
      const pool = <Value>(arbitrary: fc.Arbitrary<Value>, n: number) =>
        fc.sample(arbitrary, { numRuns: DRAWN, seed: n });
      const bodies = schema && pool(fromSchema(schema, ids, document), 1);
      const values = parameters.map((parameter: Schema, n: number) => ({
        name: parameter.name as string,
        isQuery: parameter.in === "query",
        isRequired: parameter.required === true,
        drawn: pool(fromSchema(parameter.schema, ids, document), n + 2),
      }));
      return {
        path,
        draw(random: () => number): Shot {
          const one = <Item>(items: Item[]) => items[Math.floor(random() * items.length)]!;
          const isRight = random() < 0.4;
          const written = (value: unknown) => {
            const text = worded(isRight || random() < 0.5 ? value : spoiled(value, random));
            return encodeURIComponent((random() < 0.05 ? garbled(text, random) : text).toWellFormed()).slice(0, 4000);
          };
          let address = path;
          const query: string[] = [];
          for (const { name, isQuery, isRequired, drawn } of values) {
            if (!isQuery) address = address.replace(`{${name}}`, written(one(drawn)));
            else if (isRequired || random() < 0.5) query.push(`${name}=${written(one(drawn))}`);
          }
          const value = bodies && one(bodies);
          const body = bodies && JSON.stringify(isRight ? value : spoiled(value, random));
          return {
            method: method.toUpperCase(),
            path: address + (query.length > 0 ? `?${query.join("&")}` : ""),
            body: body === undefined ? null : random() < 0.1 ? garbled(body, random) : body,
            type: random() < 0.95
              ? "application/json"
              : one(["text/plain", "application/json; charset=utf-16", "", "multipart/form-data"]),
          };
        },
      };
    })
  );
}

/** What is wrong with the answer. */
function fire(agent: Agent, port: number, shot: Shot, token: string | undefined): Promise<string[]> {
  const { method, path, body, type } = shot;
  const what = () => `${method} ${path.slice(0, 200)} ${body?.slice(0, 300) ?? ""}`;
  return new Promise((resolve) => {
    const headers = { ...token && { authorization: `Bearer ${token}` }, ...body !== null && { "content-type": type } };
    const asked = request({ agent, host: "127.0.0.1", port, method, path, headers }, (response) => {
      let length = 0;
      response.on("data", (chunk: Uint8Array) => length += chunk.length);
      response.on("error", (error) => resolve([`${what()}: ${error.message}`]));
      response.on("end", () => {
        const status = response.statusCode!;
        const isProblem = String(response.headers["content-type"]).startsWith("application/problem+json");
        if (status >= 500) resolve([`${what()}: ${status}`]);
        else if (status >= 400 && !isProblem) resolve([`${what()}: ${status} without problem details`]);
        else resolve([]);
      });
    });
    // The server may answer, and cut off, before a body that is too large has gone.
    asked.on(
      "error",
      (error: Error & { code?: string }) =>
        resolve(error.code === "ECONNRESET" || error.code === "EPIPE" ? [] : [`${what()}: ${error.message}`]),
    );
    if (body !== null) asked.write(body);
    asked.end();
  });
}
