// What this device keeps of its settings: read as far as it makes sense, and the theme set before anything is painted.
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, parseSettings, SETTINGS_KEY } from "../../client/state/settings.ts";

describe("parseSettings", () => {
  it("gives back what was kept", () => {
    const settings = { theme: "dark", sendKey: "ctrlEnter", sound: false, notifications: true } as const;
    expect(parseSettings(JSON.stringify(settings))).toEqual(settings);
  });

  it("takes what makes sense, and the default for the rest", () => {
    expect(parseSettings('{"theme":"light","sendKey":"space","sound":"yes","other":1}'))
      .toEqual({ ...DEFAULT_SETTINGS, theme: "light" });
  });

  it.each([null, "", "{", "null", "7", '"dark"', "[]", '{"__proto__":{"theme":"dark"}}'])(
    "makes nothing of %j",
    (text) => {
      expect(parseSettings(text)).toEqual(DEFAULT_SETTINGS);
    },
  );
});

describe("theme.js", () => {
  const script = Deno.readTextFileSync("client/public/theme.js");
  const themeFor = (kept: string | null): string | undefined => {
    const dataset: { theme?: string } = {};
    runInNewContext(script, {
      localStorage: { getItem: (key: string) => key === SETTINGS_KEY ? kept : null },
      document: { documentElement: { dataset } },
    });
    return dataset.theme;
  };

  it.each([
    [JSON.stringify({ ...DEFAULT_SETTINGS, theme: "dark" }), "dark"],
    [JSON.stringify({ ...DEFAULT_SETTINGS, theme: "light" }), "light"],
    [JSON.stringify(DEFAULT_SETTINGS), undefined],
    ['{"theme":"<script>"}', undefined],
    ["{", undefined],
    [null, undefined],
  ])("makes of %s the theme %s", (kept, theme) => {
    expect(themeFor(kept)).toBe(theme);
  });

  it("leaves the system's theme where the browser refuses to say what was kept", () => {
    const dataset = {};
    const localStorage = {
      getItem() {
        throw new Error("refused");
      },
    };
    runInNewContext(script, { localStorage, document: { documentElement: { dataset } } });
    expect(dataset).toEqual({});
  });
});
