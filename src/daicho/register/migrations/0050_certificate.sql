-- The certificate: masters with periods of validity, numbers, issues, and the paper itself, stored once (design, section 8).

-- Who attests (市長 or 職務代理者), title with the prefecture named (STD 5.6).
create table register.paper_attestor (
    attestor_id bigint primary key,
    kind text not null check (kind in ('mayor', 'acting')),
    title text not null,
    name text not null,
    valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
    exclude using gist (valid with &&)
);

-- The registered image of the official seal: black, at most 25 mm square (STD 5.6).
create table register.paper_seal (
    seal_id bigint primary key,
    kind text not null check (kind in ('mayor', 'certificate', 'acting')),
    svg text not null,
    size_mm numeric(4, 1) not null check (size_mm > 0 and size_mm <= 25),
    note text not null,
    specimen boolean not null,
    valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
    exclude using gist (valid with &&)
);
comment on column register.paper_seal.specimen is 'a drawing for synthetic tenants; never printed for real people';

-- Fees by ordinance, yen a copy.
create table register.paper_fee (
    fee_id bigint primary key,
    kind text not null,
    yen integer not null check (yen >= 0),
    valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
    exclude using gist (kind with =, valid with &&)
);

-- Which printer stands at which terminal. A terminal without one leaves that part of the number out (STD 5.5).
create table register.paper_printer (
    terminal text primary key,
    label text not null
);

-- The last serial given at a terminal on a day.
create table register.certificate_serial (
    issued_on date not null,
    terminal text not null,
    last_serial integer not null check (last_serial > 0),
    primary key (issued_on, terminal)
);

-- One application (請求): who asked for whose copy, on which authority, what for, which items.
create table register.certificate_application (
    application_id bigint primary key,
    kind text not null check (kind in ('household_copy')),
    household_id bigint not null references register.household (household_id),
    person_ids bigint[] not null check (cardinality(person_ids) > 0),
    authority text not null check (authority in ('1', '2', '3', '4', '5', '6', '7')),
    requester text not null,
    requester_person bigint references register.person (person_id),
    identity_document text not null,
    use_code text not null,
    use_text text not null,
    reason text not null,
    items text[] not null,
    copies integer not null check (copies between 1 and 20),
    fee_id bigint references register.paper_fee (fee_id),
    fee_yen integer not null check (fee_yen >= 0),
    by_mail boolean not null,
    fingerprint jsonb not null,
    officer text not null,
    terminal text not null,
    office text not null,
    requested_at timestamptz not null,
    check (requester <> '' or requester_person is not null)
);
comment on column register.certificate_application.fee_yen is 'yen a copy; 0 for official use';
comment on column register.certificate_application.fingerprint is 'states of the whole household at the preview: [[person, state], ...]';
create index certificate_application_household on register.certificate_application (household_id);

-- One copy: number, code, what made it, and where it is: reserved -> issued | voided, issued -> misprinted.
create table register.certificate (
    certificate_id bigint primary key,
    application_id bigint not null references register.certificate_application (application_id),
    copy_no integer not null check (copy_no > 0),
    issued_on date not null,
    terminal text not null,
    serial integer not null check (serial > 0),
    number_parts text[] not null,
    code text not null unique check (code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
    status text not null check (status in ('reserved', 'issued', 'voided', 'misprinted')),
    attestor_id bigint not null references register.paper_attestor (attestor_id),
    seal_id bigint not null references register.paper_seal (seal_id),
    synthetic boolean not null,
    view_digest bytea not null check (length(view_digest) = 32),
    file_digest bytea not null check (length(file_digest) = 32),
    pages jsonb not null,
    tight jsonb not null,
    template text not null,
    engine text not null,
    font text not null,
    reserved_at timestamptz not null,
    settled_at timestamptz,
    settled_by text,
    misprint_reason text,
    unique (application_id, copy_no),
    unique (issued_on, terminal, serial),
    check ((status = 'reserved') = (settled_at is null)),
    check ((settled_at is null) = (settled_by is null)),
    check ((status = 'misprinted') = (misprint_reason is not null))
);
comment on column register.certificate.pages is 'positions (from 0) of the persons on each page';

create table register.certificate_person (
    certificate_id bigint not null references register.certificate (certificate_id),
    position integer not null check (position > 0),
    person_id bigint not null,
    state_id bigint not null references register.resident_state (state_id),
    primary key (certificate_id, position),
    unique (certificate_id, person_id)
);
create index certificate_person_person on register.certificate_person (person_id, certificate_id);

create table register.certificate_file (
    certificate_id bigint primary key references register.certificate (certificate_id),
    pdf bytea not null
);

-- An alarm stops a service until an administrator lifts it with a reason.
create table register.service_state (
    stop_id bigint primary key,
    service text not null check (service in ('certificate')),
    code text not null,
    place text not null,
    stopped_at timestamptz not null,
    stopped_by text not null,
    lifted_at timestamptz,
    lifted_by text,
    lift_reason text,
    check ((lifted_at is null) = (lifted_by is null)),
    check ((lifted_at is null) = (lift_reason is null)),
    check (lift_reason is null or lift_reason <> '')
);
create index service_stopped on register.service_state (service) where lifted_at is null;

create function register.guard_certificate() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a certificate is never deleted' using errcode = 'integrity_constraint_violation';
    end if;
    if tg_op = 'INSERT' then
        if new.status <> 'reserved' then
            raise exception 'a certificate begins as reserved' using errcode = 'integrity_constraint_violation';
        end if;
        return new;
    end if;
    if (old.status, new.status) not in (('reserved', 'issued'), ('reserved', 'voided'), ('issued', 'misprinted')) then
        raise exception 'a certificate does not go from % to %', old.status, new.status
            using errcode = 'integrity_constraint_violation';
    end if;
    if (to_jsonb(new) - array['status', 'settled_at', 'settled_by', 'misprint_reason'])
        is distinct from (to_jsonb(old) - array['status', 'settled_at', 'settled_by', 'misprint_reason']) then
        raise exception 'what identifies a certificate never changes'
            using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger certificate_guard before insert or update or delete on register.certificate
    for each row execute function register.guard_certificate();
create trigger certificate_application_keep before update or delete on register.certificate_application
    for each row execute function register.refuse_change();
create trigger certificate_person_keep before update or delete on register.certificate_person
    for each row execute function register.refuse_change();
create trigger certificate_file_keep before update or delete on register.certificate_file
    for each row execute function register.refuse_change();

create function register.guard_service_state() returns trigger language plpgsql as $$
begin
    if old.lifted_at is not null
        or (to_jsonb(new) - array['lifted_at', 'lifted_by', 'lift_reason'])
            is distinct from (to_jsonb(old) - array['lifted_at', 'lifted_by', 'lift_reason']) then
        raise exception 'a stop is lifted once and never rewritten' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger service_state_guard before update on register.service_state
    for each row execute function register.guard_service_state();
create trigger service_state_keep before delete on register.service_state
    for each row execute function register.refuse_change();

grant select on register.paper_attestor, register.paper_seal, register.paper_fee, register.paper_printer to ${app};
grant select, insert, update (last_serial) on register.certificate_serial to ${app};
grant select, insert on register.certificate_application, register.certificate_person, register.certificate_file to ${app};
grant select, insert, update (status, settled_at, settled_by, misprint_reason) on register.certificate to ${app};
grant select, insert, update (lifted_at, lifted_by, lift_reason) on register.service_state to ${app};
create index certificate_reserved on register.certificate (terminal) where status = 'reserved';
