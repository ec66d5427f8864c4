-- What this log has told its witness (docs/trail.md): from which size the next proof of growth starts, and the number of the message.
create table trail.told (
    witness text primary key check (witness ~ '^[a-z]+$'),
    size bigint not null check (size >= 0),
    last_sequence_no bigint not null check (last_sequence_no >= 0),
    told_at timestamptz
);
grant select, insert, update (size, last_sequence_no, told_at) on trail.told to ${app};
