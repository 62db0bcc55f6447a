-- Last seen, and word of every end of authority to the servers that hold the sockets.

alter table users add column last_seen_at timestamptz;
alter table users add column hides_presence boolean not null default false;

-- Whoever ends a session or deactivates a person (a route, the command line in another process, SQL by hand), the
-- servers hear of it when it is committed, and cut the open sockets.
create function tell_end_of_authority() returns trigger language plpgsql as $$
begin
  perform pg_notify('chautari_authority', tg_argv[0] || ':' || new.id);
  return null;
end
$$;
create trigger sessions_ended after update of revoked_at on sessions
  for each row when (old.revoked_at is null and new.revoked_at is not null)
  execute function tell_end_of_authority('session');
create trigger users_deactivated after update of deactivated_at on users
  for each row when (old.deactivated_at is null and new.deactivated_at is not null)
  execute function tell_end_of_authority('user');
