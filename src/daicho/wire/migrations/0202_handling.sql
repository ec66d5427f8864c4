-- What people did to a message that did not get through, and which numbers of a person's stream reached the receiver by hand.
create table wire.handling (
    handling_id bigint primary key,
    at timestamptz not null,
    link text not null,
    message_id bigint not null,
    act text not null check (act in ('again', 'corrected', 'by_hand')),
    officer text not null,
    reason text not null,
    check (act = 'again' or reason <> '')
);
comment on table wire.handling is 'again: sent again as it is; corrected: sent again after the cause was removed; by_hand: reached the receiver another way';
create index handling_message on wire.handling (link, message_id, handling_id);
create trigger handling_keep before update or delete on wire.handling
    for each row execute function wire.refuse_change();

create table wire.skipped (
    link text not null,
    person_id bigint not null,
    sequence_no bigint not null,
    primary key (link, person_id, sequence_no)
);
comment on table wire.skipped is 'numbers completed by hand: the next message about the person says so, and the receiver goes on over them';
create trigger skipped_keep before update or delete on wire.skipped
    for each row execute function wire.refuse_change();
insert into wire.skipped (link, person_id, sequence_no)
    select s.link, o.person_id, o.sequence_no
    from wire.settled s join wire.outbox o on o.created_at = s.created_at and o.message_id = s.message_id
    where s.outcome = 'by_hand';
insert into wire.skipped (link, person_id, sequence_no)
    select peer, person_id, sequence_no from wire.archived where side = 'sent' and receipt is null;

grant select, insert on wire.handling, wire.skipped to ${app};
