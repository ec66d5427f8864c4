-- What the standard and later law ask of a resident record beside the 93 items (STD 1.1.1, 1.1.2, 1.1.4, 1.1.8, 1.1.18).
alter table register.resident_state
    add column record_no integer not null default 1 check (record_no > 0),
    add column renewed_on date,
    add column name_reading_source text check (name_reading_source in ('family_register', 'notice', 'ex_officio')),
    add column name_reading_state text check (name_reading_state in ('confirmed', 'notified')),
    add column former_family_name_kana_checked boolean not null default false,
    add column former_family_name_reading text,
    add column former_family_name_reading_on date,
    add column common_name_kana_checked boolean not null default false,
    add column common_name_on date,
    add column common_name_municipality text,
    add column alien_registered_on date,
    add column alien_registered_on_precision text,
    add column alien_registered_on_text text,
    add column landing_permit boolean not null default false,
    add column adult_ward boolean not null default false;

-- 留意事項: a note tied to one item of one person in one change (STD 1.1.14, type B).
create table register.change_note (
    change_id bigint not null references register.change (change_id),
    person_id bigint not null references register.person (person_id),
    item text not null,
    text text not null check (text <> ''),
    primary key (change_id, person_id, item)
);
create index change_note_person on register.change_note (person_id);
create trigger change_note_keep before update or delete on register.change_note
    for each row execute function register.refuse_change();
grant select, insert on register.change_note to register_app;
