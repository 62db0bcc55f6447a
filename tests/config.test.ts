// Settings: what each takes, what each mistake says, who wins, and what is never shown.
import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../server/config.ts";
import { helpText, SETTING_NAMES } from "../server/settings.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const HOST_MODE = { JWT_SECRET: SECRET, JWT_ISSUER: "https://site.example", JWT_AUDIENCE: "chautari" };

function mistakes(environment: Record<string, string>, args: string[] = []): string[] {
  try {
    readConfig(environment, args);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
}

describe("what is read", () => {
  it("runs with nothing set", () => {
    expect(readConfig({}, [])).toEqual({
      port: 8080,
      portGiven: false,
      host: "127.0.0.1",
      dataDir: "./data",
      databaseUrl: null,
      jwt: null,
      signInUrl: null,
      corsOrigins: [],
      listingOrigins: [],
      signup: "open",
      trustProxy: 0,
      tls: null,
      metricsToken: null,
      minFreeMb: 256,
      maxMemoryMb: null,
      editMinutes: 0,
      deleteMinutes: 0,
      logLevel: "warn",
      logFormat: "text",
    });
  });

  it("takes each setting from the environment", () => {
    const environment = {
      ...HOST_MODE,
      PORT: "9000",
      HOST: "0.0.0.0",
      DATA_DIR: "/var/lib/chautari",
      DATABASE_URL: "postgresql://chautari:s3cret@db/chautari",
      JWT_COOKIE: "site_session",
      SIGN_IN_URL: "https://site.example/sign-in?back=1",
      CORS_ORIGINS: "https://site.example, http://localhost:3000",
      LISTING_ORIGINS: "https://img.example",
      TRUST_PROXY: "1",
      TLS_CERT: "/etc/chautari/cert.pem",
      TLS_KEY: "/etc/chautari/key.pem",
      METRICS_TOKEN: "prometheus-carries-this",
      MIN_FREE_MB: "512",
      MAX_MEMORY_MB: "1024",
      EDIT_MINUTES: "15",
      DELETE_MINUTES: "60",
      LOG_LEVEL: "debug",
      LOG_FORMAT: "json",
    };
    expect(readConfig(environment, [])).toEqual({
      port: 9000,
      portGiven: true,
      host: "0.0.0.0",
      dataDir: "/var/lib/chautari",
      databaseUrl: "postgresql://chautari:s3cret@db/chautari",
      jwt: {
        secret: SECRET,
        jwksUrl: null,
        issuer: "https://site.example",
        audience: "chautari",
        cookie: "site_session",
      },
      signInUrl: "https://site.example/sign-in?back=1",
      corsOrigins: ["https://site.example", "http://localhost:3000"],
      listingOrigins: ["https://img.example"],
      signup: "open",
      trustProxy: 1,
      tls: { cert: "/etc/chautari/cert.pem", key: "/etc/chautari/key.pem" },
      metricsToken: "prometheus-carries-this",
      minFreeMb: 512,
      maxMemoryMb: 1024,
      editMinutes: 15,
      deleteMinutes: 60,
      logLevel: "debug",
      logFormat: "json",
    });
  });

  it("takes each setting as a flag, with a space or with =", () => {
    const config = readConfig({}, ["--port", "9000", "--data-dir=/srv/a=b", "--signup", "closed"]);
    expect(config).toMatchObject({ port: 9000, portGiven: true, dataDir: "/srv/a=b", signup: "closed" });
  });

  it("may read each of its variables under the server's permissions", async () => {
    const { permissions } = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
    expect(permissions.server.env).toEqual(expect.arrayContaining(SETTING_NAMES));
  });

  it("lets a flag win over the environment", () => {
    expect(readConfig({ PORT: "9000", HOST: "::1" }, ["--port", "9001"])).toMatchObject({ port: 9001, host: "::1" });
  });

  it("counts an empty variable as not given", () => {
    expect(readConfig({ PORT: "", JWT_SECRET: "" }, [])).toMatchObject({ portGiven: false, jwt: null });
  });

  it("ignores variables it does not know", () => {
    expect(mistakes({ PORTS: "x", PATH: "/bin" })).toEqual([]);
  });

  it("shows listings from the CORS origins when none are named", () => {
    expect(readConfig({ CORS_ORIGINS: "https://a.example" }, []).listingOrigins).toEqual(["https://a.example"]);
  });

  it("takes keys from an address on this machine without TLS", () => {
    const { JWT_SECRET: _, ...rest } = HOST_MODE;
    const config = readConfig({ ...rest, JWT_JWKS_URL: "http://127.0.0.1:9999/jwks.json" }, []);
    expect(config.jwt).toMatchObject({ secret: null, jwksUrl: "http://127.0.0.1:9999/jwks.json" });
  });
});

describe("what is refused, one line each", () => {
  const origins = "origins like https://example.com, separated by commas, without a path and without *";
  const wrong: [Record<string, string>, string][] = [
    [{ PORT: "65536" }, 'PORT: "65536" is given; expected a whole number from 0 to 65535'],
    [{ PORT: "80.5" }, 'PORT: "80.5" is given; expected a whole number from 0 to 65535'],
    [{ PORT: "0x50" }, 'PORT: "0x50" is given; expected a whole number from 0 to 65535'],
    [{ HOST: "http://a" }, 'HOST: "http://a" is given; expected a host name or an IP address of this machine'],
    [{ DATA_DIR: "a\0b" }, 'DATA_DIR: "a\\u0000b" is given; expected a folder'],
    [{ CORS_ORIGINS: "*" }, `CORS_ORIGINS: "*" is given; expected ${origins}`],
    [{ CORS_ORIGINS: "https://a.example/" }, `CORS_ORIGINS: "https://a.example/" is given; expected ${origins}`],
    [{ LISTING_ORIGINS: "a.example" }, `LISTING_ORIGINS: "a.example" is given; expected ${origins}`],
    [{ SIGNUP: "maybe" }, 'SIGNUP: "maybe" is given; expected open, invite or closed'],
    [{ TRUST_PROXY: "yes" }, 'TRUST_PROXY: "yes" is given; expected a whole number from 0 to 9'],
    [{ TLS_CERT: "/cert.pem" }, "TLS_CERT: given alone; expected TLS_KEY with it"],
    [{ TLS_KEY: "/key.pem" }, "TLS_KEY: given alone; expected TLS_CERT with it"],
    [
      { TLS_CERT: "a\0b", TLS_KEY: "/key.pem" },
      'TLS_CERT: "a\\u0000b" is given; expected a PEM file with the certificate and its chain',
    ],
    [
      { METRICS_TOKEN: "short" },
      "METRICS_TOKEN: a value of 5 bytes (not shown) is given; " +
      "expected at least 16 letters, digits or signs, without spaces",
    ],
    [{ MIN_FREE_MB: "1 GB" }, 'MIN_FREE_MB: "1 GB" is given; expected a whole number of megabytes, at most 999999'],
    [{ MAX_MEMORY_MB: "63" }, 'MAX_MEMORY_MB: "63" is given; expected a whole number of megabytes from 64 to 999999'],
    [{ LOG_LEVEL: "loud" }, 'LOG_LEVEL: "loud" is given; expected debug, info, warn or error'],
    [{ LOG_FORMAT: "xml" }, 'LOG_FORMAT: "xml" is given; expected text or json'],
    [{ ...HOST_MODE, JWT_COOKIE: "a b" }, 'JWT_COOKIE: "a b" is given; expected the name of a cookie'],
    [
      { ...HOST_MODE, SIGN_IN_URL: "javascript:alert(1)" },
      'SIGN_IN_URL: "javascript:alert(1)" is given; expected an http or https address',
    ],
  ];
  it.each(wrong)("%j", (environment, line) => {
    expect(mistakes(environment)).toEqual([line]);
  });

  it("keys over http from elsewhere", () => {
    const { JWT_SECRET: _, ...rest } = HOST_MODE;
    expect(mistakes({ ...rest, JWT_JWKS_URL: "http://site.example/jwks" })).toEqual([
      'JWT_JWKS_URL: "http://site.example/jwks" is given; expected an https address (http only on this machine)',
    ]);
  });

  it("both ways to check a token", () => {
    expect(mistakes({ ...HOST_MODE, JWT_JWKS_URL: "https://site.example/jwks" })).toEqual([
      "JWT_SECRET and JWT_JWKS_URL: both are given; expected one of them",
    ]);
  });

  it("a token to check without its issuer and audience", () => {
    expect(mistakes({ JWT_SECRET: SECRET })).toEqual([
      "JWT_ISSUER: nothing is given; expected the iss of your site's tokens",
      "JWT_AUDIENCE: nothing is given; expected the aud of your site's tokens",
    ]);
  });

  it.each(["JWT_ISSUER", "JWT_AUDIENCE", "JWT_COOKIE"])("%s without a key", (name) => {
    expect(mistakes({ [name]: "x" })).toEqual([`${name}: given alone; expected JWT_SECRET or JWT_JWKS_URL with it`]);
  });

  it("a place to sign in when accounts are kept here", () => {
    expect(mistakes({ SIGN_IN_URL: "https://site.example" })).toEqual([
      "SIGN_IN_URL: given alone; expected JWT_SECRET or JWT_JWKS_URL with it",
    ]);
  });

  it("sign-up in host mode", () => {
    expect(mistakes({ ...HOST_MODE, SIGNUP: "open" })).toEqual([
      "SIGNUP: given with JWT_SECRET or JWT_JWKS_URL; expected nothing, since your site makes the accounts",
    ]);
  });

  it("an unknown flag, with the one that was meant", () => {
    expect(mistakes({}, ["--prot", "9000"])).toEqual([
      "--prot is not known; did you mean --port? (--help lists all)",
    ]);
    expect(mistakes({}, ["--DATA_DIR=x"])).toEqual([
      "--DATA_DIR is not known; did you mean --data-dir? (--help lists all)",
    ]);
    expect(mistakes({}, ["--frobnicate"])).toEqual(["--frobnicate is not known (--help lists all)"]);
  });

  it("a flag without its value", () => {
    expect(mistakes({}, ["--host", "--port", "1"])).toEqual([
      "--host: no value is given; expected a host name or an IP address of this machine",
    ]);
  });

  it("a stray word", () => {
    expect(mistakes({}, ["9000"])).toEqual([
      '"9000" is not known here: settings are given like --port 9000 (--help lists all)',
    ]);
  });

  it("all of them at once", () => {
    expect(mistakes({ PORT: "x", SIGNUP: "x", JWT_ISSUER: "x" }, ["--nope"])).toHaveLength(4);
  });
});

describe("what is never shown", () => {
  it("a secret", () => {
    const [line] = mistakes({ ...HOST_MODE, JWT_SECRET: "hunter2 is नेपाली" });
    expect(line).toBe("JWT_SECRET: a value of 29 bytes (not shown) is given; expected at least 32 bytes");
  });

  it("a database's address, even with a wrong scheme", () => {
    const [line] = mistakes({ DATABASE_URL: "mysql://root:hunter2@db/x" });
    expect(line).toContain("DATABASE_URL: a value of 25 bytes (not shown) is given");
  });

  it("a password inside another address", () => {
    expect(mistakes({ CORS_ORIGINS: "https://me:hunter2@site.example" })[0]).not.toContain("hunter2");
  });
});

describe("help", () => {
  it("lists every setting by both names", () => {
    const text = helpText();
    for (const name of SETTING_NAMES) {
      expect(text).toContain(`  ${name} `);
      expect(text).toContain(` --${name.toLowerCase().replaceAll("_", "-")} `);
    }
  });
});
