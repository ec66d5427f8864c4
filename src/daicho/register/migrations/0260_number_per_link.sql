-- Messages about a person are numbered for each link: connector and kiosk are not told everything that commons is told, and
-- a receiver takes no gaps. `last_sequence_no` goes on counting what is told at all, and numbers the link to commons.
alter table register.person
    add column connector_no bigint not null default 0,
    add column kiosk_no bigint not null default 0;
comment on column register.person.connector_no is 'last number given to a message about this person on the link to the connector';
comment on column register.person.kiosk_no is 'last number given to a message about this person on the link to the kiosk';
grant update (connector_no, kiosk_no) on register.person to register_app;

-- What waits on these links is numbered anew; nothing was ever sent there. Over negative numbers, so that none is used twice.
update wire.delivery d set sequence_no = -n.no
    from (select link, message_id, row_number() over (partition by link, person_id order by sequence_no) as no
          from wire.delivery where link in ('register-connector', 'register-kiosk')) n
    where d.link = n.link and d.message_id = n.message_id;
update wire.delivery set sequence_no = -sequence_no where sequence_no < 0;
update register.person p set connector_no = w.connector, kiosk_no = w.kiosk
    from (select person_id, count(*) filter (where link = 'register-connector') as connector,
                 count(*) filter (where link = 'register-kiosk') as kiosk
          from wire.delivery group by person_id) w
    where w.person_id = p.person_id;
