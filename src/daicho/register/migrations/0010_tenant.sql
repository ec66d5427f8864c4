-- Whose register this is. A synthetic tenant has numbers whose check digit is shifted; it never becomes a real one.
create table register.tenant (
    only_one boolean primary key default true check (only_one),
    municipality_code text not null check (municipality_code ~ '^[0-9]{6}$'),
    name text not null,
    synthetic boolean not null
);
comment on column register.tenant.synthetic is 'true: synthetic people, shifted check digits, marked everywhere; for ever';

create function register.keep_tenant() returns trigger language plpgsql as $$
begin
    if tg_op <> 'UPDATE' or new.synthetic <> old.synthetic or new.municipality_code <> old.municipality_code then
        raise exception 'a tenant keeps its municipality and its kind'
            using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger tenant_keep before update or delete on register.tenant
    for each row execute function register.keep_tenant();
create trigger tenant_stay before truncate on register.tenant
    for each statement execute function register.keep_tenant();
grant select, insert on register.tenant to register_app;

-- Large loads by the runtime role: planner statistics are the owner's to renew.
create function register.analyze_store() returns void language plpgsql security definer set search_path = '' as $$
begin
    analyze register.person, register.household, register.number, register.change, register.change_person,
            register.resident_state;
end $$;
create function register.analyze_derived() returns void language plpgsql security definer set search_path = '' as $$
begin
    analyze register.resident_current, register.search_name, register.search_address, register.kana_deletion;
end $$;

-- Numbers taken over may lie in the range of our own serials: start behind them, never step back.
create function register.skip_serials(addressee bigint, household bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
    if addressee >= (select last_value from register.addressee_serial) then
        perform setval('register.addressee_serial', addressee);
    end if;
    if household >= (select last_value from register.household_serial) then
        perform setval('register.household_serial', household);
    end if;
end $$;
revoke execute on function register.analyze_store(), register.analyze_derived(),
    register.skip_serials(bigint, bigint) from public;
grant execute on function register.analyze_store(), register.analyze_derived(),
    register.skip_serials(bigint, bigint) to register_app;
