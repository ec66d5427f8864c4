-- What the card management system holds: dispatch data as the cities passed them on. Simulated; its people are synthetic.
create schema cards authorization current_user;
create table cards.dispatch (
    city text not null,
    message_id bigint not null,
    dispatch_no text not null,
    received_at timestamptz not null,
    items jsonb not null,
    primary key (city, message_id),
    unique (city, dispatch_no)
);
grant usage on schema cards to ${app};
grant select, insert on cards.dispatch to ${app};
