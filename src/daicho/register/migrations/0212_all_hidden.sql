-- Lists leave out everybody who is hidden: also whoever is linked as one person with somebody who is (as `hidden_of` says).

create or replace function register.all_shielded(today date, at timestamptz) returns setof bigint
language sql stable set search_path = '' as $$
    select h.person_id from register.hidden_of(array(
        select x.person_id from register.protected_person x
        union
        select c.person_id from register.protected_person x
            join register.resident_current h on h.person_id = x.person_id
            join register.resident_current c on c.household_id = h.household_id
        union
        select p.person_id from register.suppression p where p.on_inquiry = 'error' and p.person_id is not null
        union
        select c.person_id from register.suppression p join register.resident_current c
            on c.household_id = p.household_id where p.on_inquiry = 'error'
        union
        select x.person_id from register.person_link l cross join lateral (values (l.leading_id), (l.other_id)) x (person_id)
            where l.status in ('linked', 'undo_asked')
    ), today, at) h
$$;
