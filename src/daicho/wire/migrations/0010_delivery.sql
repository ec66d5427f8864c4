-- Sending and receiving (design, section 3). What was said stays in wire.outbox, immutable and by month; wire.delivery
-- holds only what is not settled yet, so that it stays small however much has been sent.

create table wire.delivery (
    link text not null,
    message_id bigint not null,
    created_at timestamptz not null,
    kind text not null,
    person_id bigint not null,
    sequence_no bigint not null,
    state text not null default 'waiting' check (state in ('waiting', 'dead')),
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    last_code text,
    primary key (link, message_id),
    unique (link, person_id, sequence_no)
);
comment on table wire.delivery is 'unsettled messages; a person''s later ones wait for the earlier one, dead ones are shown';
create index delivery_due on wire.delivery (link, next_attempt_at) where state = 'waiting';
create index delivery_age on wire.delivery (link, kind, created_at);

create table wire.settled (
    settled_at timestamptz not null,
    link text not null,
    message_id bigint not null,
    created_at timestamptz not null,
    outcome text not null check (outcome in ('accepted', 'by_hand')),
    message text,
    receipt text,
    settled_by text not null,
    reason text,
    primary key (settled_at, link, message_id),
    check ((outcome = 'accepted') = (receipt is not null)),
    check ((outcome = 'by_hand') = (reason is not null))
) partition by range (settled_at);
comment on table wire.settled is 'the signed message as sent and the receiver''s signed receipt: the evidence';
create index settled_message on wire.settled (message_id);
create table wire.settled_other partition of wire.settled default;

-- One row for each message taken: the receipt that a repeat gets again.
create table wire.inbox (
    sender text not null,
    message_id bigint not null,
    received_at timestamptz not null,
    kind text not null,
    person bigint not null,
    sequence_no bigint not null,
    digest bytea not null check (length(digest) = 32),
    message text not null,
    receipt text not null,
    primary key (sender, message_id)
);
create index inbox_received on wire.inbox (received_at);

-- How far each sender has come with each person. Locked while a message about that person is taken.
create table wire.stream (
    sender text not null,
    person bigint not null,
    last_sequence_no bigint not null,
    primary key (sender, person)
);

create function wire.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'what was sent and received is never changed' using errcode = 'integrity_constraint_violation';
end $$;
create trigger outbox_keep before update or delete on wire.outbox
    for each row execute function wire.refuse_change();
create trigger settled_keep before update or delete on wire.settled
    for each row execute function wire.refuse_change();
create trigger inbox_keep before update or delete on wire.inbox
    for each row execute function wire.refuse_change();

-- What was written before there was a pump waits as well.
insert into wire.delivery (link, message_id, created_at, kind, person_id, sequence_no, next_attempt_at)
    select link, message_id, created_at, kind, person_id, sequence_no, created_at from wire.outbox;

create or replace function wire.ensure_month(day date) returns void
language plpgsql security definer set search_path = '' as $$
declare
    first date := date_trunc('month', day)::date;
    low timestamptz := first::timestamp at time zone 'Asia/Tokyo';
    high timestamptz := (first + interval '1 month') at time zone 'Asia/Tokyo';
    suffix text := to_char(first, 'YYYYMM');
    parent text;
begin
    foreach parent in array array['outbox', 'settled'] loop
        if to_regclass('wire.' || parent || '_' || suffix) is null then
            execute format('create table wire.%I partition of wire.%I for values from (%L) to (%L)',
                           parent || '_' || suffix, parent, low, high);
        end if;
    end loop;
end $$;

grant select, insert, delete, update (state, attempts, next_attempt_at, last_code) on wire.delivery to ${app};
grant select, insert on wire.settled, wire.inbox to ${app};
grant select, insert, update (last_sequence_no) on wire.stream to ${app};
