// The main job in a real browser: two people exchange messages; the server is killed and started; both still see them and go on.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, DESKTOP, launchBrowser, PHONE } from "../helpers/browser.ts";
import { type Program, startProgram } from "../helpers/program.ts";

const PATIENCE_MS = 30_000;

describe.skipIf(chromiumPath === null)("two people in two browsers", { timeout: 60_000 }, () => {
  let directory: string;
  let browser: Browser;
  let program: Program;
  const settings = (port: string) => ({ DATA_DIR: `${directory}/data`, PORT: port, LOG_LEVEL: "warn" });

  beforeAll(async () => {
    directory = await Deno.makeTempDir({ prefix: "chautari-e2e-" });
    [browser, program] = await Promise.all([launchBrowser(), startProgram(settings("0"))]);
  });
  afterAll(async () => {
    await browser.close();
    await program.kill("SIGTERM");
    await Deno.remove(directory, { recursive: true });
  });

  const visit = async (viewport: { width: number; height: number }, path: string): Promise<Page> => {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (/Content Security Policy/.test(message.text())) problems.push(message.text());
    });
    page.on("close", () => expect(problems).toEqual([]));
    await page.goto(`${program.url}${path}`);
    return page;
  };
  const signUp = async (page: Page, name: string, username: string) => {
    const toSignUp = page.getByRole("button", { name: "New here? Create an account" });
    const form = page.getByRole("button", { name: "Create account" });
    await form.or(toSignUp).first().waitFor();
    if (await toSignUp.isVisible()) await toSignUp.click();
    await page.getByLabel("Your name").fill(name);
    await page.getByLabel("User name").fill(username);
    await page.getByLabel("Password", { exact: true }).fill("a password for the test");
    await form.click();
    await page.getByRole("button", { name: "New conversation" }).or(
      page.getByRole("link", { name: "New conversation" }),
    )
      .first().waitFor();
  };
  const write = async (page: Page, text: string, by: "Enter" | "button" = "Enter") => {
    const box = page.getByRole("textbox", { name: "Message", exact: true });
    await box.fill(text);
    if (by === "Enter") await box.press("Enter");
    else await page.getByRole("button", { name: "Send" }).click();
  };
  const sees = (page: Page, text: string) =>
    page.getByRole("log").locator("[data-seq]").filter({ hasText: text }).waitFor();
  const bodies = async (
    page: Page,
  ) => (await page.getByRole("log").locator("[data-seq]").evaluateAll((rows) =>
    rows.map((row) => (row as HTMLElement).dataset.seq)
  ));

  it("exchange messages both ways, which survive a kill -9 of the server", async () => {
    const sita = await visit(DESKTOP, "/en/messages");
    await signUp(sita, "Sita Gurung", "sita");
    const ram = await visit(PHONE, "/");
    await signUp(ram, "राम बहादुर", "ram");

    await sita.getByRole("button", { name: "New conversation" }).or(
      sita.getByRole("link", { name: "New conversation" }),
    )
      .first().click();
    await sita.getByLabel("Search people by name").fill("राम");
    await sita.getByText("राम बहादुर").first().click();
    await write(sita, "नमस्ते! Is the bike still there?");
    await sees(sita, "नमस्ते! Is the bike still there?");

    await ram.getByText("Sita Gurung").first().click();
    await sees(ram, "नमस्ते! Is the bike still there?");
    await write(ram, "It is. Come and see it.", "button");
    await sees(sita, "It is. Come and see it.");

    await program.kill("SIGKILL");
    program = await startProgram(settings(new URL(program.url).port));

    await write(sita, "After the restart");
    await sees(sita, "After the restart");
    await sees(ram, "After the restart");
    await write(ram, "Still here");
    await sees(sita, "Still here");

    await Promise.all([sita.reload(), ram.reload()]);
    for (const page of [sita, ram]) {
      for (
        const text of [
          "नमस्ते! Is the bike still there?",
          "It is. Come and see it.",
          "After the restart",
          "Still here",
        ]
      ) await sees(page, text);
    }
    expect(await bodies(sita)).toEqual(["1", "2", "3", "4"]);
    expect(await bodies(ram)).toEqual(["1", "2", "3", "4"]);
    await sita.close();
    await ram.close();
  }, 90_000);
});
