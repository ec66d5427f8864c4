-- The dispatch file (送付先情報ファイル): what the register supplied, kept encrypted as a whole, until one business day after it was
-- passed on to the card management system (controls D-ACQ-03, D-STO-01).
alter table connector.subject add column cards_no bigint not null default 0;
comment on column connector.subject.cards_no is 'last number given to a message about this person on the link to the card management system';

create table connector.dispatch (
    dispatch_id bigint primary key,
    subject_id bigint not null references connector.subject (subject_id),
    received_message bigint not null unique,
    sent_message bigint not null unique,
    received_at timestamptz not null,
    key_version smallint not null,
    ciphertext bytea not null
);
comment on table connector.dispatch is '67 items as one ciphertext; its key may change, deleted when it was passed on';
create table connector.dispatch_passed (
    dispatch_id bigint primary key,
    received_at timestamptz not null,
    passed_at timestamptz not null,
    deleted_at timestamptz not null
);
comment on table connector.dispatch_passed is 'that a file was passed on and deleted, and when: nothing of what it held';

grant update (cards_no) on connector.subject to ${app};
grant select, insert, delete, update (key_version, ciphertext) on connector.dispatch to ${app};
grant select, insert on connector.dispatch_passed to ${app};
