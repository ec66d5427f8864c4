-- Free resident codes (新規付番用の住民票コード, STD 4.3.1): encrypted like all numbers, given out once, at random.
create table register.resident_code_stock (
    stock_id bigint primary key,
    ciphertext bytea not null,
    blind_index bytea not null unique,
    key_version smallint not null,
    received_at timestamptz not null,
    taken_at timestamptz,
    taken_by bigint references register.person (person_id),
    check ((taken_at is null) = (taken_by is null))
);
create index resident_code_stock_free on register.resident_code_stock (blind_index) where taken_at is null;

-- A code is taken once and never put back; what identifies it never changes.
create function register.take_code_once() returns trigger language plpgsql as $$
begin
    if tg_op <> 'UPDATE' or old.taken_at is not null or new.taken_at is null
        or (to_jsonb(new) - 'taken_at' - 'taken_by') is distinct from (to_jsonb(old) - 'taken_at' - 'taken_by') then
        raise exception 'a free resident code is taken once' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger resident_code_stock_once before update or delete on register.resident_code_stock
    for each row execute function register.take_code_once();

-- Below how many free codes a warning is shown; the municipality sets it.
create table register.resident_code_level (
    only_one boolean primary key default true check (only_one),
    warn_below integer not null check (warn_below >= 0)
);
insert into register.resident_code_level (warn_below) values (100);
create trigger resident_code_level_stays before delete on register.resident_code_level
    for each row execute function register.refuse_change();

grant select, insert, update (taken_at, taken_by) on register.resident_code_stock to register_app;
grant select, update (warn_below) on register.resident_code_level to register_app;
