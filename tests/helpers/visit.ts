// Opens the page in a real browser as somebody who is signed in; what the page itself finds wrong fails the test.
import { type Browser, type Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { SESSION_COOKIE } from "../../server/auth/cookies.ts";
import { DESKTOP } from "./browser.ts";
import type { Person, TestServer } from "./server.ts";

const PATIENCE_MS = 30_000;

interface VisitOptions {
  viewport?: { width: number; height: number };
  hasTouch?: boolean;
  /** Below the server's address. */
  path?: string;
}

/** A window of their own, at the list unless told otherwise. Its errors and refused resources count at the test's end. */
export async function visit(
  browser: Browser,
  server: TestServer,
  person: Person,
  { viewport = DESKTOP, hasTouch = false, path = "/en/messages" }: VisitOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport, hasTouch });
  await context.addCookies([{
    name: SESSION_COOKIE,
    value: person.cookie!.slice(SESSION_COOKIE.length + 1),
    url: server.url,
  }]);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  // Not in a listener of the page: what fails there fails no test.
  onTestFinished(() => expect(problems, `what the page of ${person.me.name} found wrong`).toEqual([]));
  await page.goto(`${server.url}${path}`);
  return page;
}
