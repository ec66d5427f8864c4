-- Rebuilding the derived tables at the speed of a load: emptied, filled without indexes, and indexed again, all in one
-- transaction of the runtime role, which may not change structure by itself. Readers wait until it is through.

create function register.begin_rebuild() returns void language plpgsql security definer set search_path = '' as $$
declare
    derived constant regclass[] := array[
        'register.resident_current'::regclass, 'register.search_name'::regclass,
        'register.search_address'::regclass, 'register.kana_deletion'::regclass];
    made record;
begin
    lock table register.resident_current, register.search_name, register.search_address, register.kana_deletion
        in access exclusive mode;
    truncate register.resident_current, register.search_name, register.search_address, register.kana_deletion;
    create temp table rebuild_definition (
        place integer generated always as identity, removal text not null, definition text not null
    ) on commit drop;
    insert into pg_temp.rebuild_definition (removal, definition)
    select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname),
           format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
    from pg_catalog.pg_constraint c
    where c.conrelid = any (derived) and c.contype in ('p', 'u', 'f') order by c.contype desc, c.oid;
    insert into pg_temp.rebuild_definition (removal, definition)
    select format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
    from pg_catalog.pg_index i
    where i.indrelid = any (derived)
      and not exists (select 1 from pg_catalog.pg_constraint c where c.conindid = i.indexrelid) order by i.indexrelid;
    for made in select removal from pg_temp.rebuild_definition order by place loop
        execute made.removal;
    end loop;
end $$;
comment on function register.begin_rebuild() is 'empties the derived tables and takes their indexes and keys away';

create function register.end_rebuild() returns void language plpgsql security definer set search_path = '' as $$
declare
    made record;
begin
    for made in select definition from pg_temp.rebuild_definition order by place loop
        execute made.definition;
    end loop;
    drop table pg_temp.rebuild_definition;
end $$;
comment on function register.end_rebuild() is 'gives the derived tables the indexes and keys back, in the same transaction';

revoke execute on function register.begin_rebuild(), register.end_rebuild() from public;
grant execute on function register.begin_rebuild(), register.end_rebuild() to register_app;
