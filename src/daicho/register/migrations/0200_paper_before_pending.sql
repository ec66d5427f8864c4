-- While a change is provisional, papers are made of the record as it stands before it, once the clerk has said so (STD 4.0.8).
alter table register.certificate_application
    add column before_pending boolean not null default false;
comment on column register.certificate_application.before_pending is 'the clerk was told of a change under way and asked for the record before it';
