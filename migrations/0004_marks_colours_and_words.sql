-- Conversations marked unread, colours of groups' pictures, and the words that a conversation is found by.

alter table participants add column marked_unread boolean not null default false;
alter table conversations add column colour smallint
  check (colour between 0 and 7) check (colour is null or kind = 'group');

-- Who reads on, or sends, has seen it: the mark goes, whoever moves the position. (After participants_positions: triggers
-- run in the order of their names.)
create function take_mark_away() returns trigger language plpgsql as $$
begin
  new.marked_unread := false;
  return new;
end
$$;
create trigger participants_unread_mark before update of last_read_seq on participants
  for each row when (old.marked_unread and new.last_read_seq > old.last_read_seq)
  execute function take_mark_away();

-- The words of a conversation's title and of its listing's, folded as those of people are (user_words).
create table conversation_words (
  conversation_id uuid not null references conversations on delete cascade,
  word text collate "C" not null,
  primary key (conversation_id, word)
);

-- Of conversations that are there already. The server splits and folds as it does names; this comes as near to it as SQL
-- can. In scripts without spaces each ending of a word is a word.
insert into conversation_words (conversation_id, word)
select distinct c.id, left(substr(w.word, s.start), 64)
from conversations c
cross join lateral regexp_split_to_table(
  translate(lower(normalize(concat_ws(' ', c.title, c.listing_title), nfkc)), U&'\00ad\200c\200d\2060', ''),
  '[\s!-/:-@\[-`{-~\u00a1-\u00bf\u0964\u0965\u2000-\u200b\u2010-\u205f\u3000-\u3003\u3008-\u3011]+') w (word)
cross join lateral generate_series(
  1, case when w.word ~ '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]' then char_length(w.word)
    else 1 end) s (start)
where w.word <> '' and (c.title is not null or c.listing_title is not null);

-- A view keeps the columns it was made with.
drop view conversation_list;
create view conversation_list as
select
  p.user_id as viewer_id,
  c.*,
  p.role as my_role,
  p.visible_after_seq as my_visible_after_seq,
  p.last_read_seq as my_last_read_seq,
  p.muted_until as my_muted_until,
  p.marked_unread as my_marked_unread,
  p.archived_seq is not null and (p.archived_seq >= c.last_seq or coalesce(p.muted_until > now(), false)) as my_archived,
  c.last_seq - greatest(p.last_read_seq, p.visible_after_seq) as unread_count,
  c.kind = 'group' or c.last_seq > 0 or c.created_by = p.user_id as listed
from participants p
join conversations c on c.id = p.conversation_id
where p.left_at is null and p.removed_at is null;
