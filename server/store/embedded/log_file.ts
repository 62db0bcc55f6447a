// What PostgreSQL says, kept in a file that cannot fill the disk: a full one makes way, and one earlier one is kept.

/** Bytes after which the file is put aside as `.1`. */
export const LOG_FILE_LIMIT = 5 * 1024 * 1024;

export type LogFile = { write(line: string): void; close(): void };

/** Appends lines to `path`. A disk that is full loses lines of the log and nothing else. */
export function openLogFile(path: string, limit = LOG_FILE_LIMIT): LogFile {
  const encoder = new TextEncoder();
  let file = open(path);
  let size = file.statSync().size;
  return {
    write(line) {
      const bytes = encoder.encode(`${line}\n`);
      try {
        if (size + bytes.length > limit) {
          file.close();
          Deno.renameSync(path, `${path}.1`);
          file = open(path);
          size = 0;
        }
        file.writeSync(bytes);
        size += bytes.length;
      } catch {
        // nowhere better to say it: the server's own log may be on the same disk
      }
    },
    close: () => file.close(),
  };
}

function open(path: string): Deno.FsFile {
  return Deno.openSync(path, { append: true, create: true, mode: 0o600 });
}
