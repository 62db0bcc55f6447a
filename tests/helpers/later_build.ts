// The built client once more, as a later version: what a page finds that was opened before an update.

export const BUILD = "dist/client";

/** Under other names, so that nothing of the first is there any more. Returns its directory, inside the one given. */
export async function laterBuild(directory: string): Promise<string> {
  const later = `${directory}/later`;
  await Deno.mkdir(`${later}/assets`, { recursive: true });
  const names = (await Array.fromAsync(Deno.readDir(`${BUILD}/assets`), ({ name }) => name))
    .filter((name) => /\.(js|css)$/.test(name));
  const renamed = (text: string) =>
    names.reduce((text, name) => text.replaceAll(name, `later-${name}`), text)
      .replace(/(version"?:\s*["'`])/, "$1later");
  for (const name of names) {
    const text = await Deno.readTextFile(`${BUILD}/assets/${name}`);
    await Deno.writeTextFile(`${later}/assets/later-${name}`, renamed(text));
  }
  for await (const { name, isFile } of Deno.readDir(BUILD)) {
    if (!isFile || /\.(br|gz)$/.test(name)) continue;
    if (/\.(html|js)$/.test(name)) {
      await Deno.writeTextFile(`${later}/${name}`, renamed(await Deno.readTextFile(`${BUILD}/${name}`)));
    } else await Deno.copyFile(`${BUILD}/${name}`, `${later}/${name}`);
  }
  return later;
}
