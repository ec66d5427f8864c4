-- How far the register has told the common platform everybody as they stand (contract residents-stated): once after a load or
-- take-over, again when somebody asks for it. The messages count under person 0.
create table register.stating (
    link text primary key,
    last_sequence_no bigint not null,
    reached_person bigint not null,
    finished_at timestamptz
);
grant select, insert, update (last_sequence_no, reached_person, finished_at) on register.stating to ${app};
