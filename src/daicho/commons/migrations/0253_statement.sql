-- What comparing with the register found, one row for each message in which it stated persons (R-PRV-06).
create table commons.statement (
    message_id bigint primary key,
    stated_at timestamptz not null,
    taken_at timestamptz not null,
    persons integer not null,
    fresh integer not null,
    differed integer not null,
    check (fresh + differed <= persons)
);
comment on table commons.statement is 'fresh: persons not known before; differed: persons who stood otherwise here and were put right';
create index statement_at on commons.statement (taken_at);
create trigger statement_keep before update or delete on commons.statement
    for each row execute function wire.refuse_change();
grant select, insert on commons.statement to ${app};
