-- A disposal is approved by the engine for four eyes: which request it was, and no release of a list without the approval.
create table register.disposal_approval (
    disposal_id bigint primary key references register.disposal (disposal_id),
    approval_id bigint not null unique references approvals.request (approval_id)
);
create trigger disposal_approval_keep before update or delete on register.disposal_approval
    for each row execute function register.refuse_change();

create function register.guard_disposal_approval() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    if not exists (
        select from register.disposal_approval a join approvals.decision d using (approval_id)
        where a.disposal_id = new.disposal_id and d.is_approved and d.decided_by = new.decided_by
    ) then
        raise exception 'the disposal is not approved' using errcode = 'check_violation', constraint = 'not_approved';
    end if;
    return new;
end $$;
create trigger disposal_approved before update on register.disposal
    for each row when (old.status = 'requested' and new.status = 'approved')
    execute function register.guard_disposal_approval();

grant select, insert on register.disposal_approval to ${app};
