-- What was found to differ when the register told everybody as they stand, and how it was settled (control I-STO-01).
create table connector.difference (
    difference_id bigint primary key,
    found_at timestamptz not null,
    subject_id bigint not null references connector.subject (subject_id),
    update_no bigint not null,
    items text[] not null check (cardinality(items) > 0),
    settled_from text not null check (settled_from in ('register'))
);
comment on table connector.difference is 'update_no is the update that settled it; items are names of columns of connector.identity, never values';
create index difference_found on connector.difference (found_at);
create trigger difference_keep before update or delete on connector.difference
    for each row execute function connector.refuse_change();

-- Messages that speak of many persons count under person 0 of their link.
create table connector.line (
    link text primary key,
    last_sequence_no bigint not null default 0
);
grant select, insert on connector.difference to ${app};
grant select, insert, update (last_sequence_no) on connector.line to ${app};
