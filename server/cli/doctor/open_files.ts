// How many sockets the limit of open files leaves room for.
import { connectionsThatFit, openFileLimit } from "../../guards/open_files.ts";
import { type Finding, ok, warning } from "./finding.ts";

export async function checkOpenFiles(): Promise<Finding[]> {
  return [openFilesFinding(await openFileLimit())];
}

/** The doctor's own limit: that of a service is its unit's, which a shell does not show. */
export function openFilesFinding(limit: number | null): Finding {
  if (limit === null) return ok("The system does not say how many files may be open");
  const { max, warning: few } = connectionsThatFit(limit);
  const what = `${limit} open files are allowed here: room for ${max} connections`;
  if (few === null) return ok(what);
  return warning(what, "ulimit -n 65536 before the start, or LimitNOFILE=65536 in the systemd unit");
}
