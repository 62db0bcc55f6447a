// `chautari version`: which release this is.
import { type Command, parseCommand } from "./command.ts";
import { VERSION } from "../version.ts";

export const versionCommand: Command = {
  summary: "Say which release this is",
  help: "Usage: chautari version",
  run(args) {
    parseCommand(args, {});
    console.log(VERSION);
    return Promise.resolve(0);
  },
};
