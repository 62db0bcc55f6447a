-- The one plan of append_messages (0005) was made by its first caller, on tables that may be empty: there every way is as
-- short as the other, and it looked for an earlier identical send by reading the whole conversation. Half as many messages
-- a second, and ever fewer, until the next ANALYZE. All it reads it reads by a key; now it cannot do otherwise, so that the
-- plan is right for a batch of one and of a thousand, and stays right while the tables grow. Otherwise it is the function of
-- 0001.
create or replace function append_messages(
  in_conversation uuid[], in_sender uuid[], in_client uuid[], in_body text[], in_reply_to bigint[]
) returns table (
  outcome text, conversation_id uuid, seq bigint, version bigint, kind text, sender_id uuid, client_id uuid,
  body text, system jsonb, reply_to_seq bigint, created_at timestamptz, edited_at timestamptz, deleted_at timestamptz
) language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
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
    -- "not distinct", so that no index but the client ids' is thought of
    left join messages m on m.client_id = i.client_id and m.sender_id = i.sender_id
      and m.conversation_id is not distinct from i.conversation_id
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
