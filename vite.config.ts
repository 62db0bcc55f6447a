// Builds the messages page into dist/client: its script and styles, each language apart, and the service worker.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { ICONS } from "./client/views/icons.ts";
import { defineConfig, type Plugin, type Rolldown } from "vite";

const PUBLIC = "client/public";
/** Asked for by the system when the page is installed, and only then. */
const INSTALLER_ONLY = /^icon-(512|maskable)/;

/** Small parts that come right after the first picture or at the first touch, in one file with what only they need. */
const SOON = [
  /\/client\/views\/(Toasts|Notice|Outside|ConnectionBar|PageKeys|Announcement|ArchivedLink|SearchResults|EmptyList)\.tsx?$/,
  /\/client\/views\/(MainMenu|RowMenu|LeaveDialog|MessageMenu|MessageInfo|DeleteMessage)\.tsx$/,
  /\/client\/views\/(EditingBar|CharsLeft|NotifySuggestion|Refused)\.tsx$/,
];

export default defineConfig({
  root: "client",
  base: "/",
  build: {
    outDir: "../dist/client",
    emptyOutDir: true,
    target: ["chrome111", "firefox114", "safari16.4"],
    // The page's security policy takes nothing from data: addresses but pictures; every file stays a file.
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: {
      input: { index: "client/index.html", sw: "client/worker/sw.ts" },
      // A worker looks after what lies below it, so it has its place at the root, and always the same name.
      output: {
        entryFileNames: ({ name }) => name === "sw" ? "sw.js" : "assets/[name]-[hash].js",
        // All that the page begins with in one file, which needs no other: many pack worse, and are asked for one by one.
        codeSplitting: {
          groups: [
            { name: "index", tags: ["$initial"], test: (id) => !id.includes("/client/worker/") },
            { name: "soon", test: (id) => SOON.some((some) => some.test(id)) },
          ],
        },
      },
    },
  },
  // Packs better than what `jsx-runtime` is called with, and the page has `createElement` anyway.
  oxc: { jsx: { runtime: "classic", pragma: "jsxElement", pragmaFrag: "JsxFragment" } },
  plugins: [iconShapes(), jsxNames(), plainImports(), twoParts(), languageHints(), workerFiles(), precompressed()],
});

/** The signs of the first screens, once for all places where they are shown (client/views/Icon.tsx). */
function iconShapes(): Plugin {
  const attributesOf = (of: object) => Object.entries(of).map(([name, value]) => `${name}="${value}"`).join(" ");
  const shapes = Object.entries(ICONS).map(([name, shape]) =>
    `<g id="icon-${name}">${shape.map(([tag, of]) => `<${tag} ${attributesOf(of)}/>`).join("")}</g>`
  );
  return {
    name: "icon-shapes",
    transformIndexHtml: (html) => html.replace("<!-- The signs. -->", `<svg>${shapes.join("")}</svg>`),
  };
}

/** What the elements of each view are made with. (Vite's own `jsxInject` goes into every file, also where there are none.) */
function jsxNames(): Plugin {
  return {
    name: "jsx-names",
    enforce: "pre",
    transform: {
      filter: { id: /\/client\/.*\.tsx$/ },
      handler: (code) => `${code}\nimport { createElement as jsxElement, Fragment as JsxFragment } from "preact";\n`,
    },
  };
}

/** Vite's own helper hints at files that are here anyway: what is left of it is the word that a file did not come. */
function plainImports(): Plugin {
  return {
    name: "plain-imports",
    apply: "build",
    transform: {
      filter: { id: /vite\/preload-helper/ },
      handler: () =>
        `export const __vitePreload = (load) => load().catch((thrown) => {
        dispatchEvent(new Event("vite:preloadError"));
        throw thrown;
      });`,
    },
  };
}

