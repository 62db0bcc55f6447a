// The authorization matrix: every route, command and event for everyone who may ask; bytes out of place are violations.
import { type CommandName, COMMANDS } from "../../protocol/commands.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { type TestReply, UpgradeRefused } from "../helpers/socket.ts";
import { COMMAND_ROWS, type CommandRow, expectedCode } from "./authorization_commands.ts";
import { tryEvents } from "./authorization_events.ts";
import { isDead, isOutside, knows, outOfPlace, type Role, ROLES } from "./authorization_roles.ts";
import { expectedStatus, MIDDLEWARE, type RouteRow, ROUTES } from "./authorization_routes.ts";
import { createScene, type Scene } from "./authorization_scene.ts";
import { trySilence } from "./authorization_silence.ts";
import { createWorld, type Way, WAYS, type World } from "./authorization_world.ts";
import type { GroundedOptions } from "./ground.ts";
import type { Verdict } from "./suite.ts";

/** What is tried so far, and what was wrong. */
export interface Tally {
  tried: number;
  violations: string[];
  scenes: Scene[];
}

export async function run(options: GroundedOptions): Promise<Verdict> {
  const tally: Tally = { tried: 0, violations: [], scenes: [] };
  const world = await createWorld(options);
  try {
    for (const way of WAYS) {
      // The gate tries one way whole, and of the host site what there is only there.
      const isPart = options.quick && way !== "cookie";
      if (isPart && way !== "site") continue;
      const tell = (what: string) => options.report(`authorization by ${way}: ${what}, ${tally.tried} cells so far`);
      for (const [route, row] of routesOf(world, way, tally)) {
        options.signal?.throwIfAborted();
        if (isPart && isRoute(world, "cookie", route) || options.quick && row.slow) continue;
        await tryRoute(world, way, route, row, tally);
      }
      tell("routes");
      if (isPart) continue;
      for (const name of Object.keys(COMMANDS) as CommandName[]) {
        options.signal?.throwIfAborted();
        for (const row of COMMAND_ROWS[name]) await tryCommand(world, way, name, row as CommandRow, tally);
      }
      tell("commands");
      await tryEvents(world, way, tally);
      await trySilence(world, way, tally);
      tell("events");
    }
    searchLog(world, tally);
  } finally {
    await world.close();
  }
  return { name: "authorization", tried: tally.tried, violations: tally.violations };
}

/** The rows of what this server's router has; what the table and the router do not share is a violation. */
function routesOf(world: World, way: Way, tally: Tally): [string, RouteRow][] {
  const { app } = world.servers[way];
  const routes = new Set<string>();
  for (const { method, path } of app.routes) {
    if (method !== "ALL") routes.add(`${method} ${path}`);
    else if (!MIDDLEWARE.has(path)) tally.violations.push(`${path} takes every method and has no row in the matrix`);
  }
  for (const route of routes) {
    if (!Object.hasOwn(ROUTES, route)) tally.violations.push(`${route} has no row in the matrix`);
  }
  const everywhere = new Set(
    Object.values(world.servers).flatMap((server) => server.app.routes.map(({ method, path }) => `${method} ${path}`)),
  );
  for (const route of Object.keys(ROUTES)) {
    if (!everywhere.has(route)) tally.violations.push(`${route} has a row in the matrix and is no route`);
  }
  return [...routes].filter((route) => Object.hasOwn(ROUTES, route))
    .flatMap((route) => [ROUTES[route]!].flat().map((row): [string, RouteRow] => [route, row]));
}

function isRoute(world: World, way: Way, route: string): boolean {
  return world.servers[way].app.routes.some(({ method, path }) => `${method} ${path}` === route);
}

async function endedScene(world: World, way: Way, tally: Tally): Promise<Scene> {
  const scene = await createScene(world, way);
  await scene.endAuthority();
  tally.scenes.push(scene);
  return scene;
}

