-- Comparing the identity file with the prefecture server by digest trees (本人確認情報整合, S2-06).
alter table connector.identity
    add column digest bytea check (length(digest) = 16),
    add column bucket integer not null generated always as
        ((((subject_id % 2147483648) * 2654435761) / 65536) % 65536) stored;
-- As before; a generated column has no value yet when the trigger looks.
create or replace function connector.refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.superseded_at is null and new.superseded_at is not null
        and to_jsonb(new) - 'superseded_at' - 'bucket' = to_jsonb(old) - 'superseded_at' - 'bucket' then
        return new;
    end if;
    raise exception 'an update of the identity file is never changed' using errcode = 'integrity_constraint_violation';
end $$;
comment on column connector.identity.digest is 'over the subject and all items as the prefecture is notified; null for rows that are not told';
create index identity_bucket on connector.identity (bucket) where superseded_at is null and digest is not null;

create table connector.reconciliation (
    run bigint primary key,
    started_at timestamptz not null,
    started_by text not null,
    asked integer not null default 0,
    answered integer not null default 0,
    sent_bytes bigint not null default 0,
    persons bigint not null,
    finished_at timestamptz
);
create table connector.finding (
    run bigint not null references connector.reconciliation (run),
    subject bigint not null,
    kind text not null check (kind in ('missing', 'differs', 'unknown')),
    our_update bigint not null,
    their_update bigint not null,
    items text[] not null,
    proposed text not null check (proposed in ('send', 'look')),
    settled_at timestamptz,
    primary key (run, subject)
);
comment on table connector.finding is 'missing: not held there; differs: held otherwise; unknown: held there alone. items are names, never values';
grant select, insert, update (asked, answered, sent_bytes, finished_at) on connector.reconciliation to ${app};
grant select, insert, update (settled_at) on connector.finding to ${app};
