-- Retention (令34条1項): a removed record is kept for 150 years from its removal. What is over may be disposed of by an approved
-- act: one officer asks with the list, another approves, the records go person by person, and what went is on record by a
-- keyed digest of the addressee number. There is no other way to delete a state, and none for anything younger.
create table register.disposal (
    disposal_id bigint primary key,
    on_day date not null,
    reason text not null check (reason <> ''),
    persons integer not null check (persons > 0),
    status text not null check (status in ('requested', 'approved', 'refused', 'withdrawn', 'done')),
    requested_by text not null,
    requested_at timestamptz not null,
    terminal text not null,
    decided_by text,
    decided_at timestamptz,
    note text,
    done_at timestamptz,
    check ((status = 'requested') = (decided_by is null)),
    check (decided_by is null or status = 'withdrawn' or decided_by <> requested_by),
    check ((status = 'done') = (done_at is not null))
);
comment on column register.disposal.on_day is 'only what was kept to a day before this one may go';

create table register.disposal_person (
    disposal_id bigint not null references register.disposal (disposal_id),
    person_id bigint not null references register.person (person_id),
    kept_until date not null,
    result text check (result in ('disposed', 'left')),
    why text,
    at timestamptz,
    primary key (disposal_id, person_id),
    check ((result is null) = (at is null)),
    check ((result = 'left') = (why is not null))
);

create table register.disposed_record (
    number_digest bytea primary key check (length(number_digest) = 32),
    disposal_id bigint not null references register.disposal (disposal_id),
    removed_year integer not null,
    kept_until date not null,
    states integer not null check (states > 0),
    disposed_at timestamptz not null
);
comment on table register.disposed_record is 'what was disposed of: by a keyed digest of the addressee number, never by name';

-- The day from which the period counts: the last removal of the person; when its day is not known, the day on which it was
-- recorded. Null for whoever is a resident, or has been one since.
create function register.retention_begins(wanted bigint) returns date language sql stable set search_path = '' as $$
    select case when bool_or(s.status = 'resident' and upper_inf(s.valid) and upper_inf(s.known)) or bool_and(s.removed_on is null)
        then null else max(greatest(lower(s.valid), s.removed_on, case when s.removed_on_precision is not null
            and s.removed_on_precision <> 'day' then (lower(s.known) at time zone 'Asia/Tokyo')::date end)) end
    from register.resident_state s where s.person_id = wanted
$$;
-- The last day of 150 years (民法140条, 143条), the later one where a leap day leaves a doubt; as daicho.law.retention says.
create function register.kept_until(begins date) returns date language sql immutable set search_path = '' as $$
    select greatest((begins + interval '150 years')::date, ((begins + 1) + interval '150 years')::date - 1)
$$;

create function register.guard_disposal() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.status <> 'requested' then
            raise exception 'a disposal begins with a request' using errcode = 'integrity_constraint_violation';
        end if;
        return new;
    end if;
    if tg_op = 'DELETE' or (old.status, new.status) not in (
        ('requested', 'approved'), ('requested', 'refused'), ('requested', 'withdrawn'), ('approved', 'done')
    ) or (to_jsonb(new) - array['status', 'decided_by', 'decided_at', 'note', 'done_at'])
        is distinct from (to_jsonb(old) - array['status', 'decided_by', 'decided_at', 'note', 'done_at']) then
        raise exception 'a disposal does not go from % to %', old.status, new.status
            using errcode = 'integrity_constraint_violation';
    end if;
    if new.status = 'done' and exists (
        select from register.disposal_person p where p.disposal_id = new.disposal_id and p.result is null
    ) then
        raise exception 'a disposal is done when everybody on its list is' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger disposal_guard before insert or update or delete on register.disposal
    for each row execute function register.guard_disposal();
create trigger disposal_person_keep before delete on register.disposal_person
    for each row execute function register.refuse_change();
create trigger disposed_record_keep before update or delete on register.disposed_record
    for each row execute function register.refuse_change();

-- A state may be deleted for one reason only: an approved disposal that names the person, whose period is over by the
-- dates in the register itself, whatever the program thinks.
create function register.keep_state() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    if not exists (
        select from register.disposal d join register.disposal_person p using (disposal_id)
        where d.status = 'approved' and p.person_id = old.person_id and p.result is null
          and d.on_day <= (d.decided_at at time zone 'Asia/Tokyo')::date
          and register.kept_until(register.retention_begins(old.person_id)) < d.on_day
    ) then
        raise exception 'a state is kept for 150 years' using errcode = 'check_violation', constraint = 'retention_not_over';
    end if;
    return old;
end $$;
drop trigger state_keep on register.resident_state;
create trigger state_keep before delete on register.resident_state
    for each row execute function register.keep_state();

create function register.keep_note_of_the_living() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    if tg_op = 'UPDATE' or exists (select from register.resident_state s where s.person_id = old.person_id) then
        raise exception 'rows of %.% are never changed or deleted', tg_table_schema, tg_table_name
            using errcode = 'integrity_constraint_violation';
    end if;
    return old;
end $$;
drop trigger change_note_keep on register.change_note;
create trigger change_note_keep before update or delete on register.change_note
    for each row execute function register.keep_note_of_the_living();

create function register.dispose_person(which bigint, wanted bigint, digest bytea, moment timestamptz)
returns boolean language plpgsql security definer set search_path = '' as $$
declare
    begins date;
    gone integer := 0;
    doomed bigint;
begin
    perform 1 from register.disposal d where d.disposal_id = which and d.status = 'approved' for share;
    if not found then
        raise exception 'the disposal is not approved' using errcode = 'check_violation', constraint = 'not_approved';
    end if;
    perform 1 from register.person p where p.person_id = wanted for update;
    perform 1 from register.disposal_person p where p.disposal_id = which and p.person_id = wanted and p.result is null
        for update;
    if not found then
        return false;
    end if;
    begins := register.retention_begins(wanted);
    delete from register.resident_current c where c.person_id = wanted;
    delete from register.search_name n where n.person_id = wanted;
    delete from register.search_address a where a.person_id = wanted;
    -- One by one, the removal last: the period is looked at again for each row.
    for doomed in
        select s.state_id from register.resident_state s where s.person_id = wanted
        order by s.removed_on is not null, lower(s.valid), s.state_id
    loop
        delete from register.resident_state s where s.state_id = doomed;
        gone := gone + 1;
    end loop;
    if gone = 0 then
        raise exception 'there is nothing to dispose of' using errcode = 'check_violation', constraint = 'retention_not_over';
    end if;
    delete from register.change_note n where n.person_id = wanted;
    delete from register.number n where n.person_id = wanted;
    insert into register.disposed_record (number_digest, disposal_id, removed_year, kept_until, states, disposed_at)
        values (digest, which, extract(year from begins), register.kept_until(begins), gone, moment);
    update register.person p set addressee_number = 'x' || encode(digest, 'hex') where p.person_id = wanted;
    update register.disposal_person p set result = 'disposed', at = moment
        where p.disposal_id = which and p.person_id = wanted;
    return true;
end $$;
comment on function register.dispose_person(bigint, bigint, bytea, timestamptz) is 'the only legal deletion of a resident record';

revoke execute on function register.dispose_person(bigint, bigint, bytea, timestamptz) from public;
grant execute on function register.dispose_person(bigint, bigint, bytea, timestamptz) to ${app};
grant select, insert, update (status, decided_by, decided_at, note, done_at) on register.disposal to ${app};
grant select, insert, update (result, why, at) on register.disposal_person to ${app};
grant select on register.disposed_record to ${app};
