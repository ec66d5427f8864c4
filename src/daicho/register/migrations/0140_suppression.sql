-- Suppression (抑止, STD 3.1): per process, person or household, several at once. A row never changes: setting, release
-- and temporary release are rows of their own, so that the end day passes without ending anything.
create table register.suppression (
    suppression_id bigint primary key,
    person_id bigint references register.person (person_id),
    household_id bigint references register.household (household_id),
    on_change text not null check (on_change in ('none', 'alert', 'error')),
    on_issue text not null check (on_issue in ('none', 'alert', 'error')),
    on_inquiry text not null check (on_inquiry in ('none', 'alert', 'error')),
    from_on date not null,
    until_on date,
    reason text not null check (reason <> ''),
    note text not null,
    officer text not null,
    terminal text not null,
    set_at timestamptz not null,
    check ((person_id is null) <> (household_id is null)),
    check (until_on is null or until_on >= from_on),
    check (not (on_change = 'none' and on_issue = 'none' and on_inquiry = 'none'))
);
create index suppression_person on register.suppression (person_id);
create index suppression_household on register.suppression (household_id);
comment on column register.suppression.until_on is 'planned end; passing it ends nothing (STD 3.1)';

create table register.suppression_release (
    suppression_id bigint primary key references register.suppression (suppression_id),
    reason text not null check (reason <> ''),
    officer text not null,
    terminal text not null,
    released_at timestamptz not null
);

-- Temporary release: works between two instants, reverts by itself, is never told to another system.
create table register.suppression_lift (
    lift_id bigint primary key,
    suppression_id bigint not null references register.suppression (suppression_id),
    reason text not null check (reason <> ''),
    officer text not null,
    terminal text not null,
    from_at timestamptz not null,
    until_at timestamptz not null,
    check (until_at > from_at and until_at <= from_at + interval '8 hours')
);
create index suppression_lift_of on register.suppression_lift (suppression_id);

-- Protection (支援措置, STD 1.1.16, 3.4): an application, the persons it protects, and what was decided about it.
create table register.protection (
    protection_id bigint primary key,
    protection_number text not null unique,
    applicant_id bigint not null references register.person (person_id),
    origin text not null check (origin in ('own', 'forwarded')),
    origin_municipality text,
    applied_on date not null,
    officer text not null,
    terminal text not null,
    office text not null,
    received_at timestamptz not null,
    check ((origin = 'forwarded') = (origin_municipality is not null))
);
comment on column register.protection.applied_on is '申出の年月日; for a forwarded application the day it was received';

create table register.protection_person (
    protection_id bigint not null references register.protection (protection_id),
    person_id bigint not null references register.person (person_id),
    role text not null check (role in ('applicant', 'together')),
    relation text not null,
    primary key (protection_id, person_id)
);
create index protection_person_person on register.protection_person (person_id);
create unique index protection_applicant on register.protection_person (protection_id) where role = 'applicant';

create table register.protection_release (
    release_id bigint primary key,
    protection_id bigint not null references register.protection (protection_id),
    seen_version integer not null,
    reason text not null check (reason in ('asked', 'expired', 'not_needed', 'refused')),
    comment text not null check (comment <> ''),
    informed_on date,
    requested_by text not null,
    terminal text not null,
    requested_at timestamptz not null
);
create index protection_release_of on register.protection_release (protection_id);

create table register.protection_release_decision (
    release_id bigint primary key references register.protection_release (release_id),
    outcome text not null check (outcome in ('approved', 'refused')),
    comment text not null,
    decided_by text not null,
    terminal text not null,
    decided_at timestamptz not null
);

