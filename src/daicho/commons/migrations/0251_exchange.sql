-- The in-city exchange (庁内連携): which systems of offices are told what, on which basis, and how far each has come.
-- Registered systems. The name is the one that the certificate bears; nothing is ever deleted.
create table commons.subscriber (
    subscriber text primary key check (subscriber ~ '^office-[a-z0-9-]{2,40}$'),
    name text not null,
    office text not null,
    registered_at timestamptz not null,
    registered_by text not null
);

-- Certificates that count for a subscriber, two at once while a key is replaced.
create table commons.subscriber_certificate (
    subscriber text not null references commons.subscriber,
    fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
    added_at timestamptz not null,
    added_by text not null,
    ended_at timestamptz,
    primary key (subscriber, fingerprint)
);

-- What a subscriber is told, as data with periods. `items` stay within what the line of the list of transfers allows.
create table commons.subscription (
    subscription_id bigint primary key,
    subscriber text not null references commons.subscriber,
    valid_from date not null,
    valid_to date,
    transfer_no integer not null,
    basis text not null check (basis <> ''),
    items text[] not null check (cardinality(items) > 0),
    form text not null check (form in ('push', 'pull', 'file')),
    frequency text not null check (frequency in ('at_once', 'daily', 'weekly', 'monthly', 'on_request')),
    endpoint text check (endpoint ~ '^https://[^[:space:]]+$'),
    protection text not null check (protection in ('withheld', 'marked')),
    qualification text check (qualification in ('health_insurance', 'elderly_medical', 'care_insurance', 'pension', 'child_allowance')),
    registered_at timestamptz not null,
    registered_by text not null,
    reason text not null check (reason <> ''),
    check ((form = 'push') = (endpoint is not null)),
    check (valid_to is null or valid_to > valid_from),
    exclude using gist (subscriber with =, daterange(valid_from, valid_to) with &&)
);
comment on column commons.subscription.protection is 'withheld: of hidden persons no place and no household, with the mark; marked: all items, with the mark, for duties that need the place';
comment on column commons.subscription.qualification is 'the qualification that this office may tell the register';

-- What the register told, in the order in which it was taken: every form of handing on reads this one log.
create table commons.feed (
    position bigint primary key,
    at timestamptz not null,
    kind text not null check (kind in ('changed', 'suppression')),
    addressee_number text not null,
    content jsonb not null
);
create index feed_person on commons.feed (addressee_number, position);
create trigger feed_keep before update or delete on commons.feed for each row execute function wire.refuse_change();

-- What is pushed and not settled yet; a person's later events wait for the earlier one.
create table commons.delivery (
    subscriber text not null references commons.subscriber,
    position bigint not null references commons.feed,
    addressee_number text not null,
    created_at timestamptz not null,
    state text not null default 'waiting' check (state in ('waiting', 'dead')),
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    last_code text,
    primary key (subscriber, position)
);
create index delivery_due on commons.delivery (subscriber, next_attempt_at) where state = 'waiting';
create index delivery_person on commons.delivery (subscriber, addressee_number, position);
create index delivery_dead on commons.delivery (created_at) where state = 'dead';

-- The evidence: what was sent, signed by us, and what the office signed to it.
create table commons.batch (
    batch_id bigint primary key,
    subscriber text not null references commons.subscriber,
    sent_at timestamptz not null,
    body text not null,
    signature text not null,
    receipt text not null
);
create trigger batch_keep before update or delete on commons.batch for each row execute function wire.refuse_change();
create table commons.delivered (
    subscriber text not null references commons.subscriber,
    position bigint not null references commons.feed,
    settled_at timestamptz not null,
    outcome text not null check (outcome in ('accepted', 'by_hand')),
    batch_id bigint references commons.batch,
    primary key (subscriber, position),
    check ((outcome = 'accepted') = (batch_id is not null))
);
create index delivered_at on commons.delivered (settled_at);
create trigger delivered_keep before update or delete on commons.delivered for each row execute function wire.refuse_change();
create table commons.delivery_handling (
    handling_id bigint primary key,
    at timestamptz not null,
    subscriber text not null,
    position bigint not null,
    act text not null check (act in ('again', 'by_hand')),
    officer text not null,
    reason text not null check (reason <> '')
);
create trigger handling_keep before update or delete on commons.delivery_handling
    for each row execute function wire.refuse_change();

-- How far each subscriber that pulls has come: what it asked from was received before.
create table commons.pulled (
    subscriber text primary key references commons.subscriber,
    position bigint not null,
    at timestamptz not null
);

-- Files made for subscribers; the file itself lies in the data folder.
create table commons.exchange_file (
    file_id bigint primary key,
    subscriber text not null references commons.subscriber,
    name text not null unique check (name ~ '^(full|diff)-[0-9]{8}-[0-9]+\.csv$'),
    kind text not null check (kind in ('full', 'diff')),
    after_position bigint not null,
    to_position bigint not null,
    persons integer not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    made_at timestamptz not null
);
create index exchange_file_subscriber on commons.exchange_file (subscriber, made_at);
create trigger file_keep before update or delete on commons.exchange_file for each row execute function wire.refuse_change();

-- What offices told of qualifications on its way to the register: one count for each person, without gaps.
create table commons.qualification_count (
    addressee_number text primary key,
    last_sequence_no bigint not null
);

grant select, insert on commons.subscriber, commons.feed, commons.batch, commons.delivered, commons.delivery_handling,
    commons.exchange_file to ${app};
grant select, insert, update (ended_at) on commons.subscriber_certificate to ${app};
grant select, insert, update (valid_to, endpoint) on commons.subscription to ${app};
grant select, insert, delete, update (state, attempts, next_attempt_at, last_code) on commons.delivery to ${app};
grant select, insert, update (position, at) on commons.pulled to ${app};
grant select, insert, update (last_sequence_no) on commons.qualification_count to ${app};
