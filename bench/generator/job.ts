// What the benchmark asks of its generator and what it gets back: one JSON line each way.

export type ProtocolName = "chautari" | "socketio";

/** How messages are sent: as many as the answers allow, or so many a second whatever the answers do. */
export type Load =
  | { kind: "closed"; inFlightPerSender: number }
  /** Open loop: each message has a time at which it is due, and its latency counts from that (no coordinated omission). */
  | { kind: "open"; perSecond: number };

/** Whom to watch on /proc while measuring. */
export interface Watched {
  server: number;
  /** The postmaster; what it started counts with it. */
  postmaster: number;
}

interface Common {
  protocol: ProtocolName;
  port: number;
  jwt: { secret: string; issuer: string; audience: string };
  watched: Watched;
}

/** Everyone of every room is connected; the first `sendersPerRoom` of each room send. Person n is in room n / members. */
export interface MessagesJob extends Common {
  kind: "messages";
  conversationIds: string[];
  membersPerRoom: number;
  sendersPerRoom: number;
  bodyChars: number;
  load: Load;
  warmUpMs: number;
  measureMs: number;
}

/** Opens authenticated connections as fast as they go, `atOnce` handshakes under way, then holds them until told to end. */
export interface ConnectJob extends Common {
  kind: "connect";
  people: number;
  atOnce: number;
}

/**
 * Everybody but the first of each room is cut, comes back at once and asks for what was missed, while those first go on
 * sending.
 */
export interface ReconnectJob extends Common {
  kind: "reconnect";
  conversationIds: string[];
  membersPerRoom: number;
  bodyChars: number;
  perSecond: number;
  atOnce: number;
  /** How long everybody is away. */
  awayMs: number;
}

/** Newest pages of random conversations over HTTP; each request is due at its time, as in an open load. */
export interface PagesJob extends Common {
  kind: "pages";
  conversationIds: string[];
  membersPerRoom: number;
  perSecond: number;
  /** Kept alive, one request at a time on each. */
  connections: number;
  warmUpMs: number;
  measureMs: number;
}

export type Job = MessagesJob | ConnectJob | ReconnectJob | PagesJob;

/** Milliseconds. */
export interface Latency {
  p50: number;
  p99: number;
  max: number;
  count: number;
}

/** Share of one core while measuring: 1 is one core fully used. Null where there is no /proc. */
export interface CpuShares {
  generator: number;
  server: number | null;
  postgres: number | null;
}

/** What must be zero, except where a peer promises nothing. */
export interface Faults {
  lost: number;
  doubled: number;
  reordered: number;
  /** A number that the server gives to messages was skipped or stepped back; 0 where it gives none. */
  gaps: number;
  /** Sends that were answered with an error. */
  refused: number;
  /** The first error, as it came. */
  firstRefusal: string | null;
}

export interface MessagesResult {
  kind: "messages";
  /** Acknowledged while measuring. */
  messagesPerSecond: number;
  deliveriesPerSecond: number;
  /** From the time a message was due until its sender has the acknowledgement. */
  acknowledged: Latency;
  /** From the time a message was due until the last member has it. */
  lastMember: Latency;
  /** How late the generator itself was in sending (part of the two above). */
  generatorLag: Latency;
  sent: number;
  faults: Faults;
  cpu: CpuShares;
  connectMs: number;
}

export interface ConnectResult {
  kind: "connect";
  connectionsPerSecond: number;
  cpu: CpuShares;
}

export interface ReconnectResult {
  kind: "reconnect";
  /** From the first attempt until the last client has all that it missed. */
  allBackMs: number;
  /** Messages that came by asking for what was missed. */
  missed: number;
  faults: Faults;
  cpu: CpuShares;
}

export interface PagesResult {
  kind: "pages";
  pages: Latency;
  /** Answers that were not a page of messages. */
  refused: number;
  cpu: CpuShares;
}

export type JobResult = MessagesResult | ConnectResult | ReconnectResult | PagesResult;
export type ResultOf<J extends Job> = Extract<JobResult, { kind: J["kind"] }>;

/** A line from the generator. `held`: the connections are open; any line to it lets them go. */
export type Report = { held: ConnectResult } | { result: JobResult } | { failed: string };
