-- Refused messages are few among many that wait; the home page counts them each time.
create index delivery_dead on wire.delivery (created_at, message_id) where state = 'dead';
