-- Search keys are compared byte by byte: what sounds or looks alike is equal in the key already, and indexes over plain
-- bytes are built in a fraction of the time.
alter table register.search_name
    alter column script type text collate "C",
    alter column key type text collate "C";
alter table register.kana_deletion
    alter column deletion type text collate "C",
    alter column key type text collate "C";
alter table register.search_address
    alter column key type text collate "C";
alter table register.resident_current
    alter column address_key type text collate "C";
