-- Some contents may not be kept: the dispatch file is deleted one business day after it was passed on (control D-STO-01).
-- What stays of such a message is that it was said and taken: digest and receipt, nothing of what it said.
create table wire.disposable (kind text primary key);
comment on table wire.disposable is 'kinds of messages whose content is disposed of after it was passed on';
insert into wire.disposable (kind) values ('dispatch-data');

create table wire.disposed (
    side text not null check (side in ('sent', 'received')),
    peer text not null,
    message_id bigint not null,
    kind text not null references wire.disposable (kind),
    person_id bigint not null,
    sequence_no bigint not null,
    digest bytea,
    receipt text,
    disposed_at timestamptz not null,
    primary key (side, peer, message_id)
);
comment on table wire.disposed is 'evidence without content; peer is the link (sent) or the sender (received), as in wire.archived';
create trigger disposed_keep before update or delete on wire.disposed
    for each row execute function wire.refuse_change();

-- As before, and: nothing is deleted that is neither in the archive word for word nor disposed of.
create or replace function wire.refuse_loss() returns trigger language plpgsql set search_path = '' as $$
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
    if tg_op = 'DELETE' and exists (
        select from wire.disposed d
        where d.message_id = old.message_id and d.side = coalesce(was ->> 'side', tg_argv[0])
            and d.peer = was ->> tg_argv[1]) then
        return old;
    end if;
    raise exception 'what was sent and received is never changed' using errcode = 'integrity_constraint_violation';
end $$;
drop trigger archived_keep on wire.archived;
create trigger archived_keep before update or delete on wire.archived
    for each row execute function wire.refuse_loss('archived', 'peer');
drop trigger refusal_keep on wire.refusal;
create trigger refusal_keep before update or delete on wire.refusal
    for each row execute function wire.refuse_loss('sent', 'link');

create function wire.digest_of(message text) returns bytea language sql immutable set search_path = '' as $$
    select sha256(decode(rpad(t.part, (length(t.part) + 3) / 4 * 4, '='), 'base64'))
    from (select translate(split_part(message, '.', 2), '-_', '+/') as part) t
$$;

-- Dispose of settled messages of a link, or of received ones of a sender; those that are not there are passed over.
create function wire.dispose_sent(which text, ids bigint[], now_at timestamptz) returns integer
language plpgsql security definer set search_path = '' as $$
declare
    n integer;
begin
    insert into wire.disposed (side, peer, message_id, kind, person_id, sequence_no, digest, receipt, disposed_at)
        select 'sent', s.link, s.message_id, o.kind, o.person_id, o.sequence_no, wire.digest_of(s.message), s.receipt, now_at
        from wire.settled s join wire.outbox o on o.created_at = s.created_at and o.message_id = s.message_id
        join wire.disposable k on k.kind = o.kind where s.link = which and s.message_id = any (ids)
        union all
        select 'sent', a.peer, a.message_id, a.kind, a.person_id, a.sequence_no, wire.digest_of(a.message), a.receipt, now_at
        from wire.archived a join wire.disposable k on k.kind = a.kind
        where a.side = 'sent' and a.peer = which and a.message_id = any (ids)
        on conflict do nothing;
    get diagnostics n = row_count;
    delete from wire.outbox o using wire.disposed d
        where d.side = 'sent' and d.peer = which and d.message_id = any (ids) and o.message_id = d.message_id and o.link = which;
    delete from wire.settled s using wire.disposed d
        where d.side = 'sent' and d.peer = which and d.message_id = any (ids) and s.message_id = d.message_id and s.link = which;
    delete from wire.refusal r using wire.disposed d
        where d.side = 'sent' and d.peer = which and d.message_id = any (ids) and r.message_id = d.message_id and r.link = which;
    delete from wire.archived a using wire.disposed d
        where d.side = 'sent' and d.peer = which and d.message_id = any (ids)
            and a.side = 'sent' and a.peer = which and a.message_id = d.message_id;
    return n;
end $$;

create function wire.dispose_received(which text, ids bigint[], now_at timestamptz) returns integer
language plpgsql security definer set search_path = '' as $$
declare
    n integer;
begin
    insert into wire.disposed (side, peer, message_id, kind, person_id, sequence_no, digest, receipt, disposed_at)
        select 'received', i.sender, i.message_id, i.kind, i.person, i.sequence_no, i.digest, i.receipt, now_at
        from wire.inbox i join wire.disposable k on k.kind = i.kind where i.sender = which and i.message_id = any (ids)
        union all
        select 'received', a.peer, a.message_id, a.kind, a.person_id, a.sequence_no, a.digest, a.receipt, now_at
        from wire.archived a join wire.disposable k on k.kind = a.kind
        where a.side = 'received' and a.peer = which and a.message_id = any (ids)
        on conflict do nothing;
    get diagnostics n = row_count;
    delete from wire.inbox i using wire.disposed d
        where d.side = 'received' and d.peer = which and d.message_id = any (ids) and i.message_id = d.message_id and i.sender = which;
    delete from wire.archived a using wire.disposed d
        where d.side = 'received' and d.peer = which and d.message_id = any (ids)
            and a.side = 'received' and a.peer = which and a.message_id = d.message_id;
    return n;
end $$;

revoke execute on function wire.dispose_sent(text, bigint[], timestamptz) from public;
revoke execute on function wire.dispose_received(text, bigint[], timestamptz) from public;
grant execute on function wire.dispose_sent(text, bigint[], timestamptz) to ${app};
grant execute on function wire.dispose_received(text, bigint[], timestamptz) to ${app};
grant select on wire.disposed, wire.disposable to ${app};
