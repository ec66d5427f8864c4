-- Removed records for which the notice of arrival is still awaited (転入通知未着, STD 4.1.3.1.4), by the day of the removal.
create index resident_state_awaited on register.resident_state (lower(valid))
    where status in ('moved_out', 'removed') and arrival_notice_on is null and upper_inf(known) and upper_inf(valid);
