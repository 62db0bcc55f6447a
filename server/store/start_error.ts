// Why the server cannot start with the database it was given: one plain sentence for the owner, shown without a stack.

export class StartError extends Error {
  override readonly name = "StartError";
}
