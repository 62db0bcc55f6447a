// Which browser on which system a session belongs to, as far as its User-Agent tells a person anything.

/** The first that matches: browsers name each other, so the more particular come before the more general. */
const BROWSERS = {
  "Edge": /\bEdg(e|A|iOS)?\//,
  "Opera": /\bOPR\//,
  "Samsung Internet": /\bSamsungBrowser\//,
  "Firefox": /\b(Firefox|FxiOS)\//,
  "Chrome": /\b(Chrome|CriOS|Chromium)\//,
  "Safari": /\bVersion\/.*Safari\//,
};

const SYSTEMS = {
  "iPhone": /\biPhone\b/,
  "iPad": /\biPad\b/,
  "Android": /\bAndroid\b/,
  "Windows": /\bWindows\b/,
  "ChromeOS": /\bCrOS\b/,
  "macOS": /\bMac OS X\b/,
  "Linux": /\bLinux\b/,
};

/** Empty where it is not known. */
export function deviceOf(userAgent: string): { browser: string; system: string } {
  const first = (names: Record<string, RegExp>) =>
    Object.entries(names).find(([, sign]) => sign.test(userAgent))?.[0] ?? "";
  return { browser: first(BROWSERS), system: first(SYSTEMS) };
}
