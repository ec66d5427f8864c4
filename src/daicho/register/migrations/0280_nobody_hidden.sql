-- Most people are hidden from nobody: that is answered by three look-ups before the whole question is asked. Whoever may be hidden
-- is protected or suppressed, lives with somebody who is, or is linked with another record. The look-ups ask for more people than
-- the whole question does (no dates, no status), so that none who is hidden is missed.
alter function register.hidden_of(bigint[], date, timestamptz) rename to hidden_among;

create function register.hidden_of(people bigint[], today date, at timestamptz)
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
    return query select h.person_id, h.own from register.hidden_among(people, today, at) h;
end $$;
