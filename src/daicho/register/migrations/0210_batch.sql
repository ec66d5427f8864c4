-- Batches (STD 9.1): what runs by itself or takes long. A run is claimed by a number (`attempt`) that every later step must
-- still hold: whoever was thought dead and is not can commit nothing any more, so each step is done exactly once.

create table register.batch_plan (
    plan_id bigint primary key,
    job text not null check (job ~ '^[a-z_]+$'),
    parameters jsonb not null check (jsonb_typeof(parameters) = 'object'),
    rule text not null check (rule in ('once', 'daily', 'weekly', 'monthly', 'month_end')),
    at_time time not null,
    on_day date check ((on_day is not null) = (rule = 'once')),
    weekday smallint check ((weekday is not null) = (rule = 'weekly') and weekday between 0 and 6),
    month_day smallint check ((month_day is not null) = (rule = 'monthly') and month_day between 1 and 31),
    next_run timestamptz,
    officer text not null,
    terminal text not null,
    planned_at timestamptz not null,
    ended_at timestamptz,
    ended_by text,
    check ((next_run is null) = (ended_at is not null))
);
comment on column register.batch_plan.officer is 'who planned it; system for the plans of every house';
create index batch_plan_due on register.batch_plan (next_run) where ended_at is null;

create table register.batch_run (
    run_id bigint primary key,
    job text not null check (job ~ '^[a-z_]+$'),
    plan_id bigint references register.batch_plan (plan_id),
    planned_for timestamptz,
    parameters jsonb not null check (jsonb_typeof(parameters) = 'object'),
    changed text[] not null,
    officer text not null,
    terminal text not null,
    office text not null,
    asked_at timestamptz not null,
    status text not null check (status in ('waiting', 'running', 'stopping', 'stopped', 'done', 'failed')),
    attempt integer not null default 0 check (attempt >= 0),
    done integer not null default 0 check (done >= 0),
    total integer check (total >= 0),
    cursor jsonb,
    started_at timestamptz,
    step_at timestamptz,
    ended_at timestamptz,
    summary jsonb not null default '{}' check (jsonb_typeof(summary) = 'object'),
    failure text,
    unique (plan_id, planned_for),
    check ((plan_id is null) = (planned_for is null)),
    check ((status in ('done', 'failed', 'stopped')) = (ended_at is not null)),
    check ((status = 'failed') = (failure is not null))
);
comment on column register.batch_run.changed is 'the parameters that differ from the run before (STD 9.1)';
comment on column register.batch_run.cursor is 'where the next step begins';
comment on column register.batch_run.failure is 'a code, never a text that could name a person';
create index batch_run_newest on register.batch_run (asked_at desc);
create index batch_run_open on register.batch_run (status) where status in ('waiting', 'running', 'stopping');

create table register.batch_error (
    run_id bigint not null references register.batch_run (run_id),
    line integer not null check (line > 0),
    subject text not null,
    why text not null,
    primary key (run_id, line)
);

create table register.batch_file (
    file_id bigint primary key,
    run_id bigint not null references register.batch_run (run_id),
    name text not null check (name ~ '^[a-z0-9.-]+$'),
    media text not null,
    lines integer not null default 0 check (lines >= 0),
    bytes bigint not null default 0 check (bytes >= 0),
    kept_until date not null,
    removed_at timestamptz,
    unique (run_id, name)
);
create table register.batch_file_part (
    file_id bigint not null references register.batch_file (file_id),
    part integer not null check (part > 0),
    sealed bytea not null,
    primary key (file_id, part)
);
comment on table register.batch_file_part is 'what a run has written, encrypted; removed when its days are over';

create function register.guard_batch_run() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or (to_jsonb(new) - array['status', 'attempt', 'done', 'total', 'cursor', 'started_at', 'step_at',
        'ended_at', 'summary', 'failure']) is distinct from (to_jsonb(old) - array['status', 'attempt', 'done', 'total',
        'cursor', 'started_at', 'step_at', 'ended_at', 'summary', 'failure'])
        or old.status = 'done' or new.attempt < old.attempt then
        raise exception 'a run keeps what was asked and what it came to' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger batch_run_guard before update or delete on register.batch_run
    for each row execute function register.guard_batch_run();
create trigger batch_error_keep before update or delete on register.batch_error
    for each row execute function register.refuse_change();

grant select, insert on register.batch_run, register.batch_plan, register.batch_file, register.batch_error to ${app};
grant select, insert, delete on register.batch_file_part to ${app};
grant update (status, attempt, done, total, cursor, started_at, step_at, ended_at, summary, failure)
    on register.batch_run to ${app};
grant update (next_run, ended_at, ended_by) on register.batch_plan to ${app};
grant update (lines, bytes, removed_at) on register.batch_file to ${app};

-- Every house: the derived tables follow the day soon after midnight, old files go in the night.
insert into register.batch_plan (plan_id, job, parameters, rule, at_time, next_run, officer, terminal, planned_at)
values (nextval('engine.entity_id'), 'day_change', '{}', 'daily', '00:01', '2026-01-01 00:01+09', 'system', 'system', '2026-01-01 00:00+09'),
       (nextval('engine.entity_id'), 'files_away', '{}', 'daily', '02:10', '2026-01-01 02:10+09', 'system', 'system', '2026-01-01 00:00+09');
