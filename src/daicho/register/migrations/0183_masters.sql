-- Masters with periods of validity (STD 1.3): one store for lists of codes. What the city changes is asked for by one
-- officer and approved by another; the tables of the release are the first filling, what stands here goes before them.
create table register.code_change (
    change_id bigint primary key,
    list text not null check (list ~ '^[a-z_]{2,30}$'),
    code text not null check (code <> ''),
    kind text not null check (kind in ('add', 'replace', 'end')),
    name text not null,
    data jsonb not null,
    valid_from date not null,
    valid_to date,
    source text not null,
    reason text not null check (reason <> ''),
    former jsonb,
    status text not null check (status in ('draft', 'approved', 'refused', 'withdrawn')),
    entrant text not null,
    terminal text not null,
    entered_at timestamptz not null,
    approver text,
    decided_at timestamptz,
    note text,
    check (valid_to is null or valid_to >= valid_from),
    check (kind = 'end' or name <> ''),
    check ((status = 'draft') = (decided_at is null)),
    check ((status = 'draft') = (approver is null)),
    check (status = 'withdrawn' or approver is null or approver <> entrant)
);
comment on column register.code_change.valid_from is 'first day of what is new; of an end, the first day on which the entry no longer holds';
comment on column register.code_change.former is 'the entry of the release that this replaces or ends: name, data, source';
create index code_change_list on register.code_change (list, status);

create table register.code_entry (
    entry_id bigint primary key,
    list text not null,
    code text not null,
    name text not null,
    data jsonb not null,
    valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
    source text not null,
    made_by bigint not null references register.code_change (change_id),
    ended_by bigint references register.code_change (change_id),
    constraint one_entry_per_code_and_time exclude using gist (list with =, code with =, valid with &&)
);

-- Counts approvals, so that a running house sees at once that its tables are old.
create table register.code_version (
    single boolean primary key check (single),
    version bigint not null
);
insert into register.code_version (single, version) values (true, 0);

create function register.guard_code_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.status <> 'draft' then
            raise exception 'a change of a list begins as a draft' using errcode = 'integrity_constraint_violation';
        end if;
        return new;
    end if;
    if tg_op = 'DELETE' or old.status <> 'draft' or (to_jsonb(new) - array['status', 'approver', 'decided_at', 'note'])
        is distinct from (to_jsonb(old) - array['status', 'approver', 'decided_at', 'note']) then
        raise exception 'a change of a list is decided once and never rewritten'
            using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger code_change_guard before insert or update or delete on register.code_change
    for each row execute function register.guard_code_change();

create function register.guard_code_entry() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or (to_jsonb(new) - array['valid', 'ended_by']) is distinct from
        (to_jsonb(old) - array['valid', 'ended_by']) or lower(new.valid) <> lower(old.valid)
        or not (old.valid @> new.valid) or new.ended_by is null then
        raise exception 'an entry of a list only gets an end' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger code_entry_guard before update or delete on register.code_entry
    for each row execute function register.guard_code_entry();

-- A decision about a draft by another officer than the one who made it: the only way into the lists.
create function register.approve_code_change(wanted bigint, officer text, decided timestamptz, ids bigint[])
returns void language plpgsql security definer set search_path = '' as $$
declare
    c register.code_change;
    period daterange;
begin
    select * into c from register.code_change x where x.change_id = wanted for update;
    if c.status is distinct from 'draft' then
        raise exception 'this change is decided' using errcode = 'integrity_constraint_violation';
    end if;
    update register.code_change set status = 'approved', approver = officer, decided_at = decided
        where change_id = wanted;
    period := daterange(c.valid_from, c.valid_to, '[]');
    if c.kind = 'end' and c.list = 'town' and exists (
        select from register.resident_current r where r.town_code = c.code and r.status = 'resident'
            and (r.removed_from is null or r.removed_from > c.valid_from)
    ) then
        raise exception 'people live in the town' using errcode = 'check_violation', constraint = 'code_in_use';
    end if;
    if c.kind in ('replace', 'end') then
        update register.code_entry e set valid = daterange(lower(e.valid), c.valid_from), ended_by = wanted
            where e.list = c.list and e.code = c.code and lower(e.valid) < c.valid_from
              and (upper_inf(e.valid) or upper(e.valid) > c.valid_from);
        if not found then
            if c.former is null then
                raise exception 'there is nothing to end' using errcode = 'check_violation', constraint = 'code_unknown';
            end if;
            insert into register.code_entry (entry_id, list, code, name, data, valid, source, made_by, ended_by)
                values (ids[1], c.list, c.code, c.former ->> 'name', c.former -> 'data',
                        daterange('0001-01-01', c.valid_from), c.former ->> 'source', wanted, wanted);
        end if;
    end if;
    if c.kind in ('add', 'replace') then
        insert into register.code_entry (entry_id, list, code, name, data, valid, source, made_by)
            values (ids[2], c.list, c.code, c.name, c.data, period, c.source, wanted);
    end if;
    perform register.put_paper_master(c, ids);
    update register.code_version set version = version + 1;
