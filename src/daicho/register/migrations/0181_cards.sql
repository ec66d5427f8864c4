-- One residence card belongs to one person at a time (STD 4.1.1.2), whoever enters two in the same second.
alter table register.resident_state add constraint one_card_per_person_and_time
    exclude using gist (residence_card_number with =, person_id with <>, valid with &&, known with &&)
    where (residence_card_number is not null and status = 'resident');
create index resident_state_card on register.resident_state (residence_card_number)
    where residence_card_number is not null;
