// A form that is sent once at a time and keeps its failure until the next attempt.
import { useState } from "preact/hooks";
import type { Outcome } from "../state/actions.ts";
import type { Failure } from "../state/failure.ts";

export function useForm(submit: (fields: Record<string, string>) => Outcome) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    const form = event.currentTarget as HTMLFormElement;
    const fields: Record<string, string> = {};
    for (const [name, value] of new FormData(form)) fields[name] = String(value);
    setBusy(true);
    const outcome = await submit(fields);
    setBusy(false);
    setFailure(outcome);
    if (outcome) firstWrong(form, outcome)?.focus();
  }

  /** Whether the server refused the value of this field. */
  const isWrong = (name: string) => failure?.fields.includes(name) ?? false;

  return { failure, isBusy, isWrong, onSubmit };
}

function firstWrong(form: HTMLFormElement, failure: Failure): HTMLElement | undefined {
  return [...form.querySelectorAll<HTMLInputElement>("input[name]")].find(({ name }) => failure.fields.includes(name));
}
