-- A case goes from station to station (受付, 入力, 確認) with a note; where it waits is part of the case.
alter table register.case_file
    add column station text not null default 'entry' check (station in ('reception', 'entry', 'check')),
    add column station_note text;
comment on column register.case_file.station_note is 'what the last station wants the next one to know';

-- How far a take-over has come: each bucket of whole households with its outcome, written in the transaction that stores it,
-- so that a run that was killed goes on where it stopped and ends with the same report.
create table register.takeover_run (
    run_id bigint primary key,
    file_digest text not null,
    buckets integer not null check (buckets >= 0),
    started_at timestamptz not null,
    finished_at timestamptz
);
create unique index takeover_run_open on register.takeover_run (file_digest) where finished_at is null;
create table register.takeover_bucket (
    run_id bigint not null references register.takeover_run (run_id),
    place integer not null,
    outcome jsonb not null,
    primary key (run_id, place)
);
comment on column register.takeover_bucket.outcome is 'verdicts, findings by row number and counts of filled cells; no value of the file';
create trigger takeover_bucket_keep before update or delete on register.takeover_bucket
    for each row execute function register.refuse_change();
grant select, insert, update (finished_at) on register.takeover_run to ${app};
grant select, insert on register.takeover_bucket to ${app};
