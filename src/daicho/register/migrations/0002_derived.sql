-- Derived tables: everything here can be rebuilt from changes and states (`./daicho rebuild`).

-- One row per person as known now, for search results and work lists. A planned move-out stands in `removed_from`,
-- so that no batch is needed on the day: a row counts as resident while removed_from is null or in the future.
create table register.resident_current (
    person_id bigint primary key references register.person (person_id),
    state_id bigint not null references register.resident_state (state_id),
    addressee_number text not null,
    household_id bigint not null,
    household_order integer not null,
    relationship text not null,
    status text not null,
    removed_from date,
    is_foreign boolean not null,
    name text not null,
    name_kana text,
    sex text not null,
    birth date not null,
    birth_text text,
    municipality_code text not null,
    town_code text,
    address text not null,
    building text,
    address_key text not null
);
create index resident_current_household on register.resident_current (household_id);
create index resident_current_birth on register.resident_current (birth);
create index resident_current_address on register.resident_current (address_key text_pattern_ops);
create index resident_current_town on register.resident_current (town_code);

-- Names a person has or had, as search keys (daicho.law.names). `kana` keys come also for the given name alone.
create table register.search_name (
    person_id bigint not null references register.person (person_id),
    script text not null check (script in ('kana', 'kanji', 'given')),
    key text not null,
    past boolean not null,
    primary key (script, key, person_id)
);
create index search_name_key on register.search_name (script, key text_pattern_ops);
create index search_name_person on register.search_name (person_id);

-- Deletion neighbourhood over distinct kana keys: each key under itself and under itself less one letter.
create table register.kana_deletion (
    deletion text not null,
    key text not null,
    primary key (deletion, key)
);

-- Addresses a person had before, so that a search finds past values as well (STD 2.1.3).
create table register.search_address (
    person_id bigint not null references register.person (person_id),
    key text not null,
    primary key (key, person_id)
);
create index search_address_key on register.search_address (key text_pattern_ops);
create index search_address_person on register.search_address (person_id);

grant select, insert, update, delete on register.resident_current, register.search_name, register.kana_deletion,
    register.search_address to register_app;
