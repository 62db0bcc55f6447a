// Builds the messages page into dist/client: its script and styles, each language apart, and the service worker.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin, type Rolldown } from "vite";

const PUBLIC = "client/public";
/** Asked for by the system when the page is installed, and only then. */
const INSTALLER_ONLY = /^icon-(512|maskable)/;

export default defineConfig({
  root: "client",
  base: "/",
  build: {
    outDir: "../dist/client",
    emptyOutDir: true,
    target: ["chrome111", "firefox114", "safari16.4"],
    // The page's security policy takes nothing from data: addresses but pictures; every file stays a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: "client/index.html", sw: "client/worker/sw.ts" },
      // A worker looks after what lies below it, so it has its place at the root, and always the same name.
      output: {
        entryFileNames: ({ name }) => name === "sw" ? "sw.js" : "assets/[name]-[hash].js",
        // What every part of the page stands on, in one file: many small ones pack worse, and are asked for one by one.
        codeSplitting: {
          groups: [{
            name: "base",
            test:
              /\/preact\/|\/@preact|preload-helper|rolldown|client\/(views\/(Icon|Avatar|FailureNote|context|words|lazy)|state\/(names|failure))/,
          }],
        },
      },
    },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [languageHints(), workerFiles(), precompressed()],
});

/** The language that each chunk of client/i18n is, by the chunk's file name. */
function languages(bundle: Rolldown.OutputBundle): Map<string, string> {
  const found = new Map<string, string>();
  for (const output of Object.values(bundle)) {
    const module = output.type === "chunk" && output.isDynamicEntry ? output.facadeModuleId ?? "" : "";
    const [, tag] = /\/client\/i18n\/([\w-]+)\.ts$/.exec(module) ?? [];
    if (tag !== undefined) found.set(output.fileName, tag);
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
        [...languages(bundle)].map(([file, tag]) => ({
          tag: "link",
          injectTo: "head" as const,
          attrs: { rel: "modulepreload", crossorigin: true, href: `/${file}`, "data-lang": tag },
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
