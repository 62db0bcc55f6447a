// Every setting: its name, what it takes, its default, and how it is shown to a person.
import { z } from "zod";

const JWT_SECRET_MIN_BYTES = 32;

function parsedUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function isWebUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && parsedUrl(text) !== null;
}

function isOrigin(text: string): boolean {
  return isWebUrl(text) && parsedUrl(text)?.origin === text;
}

/** Keys may travel unencrypted on this machine only: whoever can change them on the way can sign in as anyone. */
function isKeyUrl(text: string): boolean {
  const url = parsedUrl(text);
  const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(url?.hostname ?? "");
  return url?.protocol === "https:" || (url?.protocol === "http:" && loopback);
}

const whole = (min: number, max: number) =>
  z.string().regex(/^\d{1,6}$/).transform(Number).pipe(z.number().min(min).max(max));
const origins = z.string()
  .transform((text) => text.split(",").map((origin) => origin.trim()).filter((origin) => origin !== ""))
  .pipe(z.array(z.string().refine(isOrigin)));

interface Setting<T> {
  schema: z.ZodType<T, string>;
  expected: string;
  help: string;
  /** As the help shows it. */
  otherwise?: string;
  secret?: true;
}

const setting = <T>(definition: Setting<T>): Setting<T> => definition;

export const SETTINGS = {
  PORT: setting({
    schema: whole(0, 65535),
    expected: "a whole number from 0 to 65535",
    help: "Port to listen on; 0 takes any free one",
    otherwise: "8080, or the next free one",
  }),
  HOST: setting({
    schema: z.string().regex(/^[\w.:-]+$/),
    expected: "a host name or an IP address of this machine",
    help: "Address to listen on; 0.0.0.0 is every one",
    otherwise: "127.0.0.1",
  }),
  DATA_DIR: setting({
    schema: z.string().min(1).refine((path) => !path.includes("\0")),
    expected: "a folder",
    help: "Folder where all data is kept",
    otherwise: "./data",
  }),
  DATABASE_URL: setting({
    schema: z.string().regex(/^postgres(ql)?:\/\/\S+$/),
    expected: "postgres://user:password@host/database",
    help: "A PostgreSQL (14 or later) to use instead of the one inside",
    otherwise: "the one inside, in DATA_DIR",
    secret: true,
  }),
  JWT_SECRET: setting({
    schema: z.string().refine((secret) => new TextEncoder().encode(secret).length >= JWT_SECRET_MIN_BYTES),
    expected: `at least ${JWT_SECRET_MIN_BYTES} bytes`,
    help: "Your site signs people in: the secret of its HS256 tokens",
    secret: true,
  }),
  JWT_JWKS_URL: setting({
    schema: z.string().refine(isKeyUrl),
    expected: "an https address (http only on this machine)",
    help: "Your site signs people in: the address of its public keys",
  }),
  JWT_ISSUER: setting({
    schema: z.string().min(1),
    expected: "the iss of your site's tokens",
    help: "The iss that tokens must carry",
  }),
  JWT_AUDIENCE: setting({
    schema: z.string().min(1),
    expected: "the aud of your site's tokens",
    help: "The aud that tokens must carry",
  }),
  JWT_COOKIE: setting({
    // A token in the sense of RFC 9110 §5.6.2, as RFC 6265 §4.1.1 asks of a cookie's name.
    schema: z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/),
    expected: "the name of a cookie",
    help: "Name of your site's cookie that carries the token",
  }),
  SIGN_IN_URL: setting({
    schema: z.string().refine(isWebUrl),
    expected: "an http or https address",
    help: "Where people sign in on your site",
  }),
  CORS_ORIGINS: setting({
    schema: origins,
    expected: "origins like https://example.com, separated by commas, without a path and without *",
    help: "Other sites whose pages may use this server",
    otherwise: "none",
  }),
  LISTING_ORIGINS: setting({
    schema: origins,
    expected: "origins like https://example.com, separated by commas, without a path and without *",
    help: "Sites whose listing pictures and links may be shown",
    otherwise: "CORS_ORIGINS",
  }),
  SIGNUP: setting({
    schema: z.enum(["open", "invite", "closed"]),
    expected: "open, invite or closed",
    help: "Who may make an account here",
    otherwise: "open",
  }),
  TRUST_PROXY: setting({
    schema: whole(0, 9),
    expected: "a whole number from 0 to 9",
    help: "How many reverse proxies stand in front",
    otherwise: "0",
  }),
  TLS_CERT: setting({
    schema: z.string().min(1).refine((path) => !path.includes("\0")),
    expected: "a PEM file with the certificate and its chain",
    help: "Serve https: the certificate; read again when it changes",
    otherwise: "none: plain http, as behind a proxy",
  }),
  TLS_KEY: setting({
    schema: z.string().min(1).refine((path) => !path.includes("\0")),
    expected: "a PEM file with the private key of TLS_CERT",
    help: "Serve https: the certificate's private key",
  }),
  METRICS_TOKEN: setting({
    schema: z.string().regex(/^[\x21-\x7e]{16,}$/),
    expected: "at least 16 letters, digits or signs, without spaces",
    help: "What Prometheus carries as a bearer token to read /metrics",
    otherwise: "none: there is no /metrics",
    secret: true,
  }),
  MIN_FREE_MB: setting({
    schema: whole(0, 999_999),
    expected: "a whole number of megabytes, at most 999999",
    help: "Below so much free space on DATA_DIR's disk nothing is written",
    otherwise: "256",
  }),
  MAX_MEMORY_MB: setting({
    schema: whole(64, 999_999),
    expected: "a whole number of megabytes from 64 to 999999",
    help: "Above so much memory slow readers are cut and no new sockets taken",
    otherwise: "80 % of what the machine or container has",
  }),
  EDIT_MINUTES: setting({
    schema: whole(0, 525_600),
    expected: "a whole number of minutes, at most 525600 (a year)",
    help: "How long people may edit what they sent; 0 is for ever",
    otherwise: "0",
  }),
  DELETE_MINUTES: setting({
    schema: whole(0, 525_600),
    expected: "a whole number of minutes, at most 525600 (a year)",
    help: "How long people may delete what they sent; 0 is for ever",
    otherwise: "0",
  }),
  LOG_LEVEL: setting({
    schema: z.enum(["debug", "info", "warn", "error"]),
    expected: "debug, info, warn or error",
    help: "The least important lines to write",
    otherwise: "warn",
  }),
  LOG_FORMAT: setting({
    schema: z.enum(["text", "json"]),
    expected: "text or json",
    help: "How log lines are written",
    otherwise: "text",
  }),
};

