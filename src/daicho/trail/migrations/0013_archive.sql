-- Archives (docs/trail.md): signed files of consecutive numbers that verify alone. Only what is in one may be dropped, by the owner.
create table trail.archive (
    last bigint primary key,
    first bigint not null check (first > 0),
    batch_no bigint not null references trail.seal,
    sha256 bytea not null check (octet_length(sha256) = 32),
    archived_at timestamptz not null,
    key_version integer not null,
    signature bytea not null check (octet_length(signature) = 64),
    check (first <= last)
);
create table trail.dropped (
    month date primary key,
    archived_until bigint not null,
    dropped_at timestamptz not null
);
create trigger archive_keep before update or delete on trail.archive
    for each row execute function trail.refuse_change();
create trigger dropped_keep before update or delete on trail.dropped
    for each row execute function trail.refuse_change();
create trigger archive_keep_all before truncate on trail.archive execute function trail.refuse_change();
create trigger dropped_keep_all before truncate on trail.dropped execute function trail.refuse_change();

-- Refuses a month with an entry that is in no archive, unsealed ones included.
create function trail.drop_month(day date, at timestamptz) returns void language plpgsql set search_path = '' as $$
declare
    first date := date_trunc('month', day)::date;
    suffix text := to_char(first, 'YYYYMM');
    until bigint := (select max(last) from trail.archive);
    left_out boolean;
begin
    if to_regclass('trail.entry_' || suffix) is null then
        raise exception 'there is no such month' using errcode = 'undefined_table';
    end if;
    execute format('lock table trail.entry_%s in share mode', suffix);
    execute format('select exists (select from trail.entry_%s e where not exists (select from trail.leaf l'
                   ' where l.entry_id = e.entry_id and l.at = e.at and l.seq <= $1))', suffix)
        into left_out using coalesce(until, 0);
    if left_out then
        raise exception 'the month has entries that are in no archive' using errcode = 'integrity_constraint_violation';
    end if;
    execute format('drop table trail.entry_%s', suffix);
    execute format('drop table trail.subject_%s', suffix);
    insert into trail.dropped (month, archived_until, dropped_at) values (first, coalesce(until, 0), at);
end $$;
revoke execute on function trail.drop_month(date, timestamptz) from public;
grant select on trail.archive, trail.dropped to ${app};