end $$;

-- Attestors, seals and fees are read by the papers from their own tables, each with its id in every issue.
create function register.put_paper_master(c register.code_change, ids bigint[])
returns void language plpgsql security definer set search_path = '' as $$
declare
    period constant daterange := daterange(c.valid_from, c.valid_to, '[]');
    held record;
begin
    if c.list = 'attestor' then
        if exists (select from register.paper_attestor a where a.valid && period and lower(a.valid) >= c.valid_from) then
            raise exception 'something is registered for these days' using errcode = 'exclusion_violation';
        end if;
        for held in select * from register.paper_attestor a where a.valid && period loop
            update register.paper_attestor set valid = daterange(lower(held.valid), c.valid_from)
                where attestor_id = held.attestor_id;
            if c.valid_to is not null and (upper_inf(held.valid) or upper(held.valid) > c.valid_to + 1) then
                insert into register.paper_attestor (attestor_id, kind, title, name, valid)
                    values (ids[3], held.kind, held.title, held.name, daterange(c.valid_to + 1, upper(held.valid)));
            end if;
        end loop;
        insert into register.paper_attestor (attestor_id, kind, title, name, valid)
            values (ids[4], c.code, c.data ->> 'title', c.name, period);
    elsif c.list = 'seal' then
        if exists (select from register.paper_seal a where a.valid && period and lower(a.valid) >= c.valid_from) then
            raise exception 'something is registered for these days' using errcode = 'exclusion_violation';
        end if;
        for held in select * from register.paper_seal a where a.valid && period loop
            update register.paper_seal set valid = daterange(lower(held.valid), c.valid_from)
                where seal_id = held.seal_id;
            if c.valid_to is not null and (upper_inf(held.valid) or upper(held.valid) > c.valid_to + 1) then
                insert into register.paper_seal (seal_id, kind, svg, size_mm, note, specimen, valid)
                    values (ids[3], held.kind, held.svg, held.size_mm, held.note, held.specimen,
                            daterange(c.valid_to + 1, upper(held.valid)));
            end if;
        end loop;
        insert into register.paper_seal (seal_id, kind, svg, size_mm, note, specimen, valid)
            values (ids[4], c.code, c.data ->> 'svg', (c.data ->> 'size_mm')::numeric, coalesce(c.data ->> 'note', ''),
                    coalesce(c.data ->> 'specimen', '') <> '', period);
    elsif c.list = 'fee' then
        update register.paper_fee f set valid = daterange(lower(f.valid), c.valid_from)
            where f.kind = c.code and f.valid && period and lower(f.valid) < c.valid_from;
        insert into register.paper_fee (fee_id, kind, yen, valid)
            values (ids[4], c.code, (c.data ->> 'yen')::integer, period);
    end if;
end $$;

-- The entrant takes a draft back; another officer refuses it.
create function register.drop_code_change(wanted bigint, officer text, decided timestamptz, why text)
returns void language plpgsql security definer set search_path = '' as $$
begin
    update register.code_change c set
        status = case when c.entrant = officer then 'withdrawn' else 'refused' end,
        approver = officer, decided_at = decided, note = why
        where c.change_id = wanted and c.status = 'draft';
    if not found then
        raise exception 'this change is decided' using errcode = 'integrity_constraint_violation';
    end if;
end $$;

revoke execute on function register.approve_code_change(bigint, text, timestamptz, bigint[]),
    register.put_paper_master(register.code_change, bigint[]),
    register.drop_code_change(bigint, text, timestamptz, text) from public;
grant execute on function register.approve_code_change(bigint, text, timestamptz, bigint[]),
    register.drop_code_change(bigint, text, timestamptz, text) to ${app};
grant select, insert on register.code_change to ${app};
grant select on register.code_entry, register.code_version to ${app};
