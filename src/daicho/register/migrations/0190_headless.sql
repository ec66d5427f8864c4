-- Residents of households without a head, for the list of those who are asked for one (世帯主変更依頼, STD 4.0.5).
create index resident_state_headless on register.resident_state (household_id)
    where head_absent and status = 'resident' and upper_inf(known);
