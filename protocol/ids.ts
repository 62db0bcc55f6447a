// Ids as they travel.
import { z } from "zod";

export const Id = z.uuid().toLowerCase().describe("A UUID");

/** The sender's id for a message. Version 7 is required: its index then grows at the end, whatever clients do. */
export const ClientId = z.uuidv7({ error: "must be a UUID of version 7" }).toLowerCase()
  .describe("The sender's own id for the message; sending it again returns the first result");
