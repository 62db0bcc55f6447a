// Bodies, queries and answers of the REST routes, as both ends know them.
import { z } from "zod";
import { ClientId, Id } from "./ids.ts";
import {
  ADD_MAX_PARTICIPANTS,
  EXTERNAL_ID_MAX_CHARS,
  MESSAGE_MAX_CHARS,
  NAME_MAX_CHARS,
  PAGE_DEFAULT_ROWS,
  PAGE_MAX_ROWS,
  PASSWORD_MAX_CHARS,
  PASSWORD_MIN_CHARS,
  SEARCH_MAX_CHARS,
  SEARCH_MAX_ROWS,
  TITLE_MAX_CHARS,
  USERNAME_MAX_CHARS,
  USERNAME_MIN_CHARS,
} from "./limits.ts";
import {
  Colour,
  Conversation,
  Listing,
  Me,
  Message,
  Participant,
  ParticipantRole,
  Seq,
  SeqOrZero,
  Timestamp,
  User,
} from "./models.ts";
import { exact, line, nameLine, text, titleLine } from "./text.ts";

/** RFC 9457 problem details with our stable `code`. */
export const ProblemDetails = z.strictObject({
  type: z.literal("about:blank"),
  title: z.string(),
  status: z.int(),
  code: z.string().describe("Stable; see protocol/errors.ts"),
  retryable: z.boolean(),
  detail: z.string().optional(),
  problems: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional()
    .describe("JSON pointers to the values that were not accepted"),
  requestId: z.string(),
}).meta({ id: "ProblemDetails" });
export type ProblemDetails = z.infer<typeof ProblemDetails>;

const pageSize = (max: number, standard: number) => z.coerce.number().pipe(z.int().min(1).max(max)).default(standard);
const seqParam = z.coerce.number().pipe(Seq).optional();
const flag = z.enum(["true", "false"]).transform((value) => value === "true").default(false);
const cursor = z.string().max(200).regex(/^[\w-]+$/, "must be a cursor from an earlier answer").optional();

// ── accounts and sessions

export const Username = z.string().trim().toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]*$/, "must begin with a letter or digit; letters, digits, dot, dash and underscore only")
  .min(USERNAME_MIN_CHARS).max(USERNAME_MAX_CHARS);
const Password = text(PASSWORD_MAX_CHARS).refine(
  (value) => value.length >= PASSWORD_MIN_CHARS,
  `must be at least ${PASSWORD_MIN_CHARS} characters`,
);
/** A password to be checked, not set: only bounded, so that a wrong one is refused like any other. */
const GivenPassword = z.string().max(PASSWORD_MAX_CHARS * 4);
const Code = z.string().regex(/^[\w-]{20,100}$/, "must be the code from the link");

export const PublicConfig = z.strictObject({
  mode: z.enum(["accounts", "host"]).describe("Who keeps the accounts: Chautari, or the host site"),
  signup: z.enum(["open", "invite", "closed"]),
  needsOwner: z.boolean().describe("True until the first account, which will own the installation, is made"),
  signedIn: z.boolean().describe("Whether whoever asks is signed in, so that `GET /api/me` has an answer"),
  signInUrl: z.string().nullable().describe("Where people of the host site sign in"),
  version: z.string(),
}).meta({ id: "PublicConfig" });
export type PublicConfig = z.infer<typeof PublicConfig>;

export const SignUp = z.strictObject({
  username: Username,
  password: Password,
  name: nameLine(NAME_MAX_CHARS),
  locale: z.string().regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, "must be a language tag").max(35).optional(),
  invite: Code.optional(),
});
export const SignIn = z.strictObject({ username: exact(200), password: GivenPassword });
export const RedeemLink = z.strictObject({ code: Code });
export const UpdateMe = z.strictObject({
  name: nameLine(NAME_MAX_CHARS).optional(),
  locale: SignUp.shape.locale,
}).refine((value) => Object.keys(value).length > 0, "must change something");
export const SetPresence = z.strictObject({ hidden: z.boolean().describe("True: nobody sees when I am here") });
export const ChangePassword = z.strictObject({ current: GivenPassword, next: Password });
export const Session = z.strictObject({
  id: Id,
  createdAt: Timestamp,
  lastSeenAt: Timestamp,
  expiresAt: Timestamp,
  userAgent: z.string().nullable(),
  address: z.string().nullable(),
  current: z.boolean(),
}).meta({ id: "Session" });
export type Session = z.infer<typeof Session>;
export const SessionList = z.strictObject({ sessions: z.array(Session) });
export const AccessToken = z.strictObject({
  token: z.string().describe("A JWT for `Authorization: Bearer`"),
  expiresAt: Timestamp,
});
export const Invite = z.strictObject({ code: z.string(), expiresAt: Timestamp });
export const CreateInvite = z.strictObject({ uses: z.int().min(1).max(1000).default(1) });
export const SeenRequest = z.strictObject({
  address: z.string().describe("Whom the limits by address count this request for"),
  https: z.boolean().describe("Whether the server knows that the browser speaks https"),
  forwarded: z.int().nonnegative().describe("How many entries X-Forwarded-For had on arrival"),
});
export const SocketTicket = z.strictObject({ ticket: z.string(), expiresAt: Timestamp });
export const MeAnswer = z.strictObject({ me: Me });

