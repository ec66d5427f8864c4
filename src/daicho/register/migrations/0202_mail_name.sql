-- 郵便物送付コード (STD 1.1.19): under which of the names a foreign resident wants to be written to; null for the registered name.
alter table register.resident_state
    add column mail_name text check (mail_name in ('registered', 'common', 'both'));
comment on column register.resident_state.mail_name is 'null until asked for: letters go to the registered name';
