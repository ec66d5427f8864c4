-- Blocks and steps of a comparison are streams of their own: none waits for another, so they are not counted.
drop table connector.line;
-- A person whose number is held by somebody else is kept back alone; `items` then holds the code of the error.
alter table connector.difference drop constraint difference_settled_from_check,
    add constraint difference_settled_from_check check (settled_from in ('register', 'nobody'));
