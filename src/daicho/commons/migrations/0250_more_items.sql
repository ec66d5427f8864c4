-- What offices' duties need beside the basic items (contract resident-changed version 3).
alter table commons.resident
    add column name_reading text,
    add column former_family_name text,
    add column former_family_name_kana text,
    add column common_name text,
    add column common_name_kana text,
    add column foreign_name_kanji text,
    add column nationality text,
    add column residence_status text,
    add column article_30_45 text,
    add column stay_until date,
    add column district_code text,
    add column resident_since_text text,
    add column resident_notified_on date,
    add column settled_on_text text,
    add column settled_notified_on date,
    add column previous_municipality text,
    add column previous_address text,
    add column previous_building text,
    add column planned_municipality text,
    add column planned_address text,
    add column planned_building text,
    add column planned_on date,
    add column confirmed_municipality text,
    add column confirmed_address text,
    add column confirmed_building text,
    add column confirmed_on date,
    add column removed_on_text text,
    add column removed_notified_on date,
    add column removed_reason text;

-- How far the register has told each person, and whether it said with the last change that the person is hidden.
create table commons.person (
    addressee_number text primary key,
    sequence_no bigint not null,
    hidden boolean not null,
    told_at timestamptz not null
);
comment on column commons.person.hidden is 'as the last message about the person said; who is hidden now also follows from commons.suppression and the household';
insert into commons.person (addressee_number, sequence_no, hidden, told_at)
    select addressee_number, 0, false, max(told_at) from commons.resident group by addressee_number;
grant select, insert, update on commons.person to ${app};

-- Who is hidden from somebody without need: told so, suppressed for inquiry, or under one roof with such a person
-- (now or later; the register decides by the same rule, decision 0050). A gap in what was told hides, it never shows.
create function commons.hidden_of(numbers text[], day date) returns setof text
language sql stable set search_path = '' as $$
    with home as (
        select distinct r.addressee_number, r.household_number from commons.resident r
        where r.addressee_number = any (numbers) and r.status = 'resident' and (r.valid_to is null or r.valid_to > day)
    ), roof as (
        select h.addressee_number, r.addressee_number as mate from home h
        join commons.resident r on r.household_number = h.household_number and r.status = 'resident'
            and (r.valid_to is null or r.valid_to > day)
        union select n, n from unnest(numbers) as n
    )
    select distinct roof.addressee_number from roof
    left join commons.suppression s on s.addressee_number = roof.mate
    left join commons.person p on p.addressee_number = roof.addressee_number
    where s.protected or s.on_inquiry = 'error' or p.hidden
$$;
grant execute on function commons.hidden_of(text[], date) to ${app};
