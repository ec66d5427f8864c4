-- Sealing (design, section 7; docs/trail.md): numbers beside the entries, a Merkle tree over them, signed batches.
--
-- Each entry knows its transaction. A sealed batch keeps the snapshot whose transactions are accounted for, so the next one takes
-- exactly what has become visible since, late committers included, whatever the clock does. Whoever writes entries cannot
-- choose the transaction: the column is not granted.
alter table trail.entry add column xid xid8 not null default pg_current_xact_id();
create index entry_transaction on trail.entry (xid, entry_id);
create index subject_entry on trail.subject (at, entry_id);

revoke insert on trail.entry from ${app};
grant insert (entry_id, at, act, officer, terminal, purpose, request_id, case_id, number_shown, refused,
              digest_before, digest_after, detail) on trail.entry to ${app};

create table trail.seal (
    batch_no bigint primary key check (batch_no > 0),
    log text not null check (log ~ '^[a-z]+$'),
    encoding smallint not null,
    size bigint not null check (size > 0),
    root bytea not null check (octet_length(root) = 32),
    sealed_at timestamptz not null,
    key_version integer not null,
    mark_version integer not null,
    signature bytea not null check (octet_length(signature) = 64),
    accounted pg_snapshot not null,
    cluster bigint not null
);
create unique index seal_size on trail.seal (size);
comment on column trail.seal.size is 'entries sealed so far, this batch included';
comment on column trail.seal.accounted is 'transactions whose entries are sealed, or that never will show any';
comment on column trail.seal.cluster is 'system identifier of the server whose transaction ids these are';

create table trail.leaf (
    seq bigint not null check (seq > 0),
    at timestamptz not null,
    entry_id bigint not null,
    leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
    mark bytea not null check (octet_length(mark) = 16),
    primary key (seq)
) partition by range (seq);
comment on column trail.leaf.mark is 'keyed mark over number and hash (HMAC, key outside the database): locates a forged leaf';

create table trail.node (
    height smallint not null check (height in (10, 20, 30)),
    position bigint not null,
    hash bytea not null check (octet_length(hash) = 32),
    primary key (height, position)
);
comment on table trail.node is 'roots of perfect subtrees: proofs in milliseconds, and old leaves may go after archiving';

-- A batch continues the one before it.
create function trail.seal_follows() returns trigger language plpgsql set search_path = '' as $$
declare
    before trail.seal;
begin
    select * into before from trail.seal where batch_no = new.batch_no - 1;
    if (before.batch_no is null and new.batch_no > 1) or before.size >= new.size or before.log <> new.log
       or before.sealed_at > new.sealed_at then
        raise exception 'a seal continues the one before it' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger seal_follows before insert on trail.seal for each row execute function trail.seal_follows();

create trigger seal_keep before update or delete on trail.seal
    for each row execute function trail.refuse_change();
create trigger leaf_keep before update or delete on trail.leaf
    for each row execute function trail.refuse_change();
create trigger node_keep before update or delete on trail.node
    for each row execute function trail.refuse_change();
create trigger entry_keep_all before truncate on trail.entry execute function trail.refuse_change();
create trigger subject_keep_all before truncate on trail.subject execute function trail.refuse_change();
create trigger seal_keep_all before truncate on trail.seal execute function trail.refuse_change();
create trigger leaf_keep_all before truncate on trail.leaf execute function trail.refuse_change();
create trigger node_keep_all before truncate on trail.node execute function trail.refuse_change();

-- One partition for each 1,048,576 numbers: a perfect subtree, whose root stays in trail.node. Attached, not made in place, so
-- that a long verification never stops the sealer.
create function trail.ensure_leaves(first bigint, last bigint) returns void
    language plpgsql security definer set search_path = '' as $$
declare
    width constant bigint := 1048576;
    name text;
begin
    for part in (first - 1) / width .. (last - 1) / width loop
        name := 'leaf_' || lpad(part::text, 6, '0');
        if to_regclass('trail.' || name) is null then
            execute format('create table trail.%I (like trail.leaf including all)', name);
            execute format('create unique index %I on trail.%I (entry_id)', name || '_entry', name);
            execute format('alter table trail.leaf attach partition trail.%I for values from (%s) to (%s)',
                           name, part * width + 1, (part + 1) * width + 1);
        end if;
    end loop;
end $$;
revoke execute on function trail.ensure_leaves(bigint, bigint) from public;

-- After a dump was restored into another server, its transaction ids mean nothing there: the owner gives every entry the
-- present one (docs/trail.md, "Another server"), and the sealer then looks for entries without a number once.
create function trail.adopt() returns void language plpgsql set search_path = '' as $$
begin
    alter table trail.entry drop column xid;
    alter table trail.entry add column xid xid8 not null default pg_current_xact_id();
    create index entry_transaction on trail.entry (xid, entry_id);
end $$;
revoke execute on function trail.adopt() from public;

grant usage on schema trail to ${seal};
grant select on trail.entry, trail.subject to ${seal};
grant select, insert on trail.seal, trail.leaf, trail.node to ${seal};
grant execute on function trail.ensure_leaves(bigint, bigint) to ${seal};
grant select on trail.seal, trail.leaf, trail.node to ${app};