async function tryRoute(world: World, way: Way, route: string, row: RouteRow, tally: Tally): Promise<void> {
  const scene = await endedScene(world, way, tally);
  const [method] = route.split(" ") as [string];
  const ask = async (role: Role, id: string) => {
    const { path, body } = await row.request(scene, role, id, world);
    return await world.counted(() => scene.ask(role, method, path, body));
  };
  for (const role of ROLES) {
    const cell = `${route} as ${role} by ${way}`;
    const { result, queries } = await ask(role, scene.groupId);
    const expected = expectedStatus(row, role, way, isDead(role), isOutside(role));
    if (result.status !== expected) {
      tally.violations.push(`${cell}: ${expected} is expected, ${result.bytes.replace(/\s+/g, " ").slice(0, 400)}`);
    }
    searchCell(cell, result.bytes, scene, role, row.shows ?? [], result.status < 300, tally);
    if (row.namesConversation && (isDead(role) || isOutside(role))) {
      const nowhere = await ask(role, uuidv7());
      const mayBeLive = !isDead(role) && row.throughRoom === true;
      compare(
        cell,
        { bytes: result.bytes, queries },
        { bytes: nowhere.result.bytes, queries: nowhere.queries },
        mayBeLive,
        tally,
      );
    }
  }
}

async function tryCommand(world: World, way: Way, name: CommandName, row: CommandRow, tally: Tally): Promise<void> {
  const scene = await endedScene(world, way, tally);
  for (const role of ROLES) {
    const cell = `${name} as ${role} by ${way}`;
    const socket = await scene.connect(role).catch((error) => {
      if (error instanceof UpgradeRefused) return error;
      throw error;
    });
    if (socket instanceof UpgradeRefused) {
      const isExpected = isDead(role) && socket.status === 401;
      if (!isExpected) tally.violations.push(`${cell}: the socket is refused: ${socket.message}`);
      searchCell(cell, socket.message, scene, role, [], false, tally);
      continue;
    }
    const cut = socket.closed.then(({ reason }): TestReply => ({ ok: `cut: ${reason}` }));
    await Promise.race([socket.event("welcome"), cut]);
    const ask = async (id: string) => {
      const { result, queries } = await world.counted(() =>
        Promise.race([socket.ask({ command: name, ...row.command(scene, role, id) }), cut])
      );
      const bytes = JSON.stringify({ ...result, ref: "" }).replaceAll(id, "the conversation");
      return { result, queries, bytes };
    };
    const { result, queries, bytes } = await ask(scene.groupId);
    const got = result.error?.code ?? "ok";
    const expected = isDead(role) ? "no socket" : expectedCode(row, role, isOutside(role));
    if (got !== expected) tally.violations.push(`${cell}: ${expected} is expected, ${bytes.slice(0, 300)}`);
    searchCell(cell, socket.frames.join("\n"), scene, role, row.shows ?? [], got === "ok", tally);
    if (row.namesConversation && isOutside(role)) {
      compare(cell, { bytes, queries }, await ask(uuidv7()), row.throughRoom, tally);
    }
    socket.close();
    await socket.closed;
  }
}

/** Counts a cell, and searches what came: for what may not be in it, and for what must, so that the search is no empty one. */
function searchCell(
  cell: string,
  received: string,
  { canaries }: Scene,
  role: Role,
  shows: (keyof Scene["canaries"])[],
  isGranted: boolean,
  tally: Tally,
): void {
  tally.tried++;
  const misplaced = outOfPlace(received, canaries, role);
  if (misplaced.length > 0) tally.violations.push(`${cell}: learns ${misplaced.join(", ")}`);
  const missing = shows.filter((canary) => isGranted && knows(role, canary) && !received.includes(canaries[canary]));
  if (missing.length > 0) tally.violations.push(`${cell}: is not shown ${missing.join(", ")}`);
}

/** Somebody else's conversation and one that does not exist: nothing may tell them apart, nor the work they make. */
function compare(
  cell: string,
  there: { bytes: string; queries: number },
  nowhere: { bytes: string; queries: number },
  mayBeLive: boolean,
  tally: Tally,
): void {
  if (there.bytes !== nowhere.bytes) {
    tally.violations.push(`${cell}: is not told the same as where there is no such conversation`);
  }
  // A room that is live need not look for itself, and refuses strangers without asking.
  const spared = nowhere.queries - there.queries;
  if (spared !== 0 && !(mayBeLive && spared === 1)) {
    tally.violations.push(
      `${cell}: takes ${there.queries} statements, and ${nowhere.queries} where there is no such conversation`,
    );
  }
}

function searchLog(world: World, tally: Tally): void {
  const log = world.logged.join("\n");
  for (const { canaries } of tally.scenes) {
    for (const [canary, text] of Object.entries(canaries)) {
      if (log.includes(text)) tally.violations.push(`the log holds ${canary}`);
    }
  }
}