-- Each row is the whole of what holds after the act. `details` is sealed: contacts, addresses, counterpart, memo.
create table register.protection_event (
    protection_id bigint not null references register.protection (protection_id),
    version integer not null check (version > 0),
    act text not null check (act in ('provisional', 'receive', 'amend', 'decide', 'extend', 'correct', 'end')),
    status text not null check (status in ('provisional', 'decided', 'ended')),
    provisional_on date,
    starts_on date,
    ends_on date,
    duties text[] not null,
    details text,
    officer text not null,
    terminal text not null,
    at timestamptz not null,
    release_id bigint unique references register.protection_release (release_id),
    primary key (protection_id, version),
    check (status <> 'provisional' or provisional_on is not null),
    check ((starts_on is null) = (ends_on is null) and (ends_on is null or ends_on >= starts_on)),
    check (status <> 'decided' or starts_on is not null),
    check ((act = 'end') = (status = 'ended') and (act = 'end') = (release_id is not null)),
    check ((version = 1) = (act in ('provisional', 'receive')))
);
-- What holds now, written by the trigger of the events alone.
create table register.protection_now (
    protection_id bigint primary key references register.protection (protection_id),
    version integer not null,
    status text not null,
    provisional_on date,
    starts_on date,
    ends_on date
);
create index protection_in_force on register.protection_now (protection_id) where status <> 'ended';

create table register.protection_forward (
    protection_id bigint not null references register.protection (protection_id),
    municipality text not null check (municipality <> ''),
    forwarded_on date not null,
    officer text not null,
    terminal text not null,
    recorded_at timestamptz not null,
    primary key (protection_id, municipality)
);
create table register.protection_notified (
    protection_id bigint not null references register.protection (protection_id),
    section text not null,
    version integer not null,
    officer text not null,
    terminal text not null,
    notified_at timestamptz not null,
    primary key (protection_id, section, version)
);
comment on column register.protection_notified.version is 'the state of the measure that the section was told';

-- Opening what a shield hides (S21), or issuing in spite of it: one officer, these persons, some minutes, a second person.
create table register.opening (
    opening_id bigint primary key,
    kind text not null check (kind in ('look', 'issue')),
    person_ids bigint[] not null check (cardinality(person_ids) > 0),
    purpose text not null,
    reason text not null check (reason <> ''),
    minutes integer not null check (minutes between 1 and 60),
    requested_by text not null,
    terminal text not null,
    requested_at timestamptz not null
);
create index opening_requested_by on register.opening (requested_by, requested_at);
create table register.opening_decision (
    opening_id bigint primary key references register.opening (opening_id),
    outcome text not null check (outcome in ('approved', 'refused')),
    reason text not null check (reason <> ''),
    decided_by text not null,
    terminal text not null,
    decided_at timestamptz not null,
    until_at timestamptz not null check (until_at >= decided_at)
);

create function register.guard_protection_event() returns trigger language plpgsql security definer
    set search_path = '' as $$
declare
    held record;
begin
    select * into held from register.protection_now n where n.protection_id = new.protection_id for update;
    if new.version <> coalesce(held.version, 0) + 1 then
        raise exception 'stale version of a protection' using errcode = 'serialization_failure';
    end if;
    if held.status = 'ended' then
        raise exception 'an ended protection is never taken up again' using errcode = 'integrity_constraint_violation';
    end if;
    if held.status = 'decided' and new.status = 'provisional' then
        raise exception 'a decided protection does not become provisional'
            using errcode = 'integrity_constraint_violation';
    end if;
    if new.act = 'end' and not exists (
        select from register.protection_release r join register.protection_release_decision d using (release_id)
        where r.release_id = new.release_id and r.protection_id = new.protection_id and d.outcome = 'approved'
            and r.seen_version = held.version and d.decided_by = new.officer
    ) then
        raise exception 'a protection ends only by a decided release' using errcode = 'integrity_constraint_violation';
    end if;
    insert into register.protection_now as n (protection_id, version, status, provisional_on, starts_on, ends_on)
    values (new.protection_id, new.version, new.status, new.provisional_on, new.starts_on, new.ends_on)
    on conflict (protection_id) do update
        set version = excluded.version, status = excluded.status, provisional_on = excluded.provisional_on,
            starts_on = excluded.starts_on, ends_on = excluded.ends_on;
    return new;
