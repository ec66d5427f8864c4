-- The witness signs for a root by its receipt (decision 0145): nothing was ever kept here.
drop table trail.counter_seal;
