-- The national dictionary of towns (住所辞書, STD 1.3.3), as the city has it: one edition at a time, given as a file.
-- Towns of the city itself are a list of its own (code_entry 'town'), approved entry by entry.
create table register.town_edition (
    edition_id bigint primary key,
    source text not null check (length(source) between 1 and 200),
    as_of date not null,
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    towns integer not null check (towns > 0),
    loaded_by text not null,
    loaded_at timestamptz not null
);
comment on table register.town_edition is 'every file that was loaded; the newest one is in force';

create table register.outside_town (
    code text primary key check (code ~ '^[0-9]{11}$'),
    name text not null,
    prefecture_kana text not null,
    city_kana text not null,
    town_kana text not null,
    part_kana text not null,
    postcode text not null check (postcode ~ '^([0-9]{7})?$')
);
comment on table register.outside_town is 'prefecture, municipality, 大字 and 小字 of the whole country but the city, of the edition in force';
create index outside_town_name on register.outside_town (name text_pattern_ops);
create index outside_town_postcode on register.outside_town (postcode text_pattern_ops);
create index outside_town_kana on register.outside_town
    (prefecture_kana text_pattern_ops, city_kana text_pattern_ops, town_kana text_pattern_ops);

grant select, insert on register.town_edition to register_app;
grant select, insert, delete on register.outside_town to register_app;
