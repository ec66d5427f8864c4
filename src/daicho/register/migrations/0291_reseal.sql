-- A free code may be put under a newer version of its key, and nothing else of it changes.
create or replace function register.take_code_once() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.key_version > old.key_version
        and (to_jsonb(new) - 'ciphertext' - 'key_version') is not distinct from (to_jsonb(old) - 'ciphertext' - 'key_version') then
        return new;
    end if;
    if tg_op <> 'UPDATE' or old.taken_at is not null or new.taken_at is null
        or (to_jsonb(new) - 'taken_at' - 'taken_by') is distinct from (to_jsonb(old) - 'taken_at' - 'taken_by') then
        raise exception 'a free resident code is taken once' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
grant update (ciphertext, key_version) on register.resident_code_stock to ${app};
