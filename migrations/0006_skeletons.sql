-- What a person's name looks like: names that are taken for one another have the same (server/store/skeleton.ts).

-- Null until the server has written it: of people who are there already it does so after its start. A later migration that
-- wants all of them written anew sets them to null.
alter table users add column skeleton text;
-- Hashed, as a name of many letters that stand for several has no place in a B-tree.
create index users_by_skeleton on users using hash (skeleton);
create index users_without_skeleton on users (id) where skeleton is null;
