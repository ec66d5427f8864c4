-- 準リアルタイム (STD 7.2.3): files every ten minutes.
alter table commons.subscription drop constraint subscription_frequency_check;
alter table commons.subscription add constraint subscription_frequency_check
    check (frequency in ('at_once', 'ten_minutes', 'daily', 'weekly', 'monthly', 'on_request'));
