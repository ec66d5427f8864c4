-- Whom a run has picked, in the order of its list: fixed before anybody approves that the list leaves, and proof of a sample.

create table register.batch_pick (
    run_id bigint not null references register.batch_run (run_id),
    place integer not null check (place > 0),
    person_id bigint not null references register.person (person_id),
    primary key (run_id, place),
    unique (run_id, person_id)
);
grant select, insert, delete on register.batch_pick to ${app};

-- As daicho.register.batch.sampling says: whoever has the seed and the addressee numbers can draw the same sample again.
create function register.sample_key(seed text, addressee_number text) returns bytea
language sql immutable strict parallel safe set search_path = '' as $$
    select sha256(convert_to(seed || ':' || addressee_number, 'UTF8'))
$$;
grant execute on function register.sample_key(text, text) to ${app};
