-- Ended sessions are found without reading all of them, and of a host site's tokens the newest counts.

-- A session is of no use from the first of the two on.
create index sessions_by_end on sessions (least(expires_at, revoked_at));

-- When the host site said what we know of a person (its token's `iat`): what an older token says is not taken.
alter table users add column told_at timestamptz;
