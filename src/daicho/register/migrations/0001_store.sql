-- The store of the register: facts on two time axes (design, section 4).
-- `valid` is since when a fact is true (異動日), `known` since when it is recorded (処理日時).
-- Written for PostgreSQL 15 and later. No defaults with a clock or chance: every value comes from the Environment.

create schema register authorization current_user;

create sequence register.addressee_serial as bigint start 1;
create sequence register.household_serial as bigint start 1;

-- A person and a household are only an identity, their numbers and what serialises writers.
create table register.person (
    person_id bigint primary key,
    addressee_number text not null unique,
    last_history_no integer not null default 0,
    last_sequence_no bigint not null default 0,
    last_recorded_at timestamptz not null
);
comment on column register.person.addressee_number is '宛名番号, kept when a person returns (STD 4.1.1.2)';
comment on column register.person.last_sequence_no is 'last number given to an outgoing message about this person';

create table register.household (
    household_id bigint primary key,
    household_number text not null unique,
    last_recorded_at timestamptz not null
);

-- One row per legal change. Lists of changes are read from here, never from states.
create table register.change (
    change_id bigint primary key,
    reason text not null,
    basis text not null check (basis in ('notification', 'ex_officio', 'request', 'notice', 'application')),
    change_date date not null,
    change_date_precision text,
    change_date_text text,
    notified_on date,
    recorded_at timestamptz not null,
    case_id bigint unique,
    entrant text not null,
    reviewer text,
    decider text,
    terminal text not null,
    office text not null,
    cancels bigint references register.change (change_id),
    corrects bigint references register.change (change_id),
    taken_over boolean not null default false,
    check (reviewer is null or reviewer <> entrant)
);
comment on column register.change.case_id is 'the case it was decided in; unique, so that a case is registered once';
comment on column register.change.taken_over is 'true when it came with an older register, whose officers are not ours';

create table register.change_person (
    change_id bigint not null references register.change (change_id),
    person_id bigint not null references register.person (person_id),
    kind text not null check (kind in ('enter', 'remove', 'amend')),
    role text not null check (role in ('mover', 'affected')),
    history_no integer not null,
    primary key (change_id, person_id)
);
create index change_person_person on register.change_person (person_id);

-- Individual numbers, resident codes: in one place, encrypted, found by a keyed index (key outside the database).
create table register.number (
    number_id bigint primary key,
    person_id bigint not null references register.person (person_id),
    kind text not null check (kind in ('individual_number', 'resident_code')),
    ciphertext bytea not null,
    blind_index bytea not null,
    key_version smallint not null,
    released_at timestamptz,
    unique (number_id, person_id)
);
-- One number belongs to one person at a time; `released_at` is set when an error correction takes it back.
create unique index number_holder on register.number (kind, blind_index) where released_at is null;
create index number_person on register.number (person_id);

create table register.resident_state (
    state_id bigint primary key,
    person_id bigint not null references register.person (person_id),
    history_no integer not null,
    made_by bigint not null references register.change (change_id),
    written_by bigint not null references register.change (change_id),
    valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
    known tstzrange not null check (not isempty(known) and not lower_inf(known)),
    status text not null,
    is_foreign boolean not null,
    household_id bigint not null,
    household_order integer not null,
    head_absent boolean not null,
    relationship text not null,
    district_code text,
    postcode text,
    municipality_code text not null,
    town_code text,
    address text not null,
    building_code text,
    building text,
    resident_since date,
    resident_since_precision text,
    resident_since_text text,
    resident_notified_on date,
    settled_on date,
    settled_on_precision text,
    settled_on_text text,
    settled_reason text,
    settled_notified_on date,
    settled_basis text,
    name_kana text,
    name_kana_checked boolean not null,
    name text not null,
    name_reading text,
    name_reading_on date,
    sex text not null,
    birth date not null,
    birth_precision text,
    birth_text text,
    domicile_municipality text,
    domicile_postcode text,
    domicile text,
    family_register_head text,
    maiden_name text,
    resident_code_id bigint,
    previous_municipality text,
    previous_postcode text,
    previous_address text,
    previous_building text,
    previous_head text,
    former_address text,
    former_building text,
    planned_municipality text,
    planned_postcode text,
    planned_address text,
    planned_building text,
    planned_head text,
    planned_on date,
    confirmed_municipality text,
    confirmed_postcode text,
    confirmed_address text,
    confirmed_building text,
    confirmed_head text,
    confirmed_on date,
    arrival_notice_on date,
    last_municipality text,
    last_postcode text,
    last_address text,
    last_building text,
    last_head text,
    unreported_from date,
    unreported_to date,
    remarks text,
    removed_on date,
    removed_on_precision text,
    removed_on_text text,
    removed_notified_on date,
    removed_reason text,
    removed_basis text,
    foreign_name_kana text,
    foreign_name_kanji text,
    common_name_kana text,
    common_name text,
    parallel_name text,
    parallel_name_kana text,
    nationality text,
    nationality_name text,
    residence_card_number text,
    residence_status text,
    residence_status_name text,
    article_30_45 text,
    stay_period text,
    stay_until date,
    foreign_resident_since date,
    foreign_resident_since_precision text,
    foreign_resident_since_text text,
    foreign_resident_notified_on date,
    residence_notice text,
    common_name_history text,
    individual_number_id bigint,
    health_insurance text,
    health_insurance_retired text,
    care_insurance text,
    pension_number text,
    pension_kind text,
    pension_insurance text,
    pension_benefit text,
    child_allowance text,
    elderly_medical text,
    welfare_medical text,
    former_family_name text,
    former_family_name_kana text,
    foreign key (resident_code_id, person_id) references register.number (number_id, person_id),
    foreign key (individual_number_id, person_id) references register.number (number_id, person_id),
    foreign key (household_id) references register.household (household_id),
    check (status in ('resident', 'moved_out', 'dead', 'removed')),
    check (sex in ('1', '2')),
    check (not (head_absent and relationship = '02' and status = 'resident')),
    constraint one_state_per_person_and_time
        exclude using gist (person_id with =, valid with &&, known with &&),
    constraint one_head_per_household_and_time
        exclude using gist (household_id with =, valid with &&, known with &&)
        where (relationship = '02' and status = 'resident')
);
-- The exclusion indexes cannot serve small-integer look-ups well; plain ones stand beside them.
create index resident_state_person on register.resident_state (person_id);
create index resident_state_household on register.resident_state (household_id);
create index resident_state_made_by on register.resident_state (made_by);
create index resident_state_written_by on register.resident_state (written_by);

