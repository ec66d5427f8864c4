-- What the prefecture server holds: one row per person and update, as the cities notified it. This side is simulated; its
-- people are synthetic, so the numbers stand here in clear.
create schema prefecture authorization current_user;
create table prefecture.record (
    city text not null,
    subject bigint not null,
    update_no bigint not null,
    message_id bigint not null,
    received_at timestamptz not null,
    superseded_at timestamptz,
    resident_code text not null,
    individual_number text,
    former_resident_code text,
    name text not null,
    reading text,
    birth date not null,
    sex text not null,
    address text not null,
    reason text not null,
    change_date date not null,
    record_status text not null,
    planned boolean not null,
    items jsonb not null,
    primary key (city, subject, update_no)
);
create unique index record_current on prefecture.record (city, subject) where superseded_at is null;
create unique index record_code on prefecture.record (resident_code) where superseded_at is null and record_status = 'resident';
create index record_received on prefecture.record (received_at desc);

grant usage on schema prefecture to ${app};
grant select, insert, update (superseded_at) on prefecture.record to ${app};
