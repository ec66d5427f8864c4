-- The day for which the derived tables stand: what was registered ahead (a planned move-out, the head who follows)
-- begins by itself, and the first who searches on a day renews those persons (daicho.register.store.derived_day).
create table register.derived_day (
    single boolean primary key check (single),
    on_day date not null
);
insert into register.derived_day (single, on_day) values (true, '0001-01-01');
grant select, update (on_day) on register.derived_day to register_app;
