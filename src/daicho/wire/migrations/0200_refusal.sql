-- A refusal for good is evidence like a receipt: the signed message and what the receiver signed to it.
create table wire.refusal (
    link text not null,
    message_id bigint not null,
    refused_at timestamptz not null,
    message text not null,
    receipt text not null,
    primary key (link, message_id, refused_at)
);
comment on table wire.refusal is 'the receiver''s signed refusals of a message, one for each time it was sent; the message is dead or was settled later';
create trigger refusal_keep before update or delete on wire.refusal
    for each row execute function wire.refuse_change();
grant select, insert on wire.refusal to ${app};
