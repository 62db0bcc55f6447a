// Planted: a message is acknowledged though its commit failed.
import type { Bug } from "../plant.ts";

export const bug: Bug = {
  name: "acknowledge_before_commit",
  file: "server/room/committer.ts",
  before: `      return await this.#messages.append(batch);
    } catch (error) {
      if (!(error instanceof StoreRefusal)) return`,
  after: `      return await this.#messages.append(batch);
    } catch (error) {
      if (!(error instanceof StoreRefusal)) {
        return batch.map((one, at) => ({
          outcome: "repeat",
          message: {
            ...one,
            seq: at + 1,
            version: at + 1,
            kind: "text",
            system: null,
            createdAt: new Date(0).toISOString(),
            editedAt: null,
            deletedAt: null,
          },
        }));
      }
      if (!(error instanceof StoreRefusal)) return`,
};
