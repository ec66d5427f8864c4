-- The case (件): a notification on its way to the register (design, section 5).
-- Until it is registered nobody sees anything of it in the register; until it is finished its persons are claimed.

create table register.case_status (
    status text primary key,
    final boolean not null
);
insert into register.case_status (status, final) values
    ('new', false), ('received', false), ('provisional', false), ('checked', false), ('reviewed', false),
    ('decided', false), ('parked', false), ('returned', false),
    ('registered', true), ('refused', true), ('withdrawn', true);

create table register.case_transition (
    from_status text not null references register.case_status (status),
    to_status text not null references register.case_status (status),
    primary key (from_status, to_status)
);
insert into register.case_transition (from_status, to_status) values
    ('new', 'received'),
    ('received', 'provisional'), ('received', 'parked'), ('received', 'withdrawn'), ('received', 'refused'),
    ('provisional', 'received'), ('provisional', 'checked'), ('provisional', 'parked'),
    ('provisional', 'withdrawn'), ('provisional', 'refused'),
    ('checked', 'reviewed'), ('checked', 'returned'), ('checked', 'parked'), ('checked', 'refused'),
    ('reviewed', 'decided'), ('reviewed', 'returned'), ('reviewed', 'refused'),
    ('decided', 'registered'),
    ('returned', 'received'), ('returned', 'provisional'), ('returned', 'parked'), ('returned', 'withdrawn'),
    ('returned', 'refused'),
    ('parked', 'received'), ('parked', 'provisional'), ('parked', 'returned'), ('parked', 'checked'),
    ('parked', 'withdrawn'), ('parked', 'refused');

-- Case numbers count from one each day (R8-1124-0037).
create table register.case_day (
    on_day date primary key,
    last_serial integer not null
);

create table register.case_file (
    case_id bigint primary key,
    case_number text not null unique,
    request_token text not null unique,
    reason text not null,
    basis text not null,
    status text not null references register.case_status (status),
    parked_from text references register.case_status (status),
    park_reason text,
    counter_ticket text,
    office text not null,
    terminal text not null,
    entrant text not null,
    entered_by text[] not null,
    holder text,
    holder_terminal text,
    held_since timestamptz,
    reviewer text,
    decider text,
    reception jsonb not null,
    typed jsonb not null,
    notification jsonb,
    ids jsonb not null,
    focus text,
    page text,
    decisions jsonb not null,
    acknowledged jsonb not null,
    fingerprint jsonb,
    round integer not null,
    version integer not null check (version > 0),
    received_at timestamptz not null,
    updated_at timestamptz not null,
    sent_at timestamptz,
    ended_at timestamptz,
    change_id bigint references register.change (change_id),
    constraint reviewer_is_another check (reviewer is null or not (reviewer = any (entered_by))),
    constraint decider_is_another check (decider is null or not (decider = any (entered_by))),
    check (entrant = any (entered_by)),
    check ((status = 'parked') = (parked_from is not null)),
    check (status not in ('reviewed', 'decided', 'registered') or reviewer is not null),
    check (status not in ('decided', 'registered') or decider is not null),
    check ((status = 'registered') = (change_id is not null))
);
comment on column register.case_file.typed is 'every field as it was typed; numbers sealed';
comment on column register.case_file.notification is 'the same in normalised form, as understood at the last check';
comment on column register.case_file.ids is 'ids drawn in advance for new persons and households';
comment on column register.case_file.entered_by is 'every officer who typed into the case: none of them may review or decide it';
comment on column register.case_file.fingerprint is 'states seen when the plan was checked: [[person, state], ...]';
comment on column register.case_file.page is 'the page that saved last: its own next request is never stale';
comment on column register.case_file.round is 'how often the case was sent to review';
create index case_file_status on register.case_file (status, received_at);
create index case_file_entrant on register.case_file (entrant, status);
create index case_file_received on register.case_file (received_at);

