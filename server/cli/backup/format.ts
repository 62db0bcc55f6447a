// What a backup file is: a gzipped tar of COPY text, with its versions first and its digests last.
import { z } from "zod";

/** The only format there is. A change that an older reader would misunderstand takes the next number. */
export const FORMAT = 1;

export const HEAD = "chautari-backup.json";
export const README = "README.txt";
export const MANIFEST = "manifest.json";
/** The place of attachments, one file each by its id, once there are any. */
export const ATTACHMENTS = "attachments/";

/** Whole rows, cut so that a piece's size is known before it is written, and a few fit into memory. */
export const PIECE_BYTES = 2 ** 20;
/** The head and the manifest are read into memory. */
export const JSON_MAX_BYTES = 16 * 2 ** 20;

/** The first member: what the rest is, so that a file that cannot be used is refused at once. */
export const Head = z.object({
  format: z.literal(FORMAT),
  /** The release that made it. */
  program: z.string(),
  createdAt: z.iso.datetime(),
  /** `server_version` of the PostgreSQL it was read from. */
  postgres: z.string(),
  /** Of the data when it was read; a restore gives it another one. Null: no server has run on it yet. */
  epoch: z.uuid().nullable(),
  /** What had been applied to the database: the schema of the rows. */
  migrations: z.array(z.object({ version: z.int(), name: z.string(), checksum: z.string() })).min(1),
});
export type Head = z.infer<typeof Head>;

/** Of `format` alone, to tell a newer file from a damaged one. */
export const AnyHead = z.object({ format: z.int() });

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Piece = z.object({ name: z.string(), bytes: z.int().min(0), sha256: Sha256 });
export type Piece = z.infer<typeof Piece>;

const Name = z.string().regex(/^[a-z_][a-z0-9_]*$/);

/** The last member, which a file that was cut off lacks. Tables and pieces stand in the order of the file. */
export const Manifest = z.object({
  headSha256: Sha256,
  tables: z.array(z.object({ name: Name, columns: z.array(Name), rows: z.int().min(0), pieces: z.array(Piece) })),
});
export type Manifest = z.infer<typeof Manifest>;
export type TableEntry = Manifest["tables"][number];

export function pieceName(table: string, number: number): string {
  return `tables/${table}/${String(number).padStart(6, "0")}.copy`;
}

/** For somebody who has the file and not the program. */
export const README_TEXT =
  `A backup of Chautari: everything its database held at one moment. Keep it as secret as the data itself.

With Chautari:   chautari restore FILE

Without it: the rows are PostgreSQL's COPY text. Make the tables with the files of migrations/ whose numbers
${HEAD} names, empty them, and then, in the order of the tables in ${MANIFEST}, for example

    cat tables/users/*.copy | psql DATABASE -c "copy users (COLUMNS, as ${MANIFEST} lists them) from stdin"

${MANIFEST} has the SHA-256 of each file. Give installation.epoch a new UUID, so that the people's pages fetch anew.
`;
