-- 選挙人名簿への登録の有無 and the days of the qualifications kept for other offices (STD 1.1.1).
alter table register.resident_state
    add column electoral_roll boolean not null default false,
    add column health_insurance_from date,
    add column health_insurance_to date,
    add column elderly_medical_from date,
    add column elderly_medical_to date,
    add column care_insurance_from date,
    add column care_insurance_to date,
    add column pension_from date,
    add column pension_to date,
    add column pension_kind_on date,
    add column child_allowance_from text check (child_allowance_from ~ '^[0-9]{4}-[0-9]{2}$'),
    add column child_allowance_to text check (child_allowance_to ~ '^[0-9]{4}-[0-9]{2}$');

-- The head of a removed record whose household has none any more is the last one it had.
create or replace view register.register_file with (security_invoker = true) as
select c.person_id,
       s.state_id,
       h.household_number as "世帯番号",
       coalesce(head.name_kana, gone.name_kana) as "世帯主カナ氏名",
       coalesce(head.name, gone.name) as "世帯主漢字氏名",
       s.district_code as "行政区コード",
       s.postcode as "現住所郵便番号",
       s.municipality_code as "現住所自治体コード",
       s.town_code as "現住所町字コード",
       s.address as "現住所",
       s.building_code as "現住所方書コード",
       s.building as "現住所方書",
       coalesce(r.planned, r.made) as "異動事由",
       p.addressee_number as "宛名番号",
       case when s.status = 'resident' then '0' else '1' end as "除票区分",
       coalesce(s.resident_since_text, to_char(s.resident_since, 'YYYYMMDD')) as "住民異動日",
       to_char(s.resident_notified_on, 'YYYYMMDD') as "住民届出日",
       case when not s.is_foreign then coalesce(s.settled_on_text, to_char(s.settled_on, 'YYYYMMDD')) end as "住定異動日",
       case when not s.is_foreign then s.settled_reason end as "住定異動事由",
       case when not s.is_foreign then to_char(s.settled_notified_on, 'YYYYMMDD') end as "住定届出日",
       case when not s.is_foreign then s.settled_basis end as "住定届出事由",
       s.name_kana as "カナ氏名",
       s.name as "漢字氏名",
       s.sex as "性別コード",
       case when not s.is_foreign then coalesce(s.birth_text, to_char(s.birth, 'YYYYMMDD')) end as "生年月日",
       s.relationship as "続柄コード",
       s.domicile_municipality as "本籍自治体コード",
       s.domicile_postcode as "本籍郵便番号",
       s.domicile as "本籍",
       s.family_register_head as "筆頭者漢字",
       s.maiden_name as "旧姓漢字",
       s.resident_code_id as "住民票コード",
       s.previous_municipality as "前住所自治体コード",
       s.previous_postcode as "前住所郵便番号",
       s.previous_address as "前住所",
       s.previous_building as "前住所方書",
       s.previous_head as "前住所世帯主漢字",
       coalesce(l.planned_municipality, s.planned_municipality) as "転出予定地自治体コード",
       coalesce(l.planned_postcode, s.planned_postcode) as "転出予定地郵便番号",
       coalesce(l.planned_address, s.planned_address) as "転出予定地",
       coalesce(l.planned_building, s.planned_building) as "転出予定地方書",
       coalesce(l.planned_head, s.planned_head) as "転出予定地世帯主漢字",
       s.confirmed_municipality as "転出確定地自治体コード",
       s.confirmed_postcode as "転出確定地郵便番号",
       s.confirmed_address as "転出確定地",
       s.confirmed_building as "転出確定地方書",
       s.confirmed_head as "転出確定地世帯主漢字",
       s.last_municipality as "最終住民登録地自治体コード",
       s.last_postcode as "最終住民登録地郵便番号",
       s.last_address as "最終住民登録地",
       s.last_building as "最終住民登録地方書",
       s.last_head as "最終住民登録地世帯主漢字",
       to_char(s.unreported_from, 'YYYYMMDD') as "未届期間開始",
       to_char(s.unreported_to, 'YYYYMMDD') as "未届期間終了",
       s.remarks as "付記事項(備考)",
       coalesce(coalesce(l.removed_on_text, to_char(l.removed_on, 'YYYYMMDD')), coalesce(s.removed_on_text, to_char(s.removed_on, 'YYYYMMDD'))) as "除票異動日",
       coalesce(to_char(l.removed_notified_on, 'YYYYMMDD'), to_char(s.removed_notified_on, 'YYYYMMDD')) as "除票届出日",
       coalesce(l.removed_reason, s.removed_reason) as "除票異動事由",
       coalesce(l.removed_basis, s.removed_basis) as "除票届出事由",
       s.foreign_name_kana as "外国人本名カナ",
       s.foreign_name_kanji as "外国人本名漢字",
       s.common_name_kana as "外国人通称カナ",
       s.common_name as "外国人通称漢字",
       s.parallel_name as "外国人併記名漢字",
       s.parallel_name_kana as "外国人併記名カナ",
       s.nationality as "国籍コード",
       s.nationality_name as "国籍漢字",
       s.residence_card_number as "在留カード等番号",
       s.residence_status as "在留資格コード",
       s.residence_status_name as "在留資格漢字",
       s.article_30_45 as "30の45区分",
       s.stay_period as "在留期間",
       to_char(s.stay_until, 'YYYYMMDD') as "在留期限満了日",
       case when s.is_foreign then coalesce(s.birth_text, to_char(s.birth, 'YYYYMMDD')) end as "外国人生年月日",
       coalesce(s.foreign_resident_since_text, to_char(s.foreign_resident_since, 'YYYYMMDD')) as "外国人住民異動日",
       to_char(s.foreign_resident_notified_on, 'YYYYMMDD') as "外国人住民届出日",
       case when s.is_foreign then coalesce(s.settled_on_text, to_char(s.settled_on, 'YYYYMMDD')) end as "外国人住定異動日",
       case when s.is_foreign then s.settled_reason end as "外国人住定異動事由",
       case when s.is_foreign then to_char(s.settled_notified_on, 'YYYYMMDD') end as "外国人住定届出日",
       case when s.is_foreign then s.settled_basis end as "外国人住定届出事由",
       s.residence_notice as "居住地届出フラグ",
       s.common_name_history as "通称履歴",
       s.individual_number_id as "個人番号",
       s.health_insurance as "国保資格得喪区分",
       s.health_insurance_retired as "国保資格退職者医療区分",
       s.care_insurance as "介護保険資格得喪区分",
       s.pension_number as "国民年金記号番号",
       s.pension_kind as "国民年金種別区分",
       s.pension_insurance as "国民年金保険区分",
       s.pension_benefit as "国民年金受給区分",
       s.child_allowance as "児童手当得喪区分",
       s.elderly_medical as "後期高齢得喪区分",
       s.welfare_medical as "福祉医療得喪区分",
       s.former_family_name as "旧氏 漢字",
       s.former_family_name_kana as "旧氏 ふりがな"
from register.resident_current c
join register.resident_state s using (state_id)
join register.person p on p.person_id = c.person_id
join register.household h on h.household_id = s.household_id
left join lateral (
    select x.name, x.name_kana from register.resident_current x
    where x.household_id = s.household_id and x.relationship = '02' and x.status = 'resident'
    order by x.removed_from desc nulls first limit 1
) head on true
left join lateral (
    select x.name, x.name_kana from register.resident_state x
    where head.name is null and s.status <> 'resident' and x.household_id = s.household_id and x.relationship = '02'
    and x.status = 'resident' and upper_inf(x.known)
    order by upper(x.valid) desc nulls first, lower(x.valid) desc limit 1
) gone on true
left join register.resident_state l
    on s.status = 'resident' and l.person_id = c.person_id and upper_inf(l.known) and lower(l.valid) = c.removed_from
left join lateral (
    select max(w.word) filter (where x.change_id = s.made_by) as made,
           max(w.word) filter (where x.change_id = l.made_by) as planned
    from register.change x join register.reason_word w using (reason)
    where x.change_id in (s.made_by, l.made_by)
) r on true;
grant select on register.register_file to register_app;