end $$;
create trigger protection_event_guard before insert on register.protection_event
    for each row execute function register.guard_protection_event();

-- Two persons, looked at again at the moment of the decision: the version that was seen, no newer application.
create function register.guard_release_decision() returns trigger language plpgsql security definer
    set search_path = '' as $$
declare
    asked record;
begin
    select * into asked from register.protection_release r where r.release_id = new.release_id;
    if asked.requested_by = new.decided_by then
        raise exception 'who asks for a release does not decide it'
            using errcode = 'check_violation', constraint = 'release_by_two';
    end if;
    if new.outcome = 'refused' then
        return new;
    end if;
    perform from register.protection_now n
        where n.protection_id = asked.protection_id and n.version = asked.seen_version and n.status <> 'ended'
        for update;
    if not found then
        raise exception 'the protection has changed since the release was asked for'
            using errcode = 'check_violation', constraint = 'release_of_seen_version';
    end if;
    if register.newer_application(asked.protection_id) then
        raise exception 'a newer application protects one of these persons'
            using errcode = 'check_violation', constraint = 'release_against_newer';
    end if;
    return new;
end $$;

create function register.newer_application(old_id bigint) returns boolean language sql stable set search_path = '' as $$
    select exists (
        select from register.protection o
        join register.protection_person op on op.protection_id = o.protection_id
        join register.protection_person np on np.person_id = op.person_id and np.protection_id <> o.protection_id
        join register.protection n on n.protection_id = np.protection_id
        join register.protection_now s on s.protection_id = n.protection_id
        where o.protection_id = old_id and s.status <> 'ended'
            and (n.received_at, n.protection_id) > (o.received_at, o.protection_id)
    )
$$;
create trigger release_decision_guard before insert on register.protection_release_decision
    for each row execute function register.guard_release_decision();

create function register.guard_opening_decision() returns trigger language plpgsql set search_path = '' as $$
begin
    if exists (select from register.opening o where o.opening_id = new.opening_id
               and o.requested_by = new.decided_by) then
        raise exception 'who asks for an opening does not decide it'
            using errcode = 'check_violation', constraint = 'opening_by_two';
    end if;
    if exists (select from register.opening o where o.opening_id = new.opening_id
               and new.until_at > new.decided_at + make_interval(mins => o.minutes)) then
        raise exception 'an opening is never longer than asked for'
            using errcode = 'check_violation', constraint = 'opening_in_time';
    end if;
    return new;
end $$;
create trigger opening_decision_guard before insert on register.opening_decision
    for each row execute function register.guard_opening_decision();

-- Suppressions in force on a day for some persons, their household's included. `lifted`: temporarily released now.
create function register.suppressions_of(people bigint[], today date, at timestamptz)
returns table (person_id bigint, suppression_id bigint, on_change text, on_issue text, on_inquiry text, until_on date,
               reason text, lifted boolean)
language sql stable set search_path = '' as $$
    select f.person_id, s.suppression_id, s.on_change, s.on_issue, s.on_inquiry, s.until_on, s.reason,
           exists (select from register.suppression_lift l where l.suppression_id = s.suppression_id
                   and l.from_at <= at and at < l.until_at)
    from (
        select p.person_id, s.suppression_id from unnest(people) p (person_id)
            join register.suppression s on s.person_id = p.person_id
        union
        select c.person_id, s.suppression_id from register.resident_current c
            join register.suppression s on s.household_id = c.household_id
            where c.person_id = any (people) and c.status = 'resident'
    ) f join register.suppression s on s.suppression_id = f.suppression_id
    where s.from_on <= today
        and not exists (select from register.suppression_release r where r.suppression_id = s.suppression_id)
$$;

-- Persons under a protection in force. Nothing here looks at dates: what has expired protects until it is ended.
create view register.protected_person as
    select p.person_id, p.protection_id, p.role
    from register.protection_person p join register.protection_now n using (protection_id)
    where n.status <> 'ended';

