-- Backups of the house, as the register knows them: which were made, and which of them were let out by four eyes, once.
create table register.backup (
    name text primary key check (name ~ '^[0-9]{8}T[0-9]{12}Z$'),
    finished_at timestamptz not null,
    size bigint not null check (size > 0),
    removed_at timestamptz
);
comment on column register.backup.removed_at is 'null: it is still on the medium';

create table register.backup_take_out (
    approval_id bigint primary key references approvals.request (approval_id),
    name text not null references register.backup (name),
    released_at timestamptz not null,
    valid_until timestamptz not null,
    taken_at timestamptz,
    sha256 bytea check (length(sha256) = 32),
    check ((taken_at is null) = (sha256 is null))
);
comment on column register.backup_take_out.taken_at is 'null: released, and not yet copied';
comment on column register.backup_take_out.sha256 is 'of the list of files that were copied, null as taken_at';

create function register.guard_backup_take_out() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    if tg_op = 'INSERT' and not exists (
        select from approvals.request r join approvals.decision d using (approval_id)
        where r.approval_id = new.approval_id and r.kind = 'backup-take-out' and d.is_approved
          and r.valid_until = new.valid_until and new.taken_at is null
    ) then
        raise exception 'the take-out is not approved' using errcode = 'check_violation', constraint = 'not_approved';
    end if;
    if tg_op = 'UPDATE' and (old.taken_at is not null or new.taken_at is null) then
        raise exception 'a backup is taken out once' using errcode = 'check_violation', constraint = 'taken_once';
    end if;
    return new;
end $$;
create trigger backup_take_out_approved before insert or update on register.backup_take_out
    for each row execute function register.guard_backup_take_out();

grant select, insert, update (removed_at) on register.backup to ${app};
grant select, insert, update (taken_at, sha256) on register.backup_take_out to ${app};
