// Builds the messages page into dist/client: one script, one style sheet, each language fetched when it is used.
import { defineConfig } from "vite";

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
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
