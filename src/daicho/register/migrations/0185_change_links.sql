-- What corrects or takes back a change is asked for each change of a household's sheet: found by index, never by reading
-- all changes of the city.
create index change_corrects on register.change (corrects) where corrects is not null;
create index change_cancels on register.change (cancels) where cancels is not null;
