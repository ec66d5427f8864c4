-- Settled and received messages move to an archive in small steps, so that the tables at work stay small. Nothing is deleted
-- that does not stand in the archive word for word: a trigger holds that, whoever deletes.
create table wire.archived (
    at timestamptz not null,
    side text not null check (side in ('sent', 'received')),
    peer text not null,
    message_id bigint not null,
    created_at timestamptz,
    kind text not null,
    person_id bigint not null,
    sequence_no bigint not null,
    message text,
    receipt text,
    payload jsonb,
    digest bytea,
    settled_by text,
    reason text,
    archived_at timestamptz not null,
    primary key (at, side, peer, message_id),
    check ((message is null) = (receipt is null)),
    check ((message is null) <> (payload is null))
) partition by range (at);
comment on table wire.archived is 'the evidence of what was sent (peer: link, at: settled) and received (peer: sender, at: received); payload where nobody signed it';
create index archived_message on wire.archived (message_id);
create table wire.archived_other partition of wire.archived default;
create trigger archived_keep before update or delete on wire.archived
    for each row execute function wire.refuse_change();

create function wire.refuse_loss() returns trigger language plpgsql set search_path = '' as $$
declare
    was jsonb := to_jsonb(old);
begin
    if tg_op = 'DELETE' and exists (
        select from wire.archived a
        where a.message_id = old.message_id and a.side = tg_argv[0] and a.peer = was ->> tg_argv[1]
            and (not was ? 'receipt' or (a.message is not distinct from was ->> 'message'
                                         and a.receipt is not distinct from was ->> 'receipt'))
            and (not was ? 'payload' or a.message is not null or a.payload = was -> 'payload')) then
        return old;
    end if;
    raise exception 'what was sent and received is never changed' using errcode = 'integrity_constraint_violation';
end $$;
drop trigger outbox_keep on wire.outbox;
drop trigger settled_keep on wire.settled;
drop trigger inbox_keep on wire.inbox;
create trigger outbox_keep before update or delete on wire.outbox
    for each row execute function wire.refuse_loss('sent', 'link');
create trigger settled_keep before update or delete on wire.settled
    for each row execute function wire.refuse_loss('sent', 'link');
create trigger inbox_keep before update or delete on wire.inbox
    for each row execute function wire.refuse_loss('received', 'sender');

-- One step each: at most `most` messages of a kind from before an instant; those that somebody holds are passed by.
create function wire.archive_sent(which text, before timestamptz, most integer, now_at timestamptz) returns integer
language plpgsql security definer set search_path = '' as $$
declare
    ids bigint[];
begin
    select array_agg(one.message_id) into ids from (
        select s.message_id from wire.settled s
        join wire.outbox o on o.created_at = s.created_at and o.message_id = s.message_id
        where s.settled_at < before and o.kind = which
        order by s.settled_at limit most for update of s skip locked) as one;
    if ids is null then
        return 0;
    end if;
    insert into wire.archived (at, side, peer, message_id, created_at, kind, person_id, sequence_no, message, receipt,
                               payload, settled_by, reason, archived_at)
        select s.settled_at, 'sent', s.link, s.message_id, s.created_at, o.kind, o.person_id, o.sequence_no, s.message,
               s.receipt, case when s.message is null then o.payload end, s.settled_by, s.reason, now_at
        from wire.settled s join wire.outbox o on o.created_at = s.created_at and o.message_id = s.message_id
        where s.message_id = any (ids);
    delete from wire.outbox o using wire.settled s
        where s.message_id = any (ids) and o.created_at = s.created_at and o.message_id = s.message_id;
    delete from wire.settled where message_id = any (ids);
    return cardinality(ids);
end $$;

create function wire.archive_received(which text, before timestamptz, most integer, now_at timestamptz) returns integer
language plpgsql security definer set search_path = '' as $$
declare
    keys wire.inbox[];
begin
    select array_agg(one) into keys from (
        select i from wire.inbox i where i.received_at < before and i.kind = which
        order by i.received_at limit most for update skip locked) as found (one);
    if keys is null then
        return 0;
    end if;
    insert into wire.archived (at, side, peer, message_id, kind, person_id, sequence_no, message, receipt, digest, archived_at)
        select k.received_at, 'received', k.sender, k.message_id, k.kind, k.person, k.sequence_no, k.message, k.receipt,
               k.digest, now_at
        from unnest(keys) as k;
    delete from wire.inbox i using unnest(keys) as k where i.sender = k.sender and i.message_id = k.message_id;
    return cardinality(keys);
end $$;

create or replace function wire.ensure_month(day date) returns void
language plpgsql security definer set search_path = '' as $$
declare
    first date := date_trunc('month', day)::date;
    low timestamptz := first::timestamp at time zone 'Asia/Tokyo';
    high timestamptz := (first + interval '1 month') at time zone 'Asia/Tokyo';
    suffix text := to_char(first, 'YYYYMM');
    parent text;
begin
    foreach parent in array array['outbox', 'settled', 'archived'] loop
        if to_regclass('wire.' || parent || '_' || suffix) is null then
            execute format('create table wire.%I partition of wire.%I for values from (%L) to (%L)',
                           parent || '_' || suffix, parent, low, high);
        end if;
    end loop;
end $$;

revoke execute on function wire.archive_sent(text, timestamptz, integer, timestamptz) from public;
revoke execute on function wire.archive_received(text, timestamptz, integer, timestamptz) from public;
grant execute on function wire.archive_sent(text, timestamptz, integer, timestamptz) to ${app};
grant execute on function wire.archive_received(text, timestamptz, integer, timestamptz) to ${app};
grant select on wire.archived to ${app};
