// How the page behaves on this device: its theme, what Enter does, whether it makes itself heard.

export interface Settings {
  theme: "system" | "light" | "dark";
  /** What sends: Enter (then Shift+Enter makes a new line), or Ctrl+Enter (then Enter does); auto: by the keyboard. */
  sendKey: "auto" | "enter" | "ctrlEnter";
  sound: boolean;
  /** The person wants the browser's notifications; whether it may show them is the browser's to say. */
  notifications: boolean;
}

/** In localStorage, as JSON; public/theme.js reads the theme from it before the first paint. */
export const SETTINGS_KEY = "chautari.settings";

export const DEFAULT_SETTINGS: Settings = { theme: "system", sendKey: "auto", sound: true, notifications: false };

const ALLOWED: { [Key in keyof Settings]: readonly Settings[Key][] } = {
  theme: ["system", "light", "dark"],
  sendKey: ["auto", "enter", "ctrlEnter"],
  sound: [true, false],
  notifications: [true, false],
};

/** What was kept, as far as it makes sense: an older or a newer page may have written it, or a hand. */
export function parseSettings(text: string | null): Settings {
  const kept = parsedObject(text);
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const [key, allowed] of Object.entries(ALLOWED)) {
    if ((allowed as unknown[]).includes(kept[key])) settings[key] = kept[key];
  }
  return settings as unknown as Settings;
}

function parsedObject(text: string | null): Record<string, unknown> {
  try {
    return Object(JSON.parse(text ?? "{}"));
  } catch {
    return {};
  }
}

/** Reads what this device keeps; the defaults where the browser lets nothing be kept. */
export function loadSettings(): Settings {
  try {
    return parseSettings(localStorage.getItem(SETTINGS_KEY));
  } catch {
    return DEFAULT_SETTINGS;
  }
}

/** Keeps them for this device, if the browser lets us; other tabs hear of it by the `storage` event. */
export function saveSettings(settings: Settings): void {
  try {
    localStorage.setItem(SETTINGS_KEY, JSON.stringify(settings));
  } catch {
    // They hold for this page, then.
  }
}
