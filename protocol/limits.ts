// The numbers that both ends share; each carries its unit in its name.

/** A message's text, counted in Unicode code points (what `char_length` counts in PostgreSQL). */
export const MESSAGE_MAX_CHARS = 4000;
export const NAME_MAX_CHARS = 80;
export const TITLE_MAX_CHARS = 120;
export const USERNAME_MIN_CHARS = 3;
export const USERNAME_MAX_CHARS = 32;
/** NIST SP 800-63B §3.1.1.2: at least 8, and long passphrases must be possible. */
export const PASSWORD_MIN_CHARS = 8;
export const PASSWORD_MAX_CHARS = 256;
export const URL_MAX_CHARS = 2048;
export const EXTERNAL_ID_MAX_CHARS = 255;
export const SEARCH_MAX_CHARS = 80;

export const PAGE_DEFAULT_ROWS = 50;
export const PAGE_MAX_ROWS = 100;
export const SEARCH_MAX_ROWS = 20;
/** How many participants a conversation carries with it; the rest are paged. */
export const PREVIEW_PARTICIPANTS = 8;

export const GROUP_MAX_PARTICIPANTS = 5000;
/** The colours that a group's picture can have: 0 … GROUP_COLOURS − 1. */
export const GROUP_COLOURS = 8;
export const ADD_MAX_PARTICIPANTS = 100;

/** A client's frame on the socket, and the body of a REST request. */
export const FRAME_MAX_BYTES = 64 * 1024;
export const REQUEST_MAX_BYTES = 64 * 1024;

export const TICKET_TTL_MS = 30_000;
export const TOKEN_TTL_MS = 15 * 60_000;
export const SESSION_TTL_MS = 90 * 24 * 3_600_000;
export const INVITE_TTL_MS = 7 * 24 * 3_600_000;

/** `mutedUntil` of a conversation muted for always. */
export const MUTE_ALWAYS = "9999-12-31T23:59:59.000Z";

/** How often one person may ask, over REST and in commands over all their sockets; a burst may be used up at once. */
export const REST_PER_MINUTE = 600;
export const REST_BURST = 200;
export const SEARCH_PER_MINUTE = 60;
export const COMMANDS_PER_MINUTE = 1200;
export const COMMANDS_BURST = 200;

/** Cursors in one `sync`; a client with more conversations asks again. */
export const SYNC_MAX_CURSORS = 200;
/** Further behind than this, fetching the newest page is cheaper than what was missed: `reset`. */
export const SYNC_MAX_CHANGES = 500;
/** About this many bytes of messages in one answer; the rest is `more`. */
export const SYNC_MAX_BYTES = 256 * 1024;
/** Conversations in the list of a `sync`, the most recently active. */
export const SYNC_MAX_LIST = 1000;
/** A quiet client asks whether it is still current this often. */
export const SYNC_QUIET_MS = 60_000;

export const WATCH_MAX_CONVERSATIONS = 50;
export const DELIVERED_MAX_POSITIONS = 100;
/** Typing that is not renewed ends after this. A client renews it at most every half of it. */
export const TYPING_TTL_MS = 6_000;
/** Positions of one conversation within this time go out as one event. */
export const POSITIONS_EVERY_MS = 100;
/** Somebody whose last connection closed is online for this long still. */
export const PRESENCE_GRACE_MS = 10_000;
/** Group members whose presence a watcher gets; all of a direct conversation. */
export const PRESENCE_MAX_PEOPLE = 50;

export const CONNECTIONS_PER_PERSON = 20;
export const CONNECTIONS_PER_ADDRESS = 1000;
