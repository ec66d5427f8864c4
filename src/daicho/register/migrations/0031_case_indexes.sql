-- Short lists of the home screen: planned removals and ends of stay that come near.
create index resident_current_removed_from on register.resident_current (removed_from) where removed_from is not null;
create index resident_state_stay_until on register.resident_state (stay_until)
    where stay_until is not null and upper_inf(known);
