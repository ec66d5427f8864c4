-- "今日" and "-3" mean the day on which they were typed, however long a case takes.
alter table register.case_file add column typed_on jsonb not null default '{}';
comment on column register.case_file.typed_on is 'field → day (ISO) on which its present value was typed, for days said relative to it';