-- What happened to a case, one row per act, never changed. Comments name a field and say what is wrong.
create table register.case_event (
    case_id bigint not null references register.case_file (case_id),
    version integer not null,
    act text not null,
    from_status text not null,
    to_status text not null,
    officer text not null,
    terminal text not null,
    at timestamptz not null,
    comments jsonb not null,
    primary key (case_id, version)
);

-- Re-keying by the reviewer: dates keyed again from the document, without sight of what was entered.
create table register.case_rekey (
    case_id bigint not null references register.case_file (case_id),
    round integer not null,
    field text not null,
    attempt smallint not null check (attempt in (1, 2)),
    keyed text not null,
    outcome text not null check (outcome in ('match', 'mismatch', 'settled', 'unsettled')),
    officer text not null,
    at timestamptz not null,
    primary key (case_id, round, field, attempt)
);

-- A person is claimed by one open case at a time (仮登録中).
create table register.case_person (
    case_id bigint not null references register.case_file (case_id),
    person_id bigint not null references register.person (person_id),
    open boolean not null,
    primary key (case_id, person_id)
);
create unique index case_person_open on register.case_person (person_id) where open;

create function register.guard_case() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a case is never deleted' using errcode = 'integrity_constraint_violation';
    end if;
    if tg_op = 'INSERT' then
        if new.status <> 'received' or new.version <> 1 then
            raise exception 'a case begins as received' using errcode = 'integrity_constraint_violation';
        end if;
        return new;
    end if;
    if exists (select from register.case_status s where s.status = old.status and s.final) then
        raise exception 'a finished case is never changed' using errcode = 'integrity_constraint_violation';
    end if;
    if new.version <> old.version + 1 then
        raise exception 'stale version of a case' using errcode = 'integrity_constraint_violation';
    end if;
    if new.status <> old.status and not exists (
        select from register.case_transition t where t.from_status = old.status and t.to_status = new.status
    ) then
        raise exception 'a case does not go from % to %', old.status, new.status
            using errcode = 'integrity_constraint_violation';
    end if;
    if row(new.case_id, new.case_number, new.request_token, new.reason, new.received_at)
        is distinct from row(old.case_id, old.case_number, old.request_token, old.reason, old.received_at)
        or not (old.entered_by <@ new.entered_by) then
        raise exception 'what identifies a case never changes' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger case_guard before insert or update or delete on register.case_file
    for each row execute function register.guard_case();

create function register.release_persons() returns trigger language plpgsql as $$
begin
    update register.case_person p set open = false
    where p.case_id = new.case_id and p.open
        and exists (select from register.case_status s where s.status = new.status and s.final);
    return null;
end $$;
create trigger case_release after update of status on register.case_file
    for each row execute function register.release_persons();

-- Checked at commit: each change of status has its row of history.
create function register.check_case() returns trigger language plpgsql as $$
begin
    if not exists (
        select from register.case_event e
        where e.case_id = new.case_id and e.version = new.version and e.to_status = new.status
    ) then
        raise exception 'a case changed its status without history'
            using errcode = 'integrity_constraint_violation';
    end if;
    if new.status = 'registered' and not exists (
        select from register.change c where c.change_id = new.change_id and c.case_id = new.case_id
            and c.entrant = new.entrant and c.reviewer = new.reviewer and c.decider = new.decider
    ) then
        raise exception 'a registered case without its change' using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;
create constraint trigger case_history after insert on register.case_file
    deferrable initially deferred for each row execute function register.check_case();
create constraint trigger case_history_update after update of status on register.case_file
    deferrable initially deferred for each row when (old.status is distinct from new.status)
    execute function register.check_case();

create trigger case_event_keep before update or delete on register.case_event
    for each row execute function register.refuse_change();
create trigger case_rekey_keep before update or delete on register.case_rekey
    for each row execute function register.refuse_change();

grant select on register.case_status, register.case_transition to register_app;
grant select, insert, update on register.case_day, register.case_file to register_app;
grant select, insert on register.case_event, register.case_rekey to register_app;
grant select, insert, update (open) on register.case_person to register_app;
