-- Counter-signatures (docs/trail.md): another system that has seen a root, and that it continues the one seen before, signs it.
-- Both tables are in every system: `counter_seal` holds what others signed of this log, `witnessed` what this one saw of others.
create table trail.counter_seal (
    batch_no bigint not null references trail.seal,
    signer text not null check (signer ~ '^[a-z]+$'),
    seen_at timestamptz not null,
    key_version integer not null,
    signature bytea not null check (octet_length(signature) = 64),
    primary key (batch_no, signer)
);

create table trail.witnessed (
    log text not null check (log ~ '^[a-z]+$'),
    size bigint not null check (size > 0),
    batch_no bigint not null,
    root bytea not null check (octet_length(root) = 32),
    seen_at timestamptz not null,
    primary key (log, size)
);

create trigger counter_seal_keep before update or delete on trail.counter_seal
    for each row execute function trail.refuse_change();
create trigger witnessed_keep before update or delete on trail.witnessed
    for each row execute function trail.refuse_change();
create trigger counter_seal_keep_all before truncate on trail.counter_seal execute function trail.refuse_change();
create trigger witnessed_keep_all before truncate on trail.witnessed execute function trail.refuse_change();

grant select, insert on trail.counter_seal, trail.witnessed to ${app};
