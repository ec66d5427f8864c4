-- Most people are hidden from nobody: that is answered by three look-ups before the whole question is asked. Whoever may be hidden
-- is protected or suppressed, lives with somebody who is, or is linked with another record. The look-ups ask for more people than
-- the whole question does (no dates, no status), so that none who is hidden is missed.
create or replace function register.hidden_of(people bigint[], today date, at timestamptz)
returns table (person_id bigint, own boolean) language plpgsql stable as $$
#variable_conflict use_column
declare
    homes bigint[] := array(select c.household_id from register.resident_current c where c.person_id = any (people));
    nearby bigint[] := people || array(select c.person_id from register.resident_current c where c.household_id = any (homes));
begin
    if not exists (select from register.protection_person p where p.person_id = any (nearby))
        and not exists (select from register.suppression s where s.person_id = any (people) or s.household_id = any (homes))
        and not exists (select from register.person_link l where l.leading_id = any (people) or l.other_id = any (people))
    then
        return;
    end if;
    return query
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
    group by s.person_id;
end $$;