-- Whose place must not show: protected persons, who lives under one roof with one, who is suppressed for inquiry.
create function register.shielded_of(people bigint[], today date, at timestamptz)
returns table (person_id bigint, own boolean) language sql stable set search_path = '' as $$
    select p.person_id,
           exists (select from register.protected_person x where x.person_id = p.person_id)
    from unnest(people) p (person_id)
    where exists (select from register.protected_person x where x.person_id = p.person_id)
        or exists (
            select from register.resident_current c
            join register.resident_current h on h.household_id = c.household_id
            join register.protected_person x on x.person_id = h.person_id
            where c.person_id = p.person_id and c.status = 'resident' and h.status = 'resident'
                and (c.removed_from is null or c.removed_from > today)
                and (h.removed_from is null or h.removed_from > today)
        )
        or exists (
            select from register.suppressions_of(array[p.person_id], today, at) s
            where s.on_inquiry = 'error' and not s.lifted
        )
$$;

-- All of them, for searches by place: a place leads to nobody who is hidden.
create function register.all_shielded(today date, at timestamptz) returns setof bigint
language sql stable set search_path = '' as $$
    select s.person_id from register.shielded_of(array(
        select x.person_id from register.protected_person x
        union
        select c.person_id from register.protected_person x
            join register.resident_current h on h.person_id = x.person_id
            join register.resident_current c on c.household_id = h.household_id
        union
        select p.person_id from register.suppression p where p.on_inquiry = 'error' and p.person_id is not null
        union
        select c.person_id from register.suppression p join register.resident_current c
            on c.household_id = p.household_id where p.on_inquiry = 'error'
    ), today, at) s
$$;

create trigger suppression_keep before update or delete on register.suppression
    for each row execute function register.refuse_change();
create trigger suppression_release_keep before update or delete on register.suppression_release
    for each row execute function register.refuse_change();
create trigger suppression_lift_keep before update or delete on register.suppression_lift
    for each row execute function register.refuse_change();
create trigger protection_keep before update or delete on register.protection
    for each row execute function register.refuse_change();
create trigger protection_person_keep before update or delete on register.protection_person
    for each row execute function register.refuse_change();
create trigger protection_release_keep before update or delete on register.protection_release
    for each row execute function register.refuse_change();
create trigger protection_release_decision_keep before update or delete on register.protection_release_decision
    for each row execute function register.refuse_change();
create trigger protection_event_keep before update or delete on register.protection_event
    for each row execute function register.refuse_change();
create trigger protection_forward_keep before update or delete on register.protection_forward
    for each row execute function register.refuse_change();
create trigger protection_notified_keep before update or delete on register.protection_notified
    for each row execute function register.refuse_change();
create trigger opening_keep before update or delete on register.opening
    for each row execute function register.refuse_change();
create trigger opening_decision_keep before update or delete on register.opening_decision
    for each row execute function register.refuse_change();

-- A measure without its first act, or without its applicant, protects nobody: refused at commit.
create function register.check_protection() returns trigger language plpgsql set search_path = '' as $$
begin
    if not exists (select from register.protection_now n where n.protection_id = new.protection_id)
        or not exists (select from register.protection_person p where p.protection_id = new.protection_id
                       and p.role = 'applicant' and p.person_id = new.applicant_id) then
        raise exception 'a protection begins with its first act and its applicant'
            using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;
create constraint trigger protection_complete after insert on register.protection
    deferrable initially deferred for each row execute function register.check_protection();

create sequence register.protection_serial as bigint start 1;
grant usage on sequence register.protection_serial to ${app};
grant select, insert on register.suppression, register.suppression_release, register.suppression_lift,
    register.protection, register.protection_person, register.protection_release,
    register.protection_release_decision, register.protection_event, register.protection_forward,
    register.protection_notified, register.opening, register.opening_decision to ${app};
grant select on register.protection_now, register.protected_person to ${app};
