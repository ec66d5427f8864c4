-- メモ (STD 1.1.15): free notes about a person, each edit and deletion a version of its own; never on any paper.
create table register.memo (
    memo_id bigint primary key,
    person_id bigint not null references register.person (person_id)
);
create index memo_person on register.memo (person_id);

create table register.memo_version (
    memo_id bigint not null references register.memo (memo_id),
    version integer not null check (version > 0),
    text text check (text <> ''),
    officer text not null,
    terminal text not null,
    at timestamptz not null,
    primary key (memo_id, version),
    check (version > 1 or text is not null)
);
comment on column register.memo_version.text is 'null: the memo was deleted by this version';

-- Versions follow each other without a gap, and nothing comes after a deletion.
create function register.check_memo_version() returns trigger language plpgsql as $$
begin
    if new.version > 1 and not exists (
        select from register.memo_version v
        where v.memo_id = new.memo_id and v.version = new.version - 1 and v.text is not null
    ) then
        raise exception 'a memo goes on from its last version' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger memo_version_follows before insert on register.memo_version
    for each row execute function register.check_memo_version();
create trigger memo_keep before update or delete on register.memo
    for each row execute function register.refuse_change();
create trigger memo_version_keep before update or delete on register.memo_version
    for each row execute function register.refuse_change();

grant select, insert on register.memo, register.memo_version to register_app;
