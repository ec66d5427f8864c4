-- 住所一括変更 (STD 9.7): a file of old and new addresses or domiciles, first provisional, then registered line by line.
create table register.address_batch (
    batch_id bigint primary key,
    token text not null unique,
    kind text not null check (kind in ('address', 'domicile')),
    ground text not null,
    change_date date not null,
    entrant text not null,
    office text not null,
    terminal text not null,
    received_at timestamptz not null
);
create trigger address_batch_keep before update or delete on register.address_batch
    for each row execute function register.refuse_change();

create table register.address_batch_line (
    batch_id bigint not null references register.address_batch (batch_id),
    line integer not null check (line > 0),
    key text not null,
    before text not null,
    after text not null,
    notification jsonb,
    fingerprint jsonb,
    people integer not null,
    state text not null check (state in ('ready', 'error', 'excluded', 'done')),
    problem text,
    change_id bigint references register.change (change_id),
    primary key (batch_id, line),
    check ((state = 'done') = (change_id is not null)),
    check (state <> 'ready' or (notification is not null and fingerprint is not null)),
    check ((state in ('error', 'excluded')) = (problem is not null))
);
comment on column register.address_batch_line.fingerprint is 'states seen when the line was read: [[person, state], ...]';

-- A line is settled once: registered, or left out with the reason.
create function register.settle_line_once() returns trigger language plpgsql as $$
begin
    if tg_op <> 'UPDATE' or old.state <> 'ready' or new.state not in ('done', 'excluded')
        or (to_jsonb(new) - 'state' - 'problem' - 'change_id') is distinct from
           (to_jsonb(old) - 'state' - 'problem' - 'change_id') then
        raise exception 'a line of a bulk change is settled once' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger address_batch_line_once before update or delete on register.address_batch_line
    for each row execute function register.settle_line_once();

grant select, insert on register.address_batch to register_app;
grant select, insert, update (state, problem, change_id) on register.address_batch_line to register_app;
