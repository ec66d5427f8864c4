-- The trail: every act and every look, in the transaction of the act itself (design, section 7).
create schema trail authorization current_user;

create table trail.entry (
    entry_id bigint not null,
    at timestamptz not null,
    act text not null,
    officer text not null,
    terminal text not null,
    purpose text not null,
    request_id text not null,
    case_id bigint,
    number_shown boolean not null,
    refused boolean not null,
    digest_before bytea,
    digest_after bytea,
    detail jsonb not null,
    primary key (at, entry_id)
) partition by range (at);
comment on table trail.entry is 'one row per act; detail holds codes and counts, never names or numbers of people';
create index entry_officer on trail.entry (officer, at);

create table trail.subject (
    entry_id bigint not null,
    at timestamptz not null,
    person_id bigint not null,
    primary key (person_id, at, entry_id)
) partition by range (at);

create table trail.entry_other partition of trail.entry default;
create table trail.subject_other partition of trail.subject default;

-- Partitions are made ahead, month by month in Japanese time; what falls outside lands in the default one.
create function trail.ensure_month(day date) returns void language plpgsql security definer set search_path = '' as $$
declare
    first date := date_trunc('month', day)::date;
    low timestamptz := first::timestamp at time zone 'Asia/Tokyo';
    high timestamptz := (first + interval '1 month') at time zone 'Asia/Tokyo';
    suffix text := to_char(first, 'YYYYMM');
begin
    if to_regclass('trail.entry_' || suffix) is null then
        execute format('create table trail.entry_%s partition of trail.entry for values from (%L) to (%L)',
                       suffix, low, high);
        execute format('create table trail.subject_%s partition of trail.subject for values from (%L) to (%L)',
                       suffix, low, high);
    end if;
end $$;

create function trail.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the trail is never changed or deleted' using errcode = 'integrity_constraint_violation';
end $$;
create trigger entry_keep before update or delete on trail.entry
    for each row execute function trail.refuse_change();
create trigger subject_keep before update or delete on trail.subject
    for each row execute function trail.refuse_change();

grant usage on schema trail to ${app};
grant select, insert on trail.entry, trail.subject to ${app};
grant execute on function trail.ensure_month(date) to ${app};
