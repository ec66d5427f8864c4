-- What an officer searched for, kept for the user ID (STD 2.1.1): sealed, since it holds names; the last few only.
create table register.search_history (
    officer text not null,
    place bigint not null,
    sealed text not null,
    scope text not null check (scope in ('all', 'current')),
    searched_at timestamptz not null,
    primary key (officer, place)
);
grant select, insert, delete on register.search_history to ${app};
