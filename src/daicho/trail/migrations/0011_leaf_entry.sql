-- An entry is named by moment and id together, as in trail.entry: a leaf for each entry, even where an id was used twice.
create or replace function trail.ensure_leaves(first bigint, last bigint) returns void
    language plpgsql security definer set search_path = '' as $$
declare
    width constant bigint := 1048576;
    name text;
begin
    for part in (first - 1) / width .. (last - 1) / width loop
        name := 'leaf_' || lpad(part::text, 6, '0');
        if to_regclass('trail.' || name) is null then
            execute format('create table trail.%I (like trail.leaf including all)', name);
            execute format('create unique index %I on trail.%I (entry_id, at)', name || '_entry', name);
            execute format('alter table trail.leaf attach partition trail.%I for values from (%s) to (%s)',
                           name, part * width + 1, (part + 1) * width + 1);
        end if;
    end loop;
end $$;

do $$
declare
    part text;
begin
    for part in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
                where i.inhparent = 'trail.leaf'::regclass loop
        execute format('drop index trail.%I', part || '_entry');
        execute format('create unique index %I on trail.%I (entry_id, at)', part || '_entry', part);
    end loop;
end $$;
