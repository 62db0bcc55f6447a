-- The peer's tables: the columns of Chautari's messages, with the one index that its queries need and no other.
-- A bigint identity stands for seq and version: the stack it stands for has no number per conversation.

create table users (
  id uuid primary key,
  external_id text not null unique,
  name text not null
);

create table conversations (
  id uuid primary key,
  title text not null,
  created_at timestamptz not null default now()
);

create table participants (
  conversation_id uuid not null references conversations,
  user_id uuid not null references users,
  primary key (conversation_id, user_id)
);
create index participants_of_user on participants (user_id);

create table messages (
  id bigint generated always as identity primary key,
  conversation_id uuid not null,
  kind text not null default 'text' check (kind in ('text', 'system')),
  sender_id uuid not null,
  client_id uuid,
  body text check (char_length(body) between 1 and 4000),
  system jsonb,
  reply_to_id bigint,
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  deleted_at timestamptz
);
create index messages_of_conversation on messages (conversation_id, id);
