-- A pair of changes: one resident record removed and another entered on one day, in one act (帰化, 国籍取得, 国籍喪失, 改製, 再製).
-- Each names the other; the entering one carries the case. Both are written by one statement.
alter table register.change
    add column paired_with bigint unique references register.change (change_id) deferrable initially deferred,
    add constraint pair_of_two check (paired_with <> change_id);
comment on column register.change.paired_with is 'the other half of a pair of removal and entry (docs/decisions/0014)';

create function register.check_pair() returns trigger language plpgsql as $$
begin
    if not exists (
        select from register.change c where c.change_id = new.paired_with and c.paired_with = new.change_id
            and c.recorded_at = new.recorded_at and c.change_date = new.change_date
    ) then
        raise exception 'a pair of changes names each other' using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;
create constraint trigger change_pair after insert on register.change
    deferrable initially deferred for each row when (new.paired_with is not null)
    execute function register.check_pair();

-- The end of a resident record (除票, 改製原) whose person goes on with another record. The removed record is the last state of
-- that record number with these items; removed records of people who left or died are states of their own.
create table register.record_end (
    made_by bigint not null references register.change (change_id),
    written_by bigint not null references register.change (change_id),
    person_id bigint not null references register.person (person_id),
    record_no integer not null check (record_no > 0),
    known tstzrange not null check (not isempty(known) and not lower_inf(known)),
    removed_on date not null,
    removed_on_precision text,
    removed_on_text text,
    removed_notified_on date,
    removed_reason text not null check (removed_reason <> ''),
    removed_basis text not null check (removed_basis <> ''),
    primary key (written_by, person_id, record_no),
    constraint one_end_per_record_and_time exclude using gist (person_id with =, record_no with =, known with &&)
);
comment on column register.record_end.made_by is 'the change that removed the record; a cancellation taken back writes the end again';
create index record_end_person on register.record_end (person_id);
create trigger record_end_close before update on register.record_end
    for each row execute function register.only_close_known();
create trigger record_end_keep before delete on register.record_end
    for each row execute function register.refuse_change();
grant select, insert, update (known) on register.record_end to register_app;
