-- A copy of a removed record whose person went on with another one (帰化, 国籍喪失, 改製, 再製): which record, ended by what.
alter table register.certificate_application
    add column record_no integer check (record_no > 0),
    add column ended_by bigint references register.change (change_id);
comment on column register.certificate_application.record_no is 'the number of the removed record asked for; null for the latest';
comment on column register.certificate_application.ended_by is 'record_end.written_by where the person went on with another record';
create index certificate_issued_on on register.certificate (issued_on, terminal, serial);
