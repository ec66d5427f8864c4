-- The ledgers: an entry is written once; corrections, notes, extensions and the closing are rows beside it. What is private of an
-- entry (who asked, who pledged) is encrypted. Kinds and fields are data of the release (commons/ledgers/kinds.toml).
create schema ledger authorization current_user;

create table ledger.entry (
    entry_id bigint primary key,
    kind text not null check (kind <> ''),
    fiscal_year integer not null,
    serial_no integer not null check (serial_no > 0),
    on_day date not null,
    content text not null,
    sealed bytea,
    key_version integer,
    entered_by text not null,
    terminal text not null,
    entered_at timestamptz not null,
    unique (kind, fiscal_year, serial_no),
    check ((sealed is null) = (key_version is null))
);
comment on column ledger.entry.content is 'JSON of the fields that are not private';
create index entry_of_kind on ledger.entry (kind, on_day, entry_id);

create table ledger.addition (
    addition_id bigint primary key,
    entry_id bigint not null references ledger.entry (entry_id),
    what text not null check (what in ('correction', 'note', 'extension', 'closing')),
    content text not null,
    sealed bytea,
    key_version integer,
    days integer not null default 0 check (days >= 0),
    reason text not null check (reason <> ''),
    added_by text not null,
    terminal text not null,
    added_at timestamptz not null,
    check ((sealed is null) = (key_version is null)),
    check ((what = 'extension') = (days > 0))
);
create index addition_of_entry on ledger.addition (entry_id, addition_id);
create unique index addition_one_closing on ledger.addition (entry_id) where what = 'closing';

create function ledger.keep() returns trigger language plpgsql as $$
begin
    raise exception 'rows of %.% are never changed or deleted', tg_table_schema, tg_table_name
        using errcode = 'integrity_constraint_violation';
end $$;
create trigger entry_keep before update or delete on ledger.entry for each row execute function ledger.keep();
create trigger entry_keep_all before truncate on ledger.entry for each statement execute function ledger.keep();
create trigger addition_keep before update or delete on ledger.addition for each row execute function ledger.keep();
create trigger addition_keep_all before truncate on ledger.addition for each statement execute function ledger.keep();

grant usage on schema ledger to ${app};
grant select, insert on all tables in schema ledger to ${app};
