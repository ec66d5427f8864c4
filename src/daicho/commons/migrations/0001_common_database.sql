-- The common database (共通基盤DB): what offices share of residents, as the register's messages tell it (S6).
create schema commons authorization current_user;

-- A person's basic items over one range, as last told. Numbers (個人番号, 住民票コード) never come here.
create table commons.resident (
    addressee_number text not null,
    valid_from date not null,
    valid_to date,
    history_no integer not null,
    status text not null check (status in ('resident', 'moved_out', 'dead', 'removed')),
    is_foreign boolean not null,
    household_number text not null,
    household_order integer not null,
    head_absent boolean not null,
    relationship text not null,
    name text not null,
    name_kana text,
    sex text not null,
    birth date not null,
    birth_text text,
    municipality_code text not null,
    town_code text,
    postcode text,
    address text not null,
    building text,
    resident_since date,
    settled_on date,
    removed_on date,
    change_id bigint not null,
    told_at timestamptz not null,
    primary key (addressee_number, valid_from),
    check (valid_to is null or valid_to > valid_from)
);
comment on table commons.resident is 'one row per person and range as told by the register; the register is the record, this is a copy';
create index resident_household on commons.resident (household_number);

grant usage on schema commons to ${app};
grant select, insert, update (valid_to), delete on commons.resident to ${app};
