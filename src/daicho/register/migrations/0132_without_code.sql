-- The work list of residents without a resident code (未付番者, STD 4.3.1) reads a handful of rows of a whole city.
create index resident_state_without_code on register.resident_state (state_id)
    where resident_code_id is null and status = 'resident' and upper_inf(known);
