-- The schema that Chautari begins with. Applied in one transaction; never edited once released.

-- One row: what this installation is. `epoch` names the lineage of the data: a restore changes it, and with it every
-- client's cursors lose their meaning.
create table installation (
  singleton boolean primary key default true check (singleton),
  epoch uuid not null,
  token_secret bytea not null check (octet_length(token_secret) >= 32),
  created_at timestamptz not null default now()
);

-- People. Own accounts have a username and a password hash; people of a host site have its id for them (`sub`).
create table users (
  id uuid primary key,
  external_id text unique check (char_length(external_id) between 1 and 255),
  username text unique check (username = lower(username) and char_length(username) between 3 and 32),
  password_hash text,
  name text not null check (char_length(name) between 1 and 80),
  picture text,
  locale text,
  role text not null default 'member' check (role in ('owner', 'admin', 'member')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deactivated_at timestamptz,
  check ((external_id is null) = (username is not null)),
  check ((username is null) = (password_hash is null))
);

-- The words a person can be found by, folded, compared byte by byte: a prefix is an index range in every script,
-- whatever locale the database was created with.
create table user_words (
  word text collate "C" not null,
  user_id uuid not null references users on delete cascade,
  primary key (word, user_id)
);
create index user_words_of_user on user_words (user_id);

-- Logins. The cookie holds a random secret; only its SHA-256 is here.
create table sessions (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  secret_hash bytea not null unique,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  user_agent text,
  address text
);
create index sessions_of_user on sessions (user_id) where revoked_at is null;

-- Codes that stand in links: an invitation to sign up, a link that signs one person in once. Only hashes are here.
create table one_time_codes (
  code_hash bytea primary key,
  purpose text not null check (purpose in ('invite', 'sign_in')),
  user_id uuid references users on delete cascade,
  created_by uuid references users on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  uses_left integer not null check (uses_left >= 0),
  check ((purpose = 'sign_in') = (user_id is not null))
);

-- Conversations. `last_seq` counts messages without a gap, `last_version` counts changes; both move only under this
-- row's lock, so that the order of numbers is the order of commits.
create table conversations (
  id uuid primary key,
  kind text not null check (kind in ('direct', 'group')),
  title text check (char_length(title) between 1 and 120),
  created_by uuid not null references users,
  created_at timestamptz not null default now(),
  last_activity_at timestamptz not null default now(),
  last_seq bigint not null default 0,
  last_version bigint not null default 0,
  participant_count integer not null default 0 check (participant_count >= 0),
  -- the two people of a direct conversation, the smaller id first
  direct_low uuid references users,
  direct_high uuid references users,
  -- the ad it is about, as it stood when the conversation began
  listing_id text check (char_length(listing_id) between 1 and 255),
  listing_title text,
  listing_url text,
  listing_image_url text,
  listing_price numeric(14, 2),
  listing_currency text check (listing_currency ~ '^[A-Z]{3}$'),
  listing_status text check (listing_status in ('active', 'reserved', 'sold', 'removed')),
  check (last_version >= last_seq),
  check ((kind = 'group') = (title is not null)),
  check ((kind = 'direct') = (direct_low is not null and direct_high is not null)),
  check (direct_low < direct_high),
  check ((listing_id is null) = (listing_title is null)),
  check ((listing_id is null) = (listing_status is null))
) with (fillfactor = 80);

-- One direct conversation per pair of people and listing.
create unique index conversations_direct on conversations (direct_low, direct_high, coalesce(listing_id, ''))
  where kind = 'direct';
create index conversations_of_listing on conversations (listing_id) where listing_id is not null;

-- Who is, or was, in a conversation. Active: neither left nor removed.
create table participants (
  conversation_id uuid not null references conversations,
  user_id uuid not null references users,
  role text not null default 'member' check (role in ('admin', 'member')),
  joined_at timestamptz not null default now(),
  left_at timestamptz,
  removed_at timestamptz,
  -- messages up to this one were before their time, and are not theirs to read
  visible_after_seq bigint not null default 0,
  -- archived while nothing newer than this has come
  archived_seq bigint,
  muted_until timestamptz,
  last_read_seq bigint not null default 0,
  last_delivered_seq bigint not null default 0,
  primary key (conversation_id, user_id),
  check (left_at is null or removed_at is null)
) with (fillfactor = 80);
create index participants_of_user on participants (user_id, conversation_id)
  where left_at is null and removed_at is null;

-- Messages. Only append_messages and the room's membership changes insert here, with the conversation's row locked and
-- the sender checked, so the two foreign keys that would cost two look-ups a message are left out.
create table messages (
  conversation_id uuid not null,
  seq bigint not null,
  version bigint not null,
  kind text not null check (kind in ('text', 'system')),
  sender_id uuid not null,
  client_id uuid,
  body text check (char_length(body) between 1 and 4000),
  system jsonb,
  reply_to_seq bigint,
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  deleted_at timestamptz,
  -- the last change after it was sent, whatever it was
  changed_at timestamptz,
  primary key (conversation_id, seq),
  check (version >= seq and seq > 0),
  check ((kind = 'text') = (client_id is not null)),
  check ((kind = 'system') = (system is not null)),
  check (kind = 'system' or (body is null) = (deleted_at is not null)),
  check (kind = 'text' or body is null)
);
-- A sender's id for a message counts once, for ever. Client ids are UUIDv7, so this index grows at its end.
create unique index messages_by_client_id on messages (client_id, sender_id, conversation_id)
  where client_id is not null;
-- What changed after a version: new messages are found by seq, so only changed ones need an entry, and sending pays nothing.
create index messages_changed on messages (conversation_id, version) where changed_at is not null;

-- Earlier texts of edited and deleted messages: for moderation only.
create table message_revisions (
  conversation_id uuid not null,
  seq bigint not null,
  version bigint not null,
  body text not null,
  replaced_at timestamptz not null default now(),
  replaced_by uuid not null references users,
  primary key (conversation_id, seq, version),
  foreign key (conversation_id, seq) references messages
);

-- A conversation as each active participant sees it. A direct one is not listed for the other person until something has
-- been said in it.
create view conversation_list as
select
  p.user_id as viewer_id,
  c.*,
  p.role as my_role,
  p.visible_after_seq as my_visible_after_seq,
  p.last_read_seq as my_last_read_seq,
  p.muted_until as my_muted_until,
  p.archived_seq is not null and (p.archived_seq >= c.last_seq or coalesce(p.muted_until > now(), false)) as my_archived,
  c.last_seq - greatest(p.last_read_seq, p.visible_after_seq) as unread_count,
  c.kind = 'group' or c.last_seq > 0 or c.created_by = p.user_id as listed
from participants p
join conversations c on c.id = p.conversation_id
where p.left_at is null and p.removed_at is null;

-- A read position never goes back and never passes the end, whoever writes it.
create function guard_positions() returns trigger language plpgsql as $$
begin
  new.last_read_seq := greatest(new.last_read_seq, old.last_read_seq);
  new.last_delivered_seq := greatest(new.last_delivered_seq, old.last_delivered_seq, new.last_read_seq);
  return new;
end
$$;
create trigger participants_positions before update of last_read_seq, last_delivered_seq on participants
  for each row
  when (new.last_read_seq < old.last_read_seq
    or new.last_delivered_seq < greatest(old.last_delivered_seq, new.last_read_seq))
  execute function guard_positions();

-- Appends a batch of text messages to any number of conversations, in the order given: the one hot write path. No two
-- of a batch have the same conversation, sender and client id (the caller sees to it). Rows of the result stand in the
-- order of the input. `outcome` is
--   stored            the message is new
--   repeat            the same sender sent this client id before: the first result, in its present state
--   reused            … but with another body
--   not_found         no such conversation, or the sender is not an active participant of it
--   recipient_left    the other person of a direct conversation has left it
-- Locks come first, in id order, so that two batches never deadlock; the statement after them sees what the batches
-- before committed, so the look-up of an earlier identical send is exact (design D4). Nothing joins the input with
-- itself: a plan made without knowing its size would be quadratic.
create function append_messages(
  in_conversation uuid[], in_sender uuid[], in_client uuid[], in_body text[], in_reply_to bigint[]
) returns table (
  outcome text, conversation_id uuid, seq bigint, version bigint, kind text, sender_id uuid, client_id uuid,
  body text, system jsonb, reply_to_seq bigint, created_at timestamptz, edited_at timestamptz, deleted_at timestamptz
) language plpgsql as $$
#variable_conflict use_column
begin
  perform 1 from conversations c where c.id = any (in_conversation) order by c.id for update;

  return query
  with looked_up as (
    select i.*, c.last_seq, c.last_version, m.seq as known_seq, m.version as known_version, m.body as known_body,
      m.reply_to_seq as known_reply_to, m.created_at as known_created, m.edited_at as known_edited,
      m.deleted_at as known_deleted,
      case
        when p.user_id is null then 'not_found'
        when m.seq is not null then 'repeat'
        when c.kind = 'direct' and c.participant_count < 2 then 'recipient_left'
        else 'stored'
      end as outcome
    from unnest(in_conversation, in_sender, in_client, in_body, in_reply_to)
      with ordinality as i (conversation_id, sender_id, client_id, body, reply_to_seq, ord)
    left join conversations c on c.id = i.conversation_id
    left join participants p on p.conversation_id = i.conversation_id and p.user_id = i.sender_id
      and p.left_at is null and p.removed_at is null
    left join messages m on m.client_id = i.client_id and m.sender_id = i.sender_id
      and m.conversation_id = i.conversation_id
  ),
  placed as materialized (
    select l.*, count(*) filter (where l.outcome = 'stored') over (partition by l.conversation_id order by l.ord) as place
    from looked_up l
  ),
  inserted as (
    insert into messages (conversation_id, seq, version, kind, sender_id, client_id, body, reply_to_seq, created_at)
    select n.conversation_id, n.last_seq + n.place, n.last_version + n.place, 'text', n.sender_id, n.client_id,
      n.body, n.reply_to_seq, statement_timestamp()
    from placed n where n.outcome = 'stored'
  ),
  counted as (
    update conversations c
    set last_seq = c.last_seq + n.count, last_version = c.last_version + n.count,
      last_activity_at = statement_timestamp()
    from (
      select conversation_id, max(place) as count from placed where outcome = 'stored' group by conversation_id
    ) n
    where c.id = n.conversation_id
  ),
  read_own as (
    update participants p
    set last_read_seq = n.seq, last_delivered_seq = n.seq
    from (
      select conversation_id, sender_id, max(last_seq + place) as seq from placed where outcome = 'stored' group by 1, 2
    ) n
    where p.conversation_id = n.conversation_id and p.user_id = n.sender_id
  )
  select
    case
      when n.outcome = 'repeat' and n.body is distinct from coalesce(
        (select r.body from message_revisions r where r.conversation_id = n.conversation_id and r.seq = n.known_seq
          order by r.version limit 1),
        n.known_body) then 'reused'
      else n.outcome
    end,
    n.conversation_id, coalesce(n.known_seq, n.last_seq + n.place), coalesce(n.known_version, n.last_version + n.place),
    'text', n.sender_id, n.client_id,
    case when n.outcome = 'repeat' then n.known_body else n.body end, null::jsonb,
    case when n.outcome = 'repeat' then n.known_reply_to else n.reply_to_seq end,
    coalesce(n.known_created, statement_timestamp()), n.known_edited, n.known_deleted
  from placed n
  order by n.ord;
end
$$;
