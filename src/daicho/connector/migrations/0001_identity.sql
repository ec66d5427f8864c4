-- The identity file (本人確認情報ファイル): one row per person and update, as the register told it and as the prefecture is notified.
create schema connector authorization current_user;

create table connector.subject (
    subject_id bigint primary key,
    register_person bigint not null unique,
    last_update_no bigint not null default 0,
    prefecture_no bigint not null default 0
);
comment on table connector.subject is 'a person under a number of the connector''s own; register_person is how the register''s messages name them';
comment on column connector.subject.prefecture_no is 'last number given to a message about this person on the link to the prefecture';

-- Numbers, encrypted, found by a keyed index; one number is held by one person at a time.
create table connector.number (
    number_id bigint primary key,
    subject_id bigint not null references connector.subject (subject_id),
    kind text not null check (kind in ('individual_number', 'resident_code')),
    ciphertext bytea not null,
    blind_index bytea not null check (length(blind_index) = 32),
    key_version smallint not null,
    released_at timestamptz
);
create unique index number_holder on connector.number (kind, blind_index) where released_at is null;
create index number_subject on connector.number (subject_id, kind);

create table connector.identity (
    subject_id bigint not null references connector.subject (subject_id),
    update_no bigint not null check (update_no > 0),
    taken_at timestamptz not null,
    superseded_at timestamptz,
    message_id bigint not null,
    resident_code_id bigint references connector.number (number_id),
    former_code_id bigint references connector.number (number_id),
    individual_number_id bigint references connector.number (number_id),
    name text not null,
    name_uncoded integer not null,
    reading text,
    reading_unvoiced text,
    birth date not null,
    birth_text text,
    sex text not null check (sex in ('1', '2')),
    municipality_code text not null,
    town_code text,
    postcode text,
    address text not null,
    address_uncoded integer not null,
    resident_since date,
    resident_since_text text,
    settled_on date,
    settled_on_text text,
    notified_on date,
    previous_municipality text,
    previous_address text,
    previous_address_uncoded integer not null,
    relationship text not null,
    reason text not null,
    change_date date not null,
    change_date_text text,
    reason_detail text not null,
    code_used_from date,
    request_no text not null,
    operator text not null,
    terminal text not null,
    day_update_no integer not null check (day_update_no > 0),
    planned boolean not null,
    locked boolean not null default false,
    has_uncoded boolean not null,
    record_status text not null check (record_status in ('resident', 'moved_out', 'dead', 'removed')),
    recorded_at timestamptz not null,
    former_name text,
    former_name_uncoded integer not null,
    former_name_reading text,
    former_name_uncoded_no integer not null,
    primary key (subject_id, update_no),
    check (superseded_at >= taken_at)
);
create unique index identity_current on connector.identity (subject_id) where superseded_at is null;
comment on table connector.identity is 'never changed but for superseded_at, which is set once; kept 150 years from the newer notice or the removal (令34条2項)';
comment on column connector.identity.update_no is '29 更新順番号';
comment on column connector.identity.day_update_no is '30 異動事由更新順番号: which of this person''s updates for that change date it is';

create function connector.refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.superseded_at is null and new.superseded_at is not null
        and to_jsonb(new) - 'superseded_at' = to_jsonb(old) - 'superseded_at' then
        return new;
    end if;
    raise exception 'an update of the identity file is never changed' using errcode = 'integrity_constraint_violation';
end $$;
create trigger identity_keep before update or delete on connector.identity
    for each row execute function connector.refuse_change();

-- How far a person is suppressed, as last told by the register (STD 3.1, 3.2): item 31 更新禁止フラグ.
create table connector.suppression (
    subject_id bigint primary key references connector.subject (subject_id),
    sequence_no bigint not null,
    protected boolean not null,
    on_change text not null check (on_change in ('none', 'alert', 'error')),
    on_issue text not null check (on_issue in ('none', 'alert', 'error')),
    on_inquiry text not null check (on_inquiry in ('none', 'alert', 'error')),
    told_at timestamptz not null
);

-- The 40 items by their names; numbers are ids of connector.number.
create view connector.identity_file with (security_invoker = true) as
select i.subject_id,
       i.resident_code_id as "住民票コード",
       i.name as "漢字氏名",
       i.name_uncoded as "外字数(氏名)",
       i.reading as "ふりがな氏名",
       i.reading_unvoiced as "清音化かな氏名",
       coalesce(i.birth_text, to_char(i.birth, 'YYYYMMDD')) as "生年月日",
       i.sex as "性別",
       i.municipality_code as "市町村コード",
       i.town_code as "大字・字コード",
       i.postcode as "郵便番号",
       i.address as "住所",
       i.address_uncoded as "外字数(住所)",
       i.individual_number_id as "個人番号",
       coalesce(i.resident_since_text, to_char(i.resident_since, 'YYYYMMDD')) as "住民となった日",
       coalesce(i.settled_on_text, to_char(i.settled_on, 'YYYYMMDD')) as "住所を定めた日",
       to_char(i.notified_on, 'YYYYMMDD') as "届出の年月日",
       i.previous_municipality as "市町村コード(転入前)",
       i.previous_address as "転入前住所",
       i.previous_address_uncoded as "外字数(転入前住所)",
       i.relationship as "続柄",
       i.reason as "異動事由",
       coalesce(i.change_date_text, to_char(i.change_date, 'YYYYMMDD')) as "異動年月日",
       i.reason_detail as "異動事由詳細",
       i.former_code_id as "旧住民票コード",
       to_char(i.code_used_from, 'YYYYMMDD') as "住民票コード使用年月日",
       i.request_no as "依頼管理番号",
       i.operator as "操作者ID",
       i.terminal as "操作端末ID",
       i.update_no as "更新順番号",
       i.day_update_no as "異動事更新順番号",
       coalesce(s.on_change = 'error', false) as "更新禁止フラグ",
       i.planned as "予定者フラグ",
       i.locked as "排他フラグ",
       i.has_uncoded as "外字フラグ",
       i.record_status as "レコード状況フラグ",
       i.recorded_at as "タイムスタンプ",
       i.former_name as "旧氏 漢字",
       i.former_name_uncoded as "旧氏 外字数",
       i.former_name_reading as "旧氏 ふりがな",
       i.former_name_uncoded_no as "旧氏 外字変更連番"
from connector.identity i
left join connector.suppression s using (subject_id)
where i.superseded_at is null;

grant usage on schema connector to ${app};
grant select, insert, update (last_update_no, prefecture_no) on connector.subject to ${app};
grant select, insert, update (released_at) on connector.number to ${app};
grant select, insert, update (superseded_at) on connector.identity to ${app};
grant select, insert, update on connector.suppression to ${app};
grant select on connector.identity_file to ${app};
