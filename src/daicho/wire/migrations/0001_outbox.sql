-- The transactional outbox: a message is written in the business transaction, with a sequence number for each
-- person it speaks of (design, section 3). Nothing here is delivered by this table itself.
create schema wire authorization current_user;

create table wire.outbox (
    message_id bigint not null,
    created_at timestamptz not null,
    link text not null,
    kind text not null,
    version smallint not null,
    person_id bigint not null,
    sequence_no bigint not null,
    payload jsonb not null,
    primary key (created_at, message_id)
) partition by range (created_at);
create index outbox_person on wire.outbox (person_id, sequence_no);

create table wire.outbox_other partition of wire.outbox default;

create function wire.ensure_month(day date) returns void language plpgsql security definer set search_path = '' as $$
declare
    first date := date_trunc('month', day)::date;
    suffix text := to_char(first, 'YYYYMM');
begin
    if to_regclass('wire.outbox_' || suffix) is null then
        execute format('create table wire.outbox_%s partition of wire.outbox for values from (%L) to (%L)', suffix,
                       first::timestamp at time zone 'Asia/Tokyo',
                       (first + interval '1 month') at time zone 'Asia/Tokyo');
    end if;
end $$;

grant usage on schema wire to ${app};
grant select, insert on wire.outbox to ${app};
grant execute on function wire.ensure_month(date) to ${app};
