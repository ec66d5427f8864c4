-- Two persons of the register found to be one (S14). Both stay; one leads. A link is asked for by one officer and made by
-- another, and taken back the same way. What happened is a list of acts; the status of a link follows from it.
create table register.person_link (
    link_id bigint primary key,
    leading_id bigint not null references register.person (person_id),
    other_id bigint not null references register.person (person_id),
    status text not null check (status in ('asked', 'linked', 'refused', 'undo_asked', 'undone')),
    asked_at timestamptz not null,
    check (leading_id <> other_id)
);
-- A person is led by one other at most.
create unique index person_link_other on register.person_link (other_id)
    where status in ('asked', 'linked', 'undo_asked');
create index person_link_leading on register.person_link (leading_id) where status in ('asked', 'linked', 'undo_asked');

create table register.person_link_act (
    link_id bigint not null references register.person_link (link_id),
    place integer not null check (place > 0),
    act text not null check (act in ('ask', 'link', 'refuse', 'ask_undo', 'undo', 'keep')),
    reason text not null check (reason <> ''),
    note text not null,
    officer text not null,
    terminal text not null,
    at timestamptz not null,
    primary key (link_id, place)
);

create function register.do_person_link_act() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
    link register.person_link;
    earlier register.person_link_act;
    following text;
begin
    select * into link from register.person_link l where l.link_id = new.link_id for update;
    perform 1 from register.person p where p.person_id in (link.leading_id, link.other_id)
        order by p.person_id for update;
    select * into earlier from register.person_link_act a where a.link_id = new.link_id order by a.place desc limit 1;
    following := case new.act
        when 'ask' then case when earlier.act is null then 'asked' end
        when 'link' then case when earlier.act = 'ask' then 'linked' end
        when 'refuse' then case when earlier.act = 'ask' then 'refused' end
        when 'ask_undo' then case when earlier.act in ('link', 'keep') then 'undo_asked' end
        when 'undo' then case when earlier.act = 'ask_undo' then 'undone' end
        when 'keep' then case when earlier.act = 'ask_undo' then 'linked' end
    end;
    if following is null or new.place <> coalesce(earlier.place, 0) + 1 then
        raise exception 'a link does not go from % to %', earlier.act, new.act
            using errcode = 'integrity_constraint_violation';
    end if;
    if new.act in ('link', 'refuse', 'undo', 'keep') and new.officer = earlier.officer then
        raise exception 'who asks does not decide'
            using errcode = 'check_violation', constraint = 'other_officer_decides';
    end if;
    if new.act in ('ask', 'link') and exists (
        select from register.person_link l
        where l.link_id <> link.link_id and l.status in ('asked', 'linked', 'undo_asked')
          and (l.other_id = link.leading_id or l.leading_id = link.other_id)
    ) then
        raise exception 'a person that is led does not lead'
            using errcode = 'check_violation', constraint = 'no_chain_of_links';
    end if;
    update register.person_link l set status = following where l.link_id = new.link_id;
    return new;
end $$;
create trigger person_link_act_do before insert on register.person_link_act
    for each row execute function register.do_person_link_act();
create trigger person_link_act_keep before update or delete on register.person_link_act
    for each row execute function register.refuse_change();

create function register.guard_person_link() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or (to_jsonb(new) - 'status') is distinct from (to_jsonb(old) - 'status') then
        raise exception 'whom a link joins never changes' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger person_link_guard before update or delete on register.person_link
    for each row execute function register.guard_person_link();
grant select, insert on register.person_link, register.person_link_act to ${app};