-- Immutability: the only thing that may happen to a row is that its known range gets an end.
create function register.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of %.% are never changed or deleted', tg_table_schema, tg_table_name
        using errcode = 'integrity_constraint_violation';
end $$;

create function register.only_close_known() returns trigger language plpgsql as $$
begin
    if not upper_inf(old.known) or upper_inf(new.known) or lower(new.known) <> lower(old.known) then
        raise exception 'a known range is closed once and never reopened'
            using errcode = 'integrity_constraint_violation';
    end if;
    if (to_jsonb(new) - 'known') is distinct from (to_jsonb(old) - 'known') then
        raise exception 'the content of a state never changes'
            using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;

create trigger state_close before update on register.resident_state
    for each row execute function register.only_close_known();
create trigger state_keep before delete on register.resident_state
    for each row execute function register.refuse_change();
create trigger change_keep before update or delete on register.change
    for each row execute function register.refuse_change();
create trigger change_person_keep before update or delete on register.change_person
    for each row execute function register.refuse_change();

-- Household rules, looked at on every day on which the membership of a household changes.
create function register.household_faults(households bigint[])
returns table (household_id bigint, on_day date, fault text) language sql stable as $$
    with live as (
        select s.household_id, s.valid, s.relationship, s.head_absent, s.household_order,
               row(s.municipality_code, s.address, s.building) as place
        from register.resident_state s
        where s.household_id = any (households) and upper_inf(s.known) and s.status = 'resident'
    ), days as (
        select l.household_id, lower(l.valid) as on_day from live l
        union
        select l.household_id, upper(l.valid) from live l where not upper_inf(l.valid)
    ), picture as (
        select d.household_id, d.on_day,
               count(*) filter (where l.relationship = '02') as heads,
               count(*) filter (where l.head_absent) as absent,
               count(*) as members,
               count(distinct l.place) as places,
               count(distinct l.household_order) as orders
        from days d join live l on l.household_id = d.household_id and l.valid @> d.on_day
        group by d.household_id, d.on_day
    )
    select p.household_id, p.on_day,
           case when p.heads > 1 then 'two heads'
                when p.heads = 0 and p.absent < p.members then 'no head'
                when p.heads = 1 and p.absent > 0 then 'head and no head'
                when p.places > 1 then 'two addresses'
                else 'two members of one rank' end
    from picture p
    where p.heads > 1 or (p.heads = 0 and p.absent < p.members) or (p.heads = 1 and p.absent > 0)
       or p.places > 1 or p.orders < p.members
$$;

-- Every household written to is checked once, at commit.
create table register.household_check (
    household_id bigint not null,
    transaction_id xid8 not null,
    primary key (household_id, transaction_id)
);

create function register.note_households() returns trigger language plpgsql security definer as $$
begin
    -- The bulk writer checks a whole batch by one statement (register.household_faults) instead.
    if coalesce(current_setting('daicho.bulk', true), '') = 'on' then return null; end if;
    insert into register.household_check
    select distinct household_id, pg_current_xact_id() from written
    on conflict do nothing;
    return null;
end $$;

create function register.check_household() returns trigger language plpgsql security definer as $$
declare found record;
begin
    select * into found from register.household_faults(array[new.household_id]) limit 1;
    if found.fault is not null then
        raise exception 'household rule broken: %', found.fault
            using errcode = 'check_violation', constraint = 'household_rules';
    end if;
    delete from register.household_check h
        where h.household_id = new.household_id and h.transaction_id = new.transaction_id;
    return null;
end $$;

create trigger state_households after insert on register.resident_state
    referencing new table as written for each statement execute function register.note_households();
create constraint trigger household_rules after insert on register.household_check
    deferrable initially deferred for each row execute function register.check_household();

-- What the runtime role may do: nothing that changes structure, deletes, or rewrites what is immutable.
grant usage on schema register to register_app;
grant usage on sequence register.addressee_serial, register.household_serial to register_app;
grant select, insert, update (last_history_no, last_sequence_no, last_recorded_at) on register.person to register_app;
grant select, insert, update (last_recorded_at) on register.household to register_app;
grant select, insert on register.change, register.change_person to register_app;
grant select, insert, update (ciphertext, blind_index, key_version, released_at) on register.number to register_app;
grant select, insert, update (known) on register.resident_state to register_app;
