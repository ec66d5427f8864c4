-- On what a record was amended without a notification: a code of the closed lists of STD 4.2.0.1 and 4.2.3.2.
alter table register.change add column ground text check (ground <> '');
comment on column register.change.ground is 'code of daicho.register.changes.grounds; null for reasons that rest on a notification';
