-- A state that a change closes or carries over may stand in another household than those of the change: somebody has gone on
-- since the change date. Those households are locked before any person too, or two clerks would wait for each other.
-- They are looked up before anything is locked, which is enough: nobody can come to stand in another one without closing a
-- state that the fingerprint names.
create or replace function register.lock_scope(households bigint[], people bigint[], from_day date)
returns table (household_id bigint, person_id bigint, number text, last_recorded_at timestamptz, last_history_no integer)
language plpgsql as $$
declare
    everybody bigint[];
    homes bigint[];
begin
    perform set_config('plan_cache_mode', 'force_generic_plan', true);
    everybody := people || array(select m.person_id from register.members_from(households, from_day) m);
    homes := households || array(
        select s.household_id from register.resident_state s
        where s.person_id = any (everybody) and upper_inf(s.known) and (upper_inf(s.valid) or upper(s.valid) > from_day));
    return query select h.household_id, null::bigint, h.household_number, h.last_recorded_at, 0
        from register.household h where h.household_id = any (homes) order by h.household_id for update;
    -- Members as they are once the households are held.
    everybody := people || array(select m.person_id from register.members_from(households, from_day) m);
    return query select null::bigint, p.person_id, p.addressee_number, p.last_recorded_at, p.last_history_no
        from register.person p where p.person_id = any (everybody) order by p.person_id for update;
end $$;
