-- How far a person is suppressed, as last told by the register (STD 3.2): who hands data on asks here first.
create table commons.suppression (
    addressee_number text primary key,
    sequence_no bigint not null,
    protected boolean not null,
    on_change text not null check (on_change in ('none', 'alert', 'error')),
    on_issue text not null check (on_issue in ('none', 'alert', 'error')),
    on_inquiry text not null check (on_inquiry in ('none', 'alert', 'error')),
    told_at timestamptz not null
);
grant select, insert, update on commons.suppression to ${app};
