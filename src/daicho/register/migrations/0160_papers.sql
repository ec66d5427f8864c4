-- All kinds of paper: what an application says of them, exemptions from fees, how long the history of issues is kept.

alter table register.certificate_application
    drop constraint certificate_application_kind_check,
    alter column household_id drop not null,
    add column history bigint[] not null default '{}',
    add column exemption text,
    add column change_id bigint references register.change (change_id),
    add column reissue_of bigint references register.certificate (certificate_id),
    add column town_code text,
    add check (kind in (
        'household_copy', 'individual_copy', 'removed_copy', 'entries', 'removed_entries', 'move_out',
        'move_out_equivalent', 'code_notice', 'code_change_notice', 'code_correction_notice', 'inspection',
        'acceptance_notice', 'head_change_notice', 'head_change_request', 'ex_officio_notice', 'ex_officio_record',
        'arrival_inquiry', 'protection_end_notice', 'check_sheet'
    )),
    add check (household_id is not null or kind = 'inspection'),
    add check ((town_code is not null) = (kind = 'inspection'));
comment on column register.certificate_application.history is 'ids of the states that made the history on the paper';
comment on column register.certificate_application.exemption is 'code of paper_exemption where no fee is taken';
comment on column register.certificate_application.change_id is 'the change that a letter or a move-out certificate speaks of';
comment on column register.certificate_application.reissue_of is 'the first issue whose state is printed again';
create index certificate_application_change on register.certificate_application (change_id) where change_id is not null;
create index certificate_person_state on register.certificate_person (state_id);

-- A letter carries no seal.
alter table register.certificate alter column seal_id drop not null;

-- Who pays nothing, by ordinance.
create table register.paper_exemption (
    code text not null check (code ~ '^[0-9]{2}$'),
    word text not null check (word <> ''),
    valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
    exclude using gist (code with =, valid with &&)
);
insert into register.paper_exemption (code, word, valid) values
    ('01', '公用', daterange('2020-04-01', null)),
    ('02', '生活保護を受けている人', daterange('2020-04-01', null)),
    ('03', '年金の受給・裁定', daterange('2020-04-01', null)),
    ('04', '児童扶養手当の手続', daterange('2020-04-01', null)),
    ('05', '災害による罹災', daterange('2020-04-01', null));

insert into register.paper_fee (fee_id, kind, yen, valid) values
    (2, 'individual_copy', 200, daterange('2020-04-01', null)),
    (3, 'removed_copy', 200, daterange('2020-04-01', null)),
    (4, 'entries', 200, daterange('2020-04-01', null)),
    (5, 'removed_entries', 200, daterange('2020-04-01', null)),
    (6, 'inspection', 300, daterange('2020-04-01', null));

-- Settings of the city about its papers.
create table register.paper_setting (
    name text primary key check (name in ('history_years')),
    value integer not null check (value > 0)
);
comment on table register.paper_setting is 'history_years: how long the history of issues is kept (STD 1.3.8)';
insert into register.paper_setting (name, value) values ('history_years', 5);

grant select on register.paper_exemption, register.paper_setting to ${app};
