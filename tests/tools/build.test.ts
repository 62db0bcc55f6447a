// A build takes the place of the last one whole, however many end at once.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { putInPlace } from "../../tools/build.ts";

let directory: string;
beforeEach(async () => {
  directory = await Deno.makeTempDir({ prefix: "chautari-build-" });
});
afterEach(() => Deno.remove(directory, { recursive: true }));

async function built(name: string): Promise<string> {
  const folder = `${directory}/${name}`;
  await Deno.mkdir(`${folder}/assets`, { recursive: true });
  await Deno.writeTextFile(`${folder}/index.html`, name);
  await Deno.writeTextFile(`${folder}/assets/${name}.js`, name);
  return folder;
}

const names = (folder: string) => Array.fromAsync(Deno.readDir(folder), ({ name }) => name);

describe("putting a build in its place", () => {
  it("leaves nothing of the one before", async () => {
    const place = `${directory}/client`;
    for (const name of ["first", "second"]) {
      await putInPlace(await built(name), place);
      expect(await Deno.readTextFile(`${place}/index.html`)).toBe(name);
      expect(await names(`${place}/assets`)).toEqual([`${name}.js`]);
    }
    expect(await names(directory)).toEqual(["client"]);
  });

  it("ends well for all that end at once: one of them stands there, whole", async () => {
    const place = await built("client");
    const others = await Promise.all(["one", "two", "three", "four"].map(built));
    await Promise.all(others.map((folder) => putInPlace(folder, place)));
    const name = await Deno.readTextFile(`${place}/index.html`);
    expect(await names(`${place}/assets`)).toEqual([`${name}.js`]);
    expect(await names(directory)).toEqual(["client"]);
  });

  it("fails when there is nothing to put", async () => {
    await expect(putInPlace(`${directory}/missing`, `${directory}/client`)).rejects.toThrow(Deno.errors.NotFound);
  });
});
