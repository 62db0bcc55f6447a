// Planted: each attempt to send carries a client id of its own.
import type { Bug } from "../plant.ts";

export const bug: Bug = {
  name: "resend_with_new_client_id",
  file: "client/net/controller.ts",
  before: "      const message = { conversationId, clientId, body };\n",
  after: "      const message = { conversationId, clientId: uuidv7(clock.now()), body };\n",
};
