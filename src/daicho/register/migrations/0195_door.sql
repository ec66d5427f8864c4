-- What the one door asks of the database at every change, in as few words as the answer allows.

-- Functions without settings of their own become part of the statement that calls them, so that they are planned once for each
-- connection, not at each call; they name every table in full and run as whoever calls.
alter function register.suppressions_of(bigint[], date, timestamptz) reset search_path;
alter function register.shielded_of(bigint[], date, timestamptz) reset search_path;

-- Who is hidden, records linked as one person (`person_link`) being hidden together. `own`: protected, not only near somebody.
create function register.hidden_of(people bigint[], today date, at timestamptz)
returns table (person_id bigint, own boolean) language sql stable as $$
    with same as (
        select p.person_id, p.person_id as other from unnest(people) p (person_id)
        union
        select p.person_id, one.person_id
        from unnest(people) p (person_id)
        join register.person_link a on a.status in ('linked', 'undo_asked')
            and (a.leading_id = p.person_id or a.other_id = p.person_id)
        join register.person_link l on l.status in ('linked', 'undo_asked') and l.leading_id = a.leading_id
        cross join lateral (values (l.leading_id), (l.other_id)) as one (person_id)
    )
    select s.person_id,
           coalesce(bool_or(f.own) filter (where f.person_id = s.person_id), bool_or(f.own))
    from same s
    join register.shielded_of(array(select distinct w.other from same w), today, at) f on f.person_id = s.other
    group by s.person_id
$$;

-- Who stands in these households on a day or later, as known now. Whoever came in since is seen too: a change for a past day
-- must not collide with them.
create function register.members_from(households bigint[], from_day date)
returns table (household_id bigint, person_id bigint) language sql stable as $$
    select s.household_id, s.person_id from register.resident_state s
    -- Not as an overlap of ranges: an index over those would be asked for everybody who is still alive.
    where s.household_id = any (households) and upper_inf(s.known) and s.status = 'resident'
        and (upper_inf(s.valid) or upper(s.valid) > from_day)
    group by s.household_id, s.person_id
    order by s.household_id, min(s.household_order), s.person_id
$$;

-- The locks of the one door: households, then persons, each in id order, members as they are once the households are held.
-- What follows in the transaction asks by id: plans are kept for it, whose making would take longer than the answers.
create function register.lock_scope(households bigint[], people bigint[], from_day date)
returns table (household_id bigint, person_id bigint, number text, last_recorded_at timestamptz, last_history_no integer)
language plpgsql as $$
declare
    everybody bigint[];
begin
    perform set_config('plan_cache_mode', 'force_generic_plan', true);
    return query select h.household_id, null::bigint, h.household_number, h.last_recorded_at, 0
        from register.household h where h.household_id = any (households) order by h.household_id for update;
    everybody := people || array(select m.person_id from register.members_from(households, from_day) m);
    return query select null::bigint, p.person_id, p.addressee_number, p.last_recorded_at, p.last_history_no
        from register.person p where p.person_id = any (everybody) order by p.person_id for update;
end $$;

-- A closed state is compared with what it was byte by byte; as JSON it was the dearest part of a change.
create or replace function register.only_close_known() returns trigger language plpgsql as $$
begin
    if not upper_inf(old.known) or upper_inf(new.known) or lower(new.known) <> lower(old.known) then
        raise exception 'a known range is closed once and never reopened'
            using errcode = 'integrity_constraint_violation';
    end if;
    old.known := new.known;
    if new *<> old then
        raise exception 'the content of a state never changes'
            using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