/** A person as the host site or Chautari names them. */
export const UserRef = z.union([
  z.strictObject({ id: Id }),
  z.strictObject({ externalId: exact(EXTERNAL_ID_MAX_CHARS) }),
]).meta({ id: "UserRef" });
export type UserRef = z.infer<typeof UserRef>;

/** What a host site's server tells of one of its people before they have come by themselves. */
export const ProvisionUser = z.strictObject({
  name: nameLine(NAME_MAX_CHARS),
  picture: Listing.shape.imageUrl,
  locale: SignUp.shape.locale,
});

// ── conversations

export const ConversationList = z.strictObject({
  conversations: z.array(Conversation),
  nextCursor: z.string().nullable(),
});
export const ListConversations = z.strictObject({
  archived: flag,
  cursor,
  limit: pageSize(PAGE_MAX_ROWS, PAGE_DEFAULT_ROWS),
});
export const CreateConversation = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("direct"), to: UserRef, listing: Listing.optional() }),
  z.strictObject({
    kind: z.literal("group"),
    title: titleLine(TITLE_MAX_CHARS),
    colour: Colour.default(null),
    participants: z.array(UserRef).max(ADD_MAX_PARTICIPANTS).default([]),
    listing: Listing.optional(),
  }),
]);
export type CreateConversation = z.infer<typeof CreateConversation>;
export const ConversationAnswer = z.strictObject({ conversation: Conversation });
export const MessagePage = z.strictObject({
  messages: z.array(Message).describe("Oldest first"),
  people: z.array(User).describe("Everyone whom these messages name"),
  hasBefore: z.boolean(),
  hasAfter: z.boolean(),
}).meta({ id: "MessagePage" });
export type MessagePage = z.infer<typeof MessagePage>;
export const ConversationDetail = z.strictObject({ conversation: Conversation, page: MessagePage });
export const ListMessages = z.strictObject({
  before: seqParam,
  after: z.coerce.number().pipe(z.int().min(0)).optional(),
  limit: pageSize(PAGE_MAX_ROWS, PAGE_DEFAULT_ROWS),
}).refine((query) => query.before === undefined || query.after === undefined, "take either before or after");
export const SendMessage = z.strictObject({
  clientId: ClientId,
  body: text(MESSAGE_MAX_CHARS),
  replyToSeq: Seq.optional(),
});
export const EditMessage = z.strictObject({ body: text(MESSAGE_MAX_CHARS) });
export const MessageAnswer = z.strictObject({ message: Message });
export const SetArchived = z.strictObject({ archived: z.boolean() });
export const SetMuted = z.strictObject({ until: Timestamp.nullable() });
export const SetMarkedUnread = z.strictObject({ marked: z.boolean() });
export const SetRead = z.strictObject({ seq: Seq });
export const ReadAnswer = z.strictObject({ lastReadSeq: SeqOrZero, unreadCount: z.int().min(0) });
export const SetTitle = z.strictObject({ title: titleLine(TITLE_MAX_CHARS) });
export const SetColour = z.strictObject({ colour: Colour });
export const AddParticipants = z.strictObject({ participants: z.array(UserRef).min(1).max(ADD_MAX_PARTICIPANTS) });
export const SetRole = z.strictObject({ role: ParticipantRole });
export const ParticipantPage = z.strictObject({
  participants: z.array(Participant),
  nextCursor: z.string().nullable(),
});
export const ListParticipants = z.strictObject({
  cursor,
  limit: pageSize(PAGE_MAX_ROWS, PAGE_DEFAULT_ROWS),
  resembling: flag.describe("Only those whose name looks like that of another participant"),
});
export const UnreadCount = z.strictObject({
  unread: z.int().min(0).describe("Messages, over all conversations that are neither archived nor muted"),
  conversations: z.int().min(0).describe("How many conversations have such messages, or are marked unread"),
});
export const SearchUsers = z.strictObject({
  q: line(SEARCH_MAX_CHARS),
  limit: pageSize(SEARCH_MAX_ROWS, SEARCH_MAX_ROWS),
});
/** The same question of conversations: by their title, their listing's title and the names of those in them. */
export const SearchConversations = SearchUsers;
export const FoundConversations = z.strictObject({ conversations: z.array(Conversation) });
export const UserList = z.strictObject({ users: z.array(User) });