export type SettingName = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];
export const flagOf = (name: SettingName): string => `--${name.toLowerCase().replaceAll("_", "-")}`;

/** All settings with their defaults, for `--help`. */
export function helpText(): string {
  const width = Math.max(...SETTING_NAMES.map((name) => name.length)) + 2;
  const lines = SETTING_NAMES.flatMap((name) => {
    const { help, expected, otherwise } = SETTINGS[name];
    const indent = " ".repeat(width * 2 + 6);
    const detail = otherwise === undefined ? `takes ${expected}` : `takes ${expected}; default: ${otherwise}`;
    return [`  ${name.padEnd(width)}  ${flagOf(name).padEnd(width + 2)}${help}`, indent + detail];
  });
  return [
    "Each setting is an environment variable or a flag (--port 9000 or --port=9000); a flag wins.",
    "Secrets belong in the environment: flags can be seen by everyone on the machine.",
    "",
    ...lines,
  ].join("\n");
}

/** A value as a mistake's line may show it: never a secret, never the password in an address. */
export function shown(name: SettingName, text: string): string {
  const setting: Setting<unknown> = SETTINGS[name];
  if (setting.secret) return `a value of ${new TextEncoder().encode(text).length} bytes (not shown)`;
  return JSON.stringify(text.replace(/\/\/[^/@]*@/g, "//…@"));
}
