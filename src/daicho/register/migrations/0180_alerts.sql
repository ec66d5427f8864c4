-- Alerts as they were met in cases (STD 11.1): each time shown, passed with which reason, or corrected after it.
-- From here comes the pass rate of each rule: one that is passed nearly always without correction warns of nothing.
create table register.alert_event (
    case_id bigint not null references register.case_file (case_id),
    mark bytea not null check (length(mark) = 32),
    place integer not null check (place > 0),
    version integer not null,
    code text not null,
    tier smallint not null check (tier in (2, 3)),
    outcome text not null check (outcome in ('shown', 'passed', 'corrected')),
    reason text,
    officer text not null,
    office text not null,
    on_day date not null,
    at timestamptz not null,
    primary key (case_id, mark, place),
    check ((outcome = 'passed') = (reason is not null)),
    check (outcome <> 'passed' or tier = 2)
);
comment on column register.alert_event.mark is 'keyed digest of what the alert says: the same alert of a case has the same mark';
comment on column register.alert_event.place is 'counts what happened to one alert of one case from 1';
comment on column register.alert_event.version is 'version of the case at which it happened';
create index alert_event_day on register.alert_event (on_day, code);

-- An alert is shown before it is passed or corrected, and comes to the same end only once.
create function register.check_alert_event() returns trigger language plpgsql as $$
declare
    last_outcome text;
    last_place integer;
begin
    select e.outcome, e.place into last_outcome, last_place from register.alert_event e
    where e.case_id = new.case_id and e.mark = new.mark order by e.place desc limit 1;
    if new.place <> coalesce(last_place, 0) + 1 or (new.outcome = 'shown' and coalesce(last_outcome, 'corrected') <> 'corrected')
        or (new.outcome = 'passed' and coalesce(last_outcome, '') not in ('shown', 'passed'))
        or (new.outcome = 'corrected' and coalesce(last_outcome, '') not in ('shown', 'passed')) then
        raise exception 'an alert does not go from % to %', last_outcome, new.outcome
            using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger alert_event_order before insert on register.alert_event
    for each row execute function register.check_alert_event();
create trigger alert_event_keep before update or delete on register.alert_event
    for each row execute function register.refuse_change();
grant select, insert on register.alert_event to ${app};
