-- Four eyes: a request, its decision, a witness, one ending. Every row is written once and never changed; what happens to a
-- request is a row beside it. The keys are the fence: one decision, one ending, whoever clicks twice or at once.
create schema approvals authorization current_user;

create table approvals.request (
    approval_id bigint primary key,
    subject text not null check (subject <> ''),
    kind text not null check (kind in
        ('bulk-output', 'media-output', 'disposal', 'backup-take-out', 'hand-provision', 'protection-release')),
    purpose text not null check (purpose <> ''),
    basis text not null check (basis <> ''),
    items text[] not null check (cardinality(items) > 0),
    condition text not null,
    rows integer not null check (rows > 0),
    tolerance integer not null check (tolerance >= 0),
    medium text not null,
    destination text not null check (destination <> ''),
    concerns text[] not null,
    requested_by text not null,
    terminal text not null,
    requested_at timestamptz not null,
    valid_until timestamptz not null,
    digest bytea not null check (length(digest) = 32),
    check (valid_until > requested_at),
    check ((kind in ('media-output', 'backup-take-out')) = (medium <> ''))
);
comment on column approvals.request.condition is 'canonical JSON; describes a set of records, never names anybody';
comment on column approvals.request.digest is 'SHA-256 of the canonical form of this row';
create index request_open on approvals.request (valid_until);
create index request_own on approvals.request (requested_by, requested_at);

create table approvals.decision (
    approval_id bigint primary key references approvals.request,
    is_approved boolean not null,
    comment text not null,
    seen bytea not null,
    decided_by text not null,
    terminal text not null,
    terminal_class text not null,
    decided_at timestamptz not null
);

create table approvals.presence (
    approval_id bigint not null references approvals.request,
    at timestamptz not null,
    witness text not null,
    terminal text not null,
    seen bytea not null,
    primary key (approval_id, at)
);

create table approvals.ending (
    approval_id bigint primary key references approvals.request,
    how text not null check (how in ('executed', 'withdrawn', 'voided')),
    why text not null,
    rows integer check (rows >= 0),
    ended_by text not null,
    terminal text not null,
    at timestamptz not null,
    check ((how = 'executed') = (rows is not null)),
    check ((how = 'voided') = (why <> ''))
);

-- What was written out waits here, encrypted, until whoever asked says that it was received.
create table approvals.output (
    approval_id bigint primary key references approvals.ending,
    file_name text not null,
    content_type text not null,
    size bigint not null check (size >= 0),
    sha256 bytea not null check (length(sha256) = 32),
    key_version integer not null,
    made_at timestamptz not null
);
create table approvals.output_part (
    approval_id bigint not null references approvals.request,
    part_no integer not null check (part_no > 0),
    content bytea not null,
    primary key (approval_id, part_no)
);
create table approvals.taking (
    approval_id bigint not null references approvals.output,
    at timestamptz not null,
    taken_by text not null,
    terminal text not null
);
create index taking_of on approvals.taking (approval_id);
create table approvals.receipt (
    approval_id bigint primary key references approvals.output,
    received_by text not null,
    note text not null,
    terminal text not null,
    at timestamptz not null
);

create function approvals.keep() returns trigger language plpgsql as $$
begin
    raise exception 'rows of %.% are never changed or deleted', tg_table_schema, tg_table_name
        using errcode = 'integrity_constraint_violation';
end $$;
create trigger request_keep before update or delete on approvals.request for each row execute function approvals.keep();
create trigger decision_keep before update or delete on approvals.decision for each row execute function approvals.keep();
create trigger presence_keep before update or delete on approvals.presence for each row execute function approvals.keep();
create trigger ending_keep before update or delete on approvals.ending for each row execute function approvals.keep();
create trigger output_keep before update or delete on approvals.output for each row execute function approvals.keep();
create trigger taking_keep before update or delete on approvals.taking for each row execute function approvals.keep();
create trigger receipt_keep before update or delete on approvals.receipt for each row execute function approvals.keep();
create trigger output_part_keep before update on approvals.output_part for each row execute function approvals.keep();

-- The rules again, whatever the program thinks.
create function approvals.guard_decision() returns trigger language plpgsql security definer set search_path = '' as $$
declare
    asked approvals.request;
begin
    select * into asked from approvals.request r where r.approval_id = new.approval_id;
    if new.decided_by = asked.requested_by or new.decided_by = any (asked.concerns) then
        raise exception 'nobody decides what they asked for or what concerns them' using errcode = 'check_violation';
    end if;
    if new.seen <> asked.digest or new.decided_at >= asked.valid_until
        or exists (select from approvals.ending e where e.approval_id = new.approval_id) then
        raise exception 'the request is not open for this decision' using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger decision_guard before insert on approvals.decision
    for each row execute function approvals.guard_decision();

create function approvals.guard_presence() returns trigger language plpgsql security definer set search_path = '' as $$
declare
    asked approvals.request;
    decided approvals.decision;
begin
    select * into asked from approvals.request r where r.approval_id = new.approval_id;
    select * into decided from approvals.decision d where d.approval_id = new.approval_id;
    if decided.is_approved is not true or new.seen <> asked.digest
        or new.witness in (asked.requested_by, decided.decided_by) or new.witness = any (asked.concerns) then
        raise exception 'a witness is a third officer of something approved' using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger presence_guard before insert on approvals.presence
    for each row execute function approvals.guard_presence();

create function approvals.guard_ending() returns trigger language plpgsql security definer set search_path = '' as $$
declare
    asked approvals.request;
begin
    select * into asked from approvals.request r where r.approval_id = new.approval_id;
    if new.how = 'executed' and (
        new.ended_by <> asked.requested_by
        or new.at >= asked.valid_until
        or abs(new.rows - asked.rows) > asked.tolerance
        or not exists (select from approvals.decision d where d.approval_id = new.approval_id and d.is_approved)
        or asked.kind = 'media-output'
            and not exists (select from approvals.presence p where p.approval_id = new.approval_id)
    ) then
        raise exception 'only what is approved is carried out' using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger ending_guard before insert on approvals.ending
    for each row execute function approvals.guard_ending();

grant usage on schema approvals to ${app};
grant select, insert on all tables in schema approvals to ${app};
grant delete on approvals.output_part to ${app};
