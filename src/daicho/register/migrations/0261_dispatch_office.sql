-- Where the notice of a new individual number comes from, where cards are handed over and where they are sent to (送付先情報 9-32).
-- A specimen for synthetic tenants; a real city registers its own with the day from which it holds.
create table register.dispatch_office (
    office_id bigint primary key,
    city text not null,
    city_postcode text not null,
    city_address text not null,
    city_phone text,
    pickup text not null,
    pickup_postcode text not null,
    pickup_address text not null,
    pickup_phone text,
    cards_to text not null,
    cards_to_postcode text not null,
    cards_to_address text not null,
    cards_to_phone text,
    valid daterange not null check (not isempty(valid)),
    exclude using gist (valid with &&)
);
insert into register.dispatch_office values
    (1, '熊谷市', '3608601', '埼玉県熊谷市宮町二丁目47番地1', '0480000000',
     '熊谷市役所市民課', '3608601', '埼玉県熊谷市宮町二丁目47番地1', '0480000000',
     '熊谷市役所市民課', '3608601', '埼玉県熊谷市宮町二丁目47番地1', '0480000000', daterange('2015-10-05', null));
grant select on register.dispatch_office to register_app;
