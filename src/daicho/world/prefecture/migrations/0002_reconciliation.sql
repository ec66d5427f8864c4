-- Digests of what is held, to be compared with those of the cities.
alter table prefecture.record
    add column digest bytea check (length(digest) = 16),
    add column bucket integer not null generated always as
        ((((subject % 2147483648) * 2654435761) / 65536) % 65536) stored;
create index record_bucket on prefecture.record (city, bucket) where superseded_at is null;
-- Messages that speak of many persons count under person 0 of their link.
create table prefecture.line (
    link text primary key,
    last_sequence_no bigint not null default 0
);
grant select, insert, update (last_sequence_no) on prefecture.line to ${app};