/** The words of these are said by screens that are fetched when they are wanted, but for the keys that follow. */
const REST = [
  /^(account|settings|details|emoji|new|colour|shortcuts|find|leave|mute|menu)\./,
  /^(app\.tagline|archived\.(emptyTitle|empty)|nav\.(settings|shortcuts)|action\.close|connection\.\w+)$/,
  /^composer\.(suggest\w*|editing|stopEditing|left|over)$/,
  /^list\.(archive|unarchive|markUnread|isArchived|isUnarchived|undo|emptyTitle|empty)$/,
  /^message\.(info\w*|sentAt|editedAt|readBy|readByNobody|deliveredTo|retry|discard|copy|copied|edit|delete|delete[A-Z]\w+|keep)$/,
  // These come with a note that fetches its words (views/context.ts); the others must be there without a network.
  /^(list|conversation)\.failed$/,
  /^failure\.(?!offline|recipient_left)/,
];
const FIRST = new Set(["details.open", "emoji.title", "find.clear", "find.label", "find.short"]);

/** Of each language's file two: what the first screens say, and as `?rest` what the others do (i18n/languages.ts). */
function twoParts(): Plugin {
  return {
    name: "two-parts",
    apply: "build",
    enforce: "pre",
    transform: {
      filter: { id: /\/client\/i18n\/\w\w\.ts(\?rest)?$/ },
      handler: (code, id) =>
        code.replace(
          /^ {2}"([\w.]+)":(?:.*\n)+?(?= {2}"| {2}\/\/|\}|\n)/gm,
          (entry, key: string) =>
            (REST.some((some) => some.test(key)) && !FIRST.has(key)) === id.endsWith("?rest") ? entry : "",
        ),
    },
  };
}

/** The language that each chunk of client/i18n is, by the chunk's file name. */
function languages(bundle: Rolldown.OutputBundle): Map<string, { tag: string; isRest: boolean }> {
  const found = new Map<string, { tag: string; isRest: boolean }>();
  for (const output of Object.values(bundle)) {
    const module = output.type === "chunk" && output.isDynamicEntry ? output.facadeModuleId ?? "" : "";
    const [, tag, rest] = /\/client\/i18n\/(\w\w)\.ts(\?rest)?$/.exec(module) ?? [];
    if (tag !== undefined) found.set(output.fileName, { tag, isRest: rest !== undefined });
  }
  return found;
}

/** One hint for each language, so that it comes together with the script; server/http/pages.ts leaves the page's own. */
function languageHints(): Plugin {
  return {
    name: "language-hints",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {} }) =>
        [...languages(bundle)].map(([file, { tag, isRest }]) => ({
          tag: "link",
          injectTo: "head" as const,
          attrs: isRest
            ? { "data-lang": tag, rel: "prefetch", crossorigin: true, href: `/${file}` }
            : { rel: "modulepreload", crossorigin: true, href: `/${file}`, "data-lang": tag },
        })),
    },
  };
}

/** Tells the service worker (client/worker/sw.ts) which files belong to this build. */
function workerFiles(): Plugin {
  return {
    name: "worker-files",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const version = createHash("sha256");
        for (const output of Object.values(bundle)) {
          version.update(output.type === "chunk" ? output.code : output.source);
        }
        const kept = readdirSync(PUBLIC).filter((name) => !INSTALLER_ONLY.test(name));
        for (const name of kept) version.update(readFileSync(`${PUBLIC}/${name}`));
        const spoken = languages(bundle);
        const built = Object.keys(bundle).filter((name) => /^assets\/.*\.(js|css)$/.test(name) && !spoken.has(name));
        const entry = Object.values(bundle).find((output) => output.type === "chunk" && output.name === "index")!;
        const build = {
          version: version.digest("hex").slice(0, 12),
          entry: `/${entry.fileName}`,
          files: [...built, ...kept].map((name) => `/${name}`),
        };
        const worker = bundle["sw.js"] as Rolldown.OutputChunk;
        worker.code = worker.code.replaceAll("__BUILD__", JSON.stringify(build));
      },
    },
  };
}

/** Packed once and as well as it goes: the server only picks the one that the browser takes. */
function precompressed(): Plugin {
  return {
    name: "precompressed",
    apply: "build",
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name))) {
        const bytes = readFileSync(`${dir}/${name}`);
        writeFileSync(`${dir}/${name}.br`, brotliCompressSync(bytes));
        writeFileSync(`${dir}/${name}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}
