"""Before and after: what a plan changes, in the words and the order of the screens (S15, S17)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from daicho.law.codes import Sex
from daicho.law.dates import LegalDate, age_on, birth_word
from daicho.law.eras import format_wareki
from daicho.register.changes.notification import ArrivalNotice, MoveIn
from daicho.register.changes.notification_amend import Amendment, ErrorCorrection
from daicho.register.changes.plan import Effect, PersonBefore
from daicho.register.changes.record import RECORD_FIELDS, ResidentRecord
from daicho.register.changes.retroactive import line_of, record_on
from daicho.register.desk.planning import Prepared
from daicho.register.screens.labels import LABELS, REGISTER_FACE, display

_ADDRESS = ("address", "building")
_FORMER = ("former_address", "former_building")
_PREVIOUS = ("previous_address", "previous_building")
_SKIPPED = frozenset(
    {
        "household_id",
        "household_order",
        "municipality_code",
        "town_code",
        "district_code",
        "building_code",
        "status",
        "name_kana_checked",
        "is_foreign",
        "resident_code_id",
        "individual_number_id",
        "domicile_municipality",
        "domicile_postcode",
        "previous_municipality",
        "previous_postcode",
        "planned_municipality",
        "planned_postcode",
        "nationality",
        "residence_status",
        *_ADDRESS,
        *_FORMER,
        *_PREVIOUS,
    }
)
"""Codes that stand beside a word, and what is shown joined or in a row of its own."""

_DERIVED = frozenset({"settled_reason", "settled_basis", "postcode", "removed_basis"})
"""What follows from the change itself: shown with everything, not among the changed items."""
_IN_HEADING = frozenset({"name", "name_kana", "sex", "settled_notified_on"})
"""What the heading of a person who is entered, or another date, says already."""

_SHORT = {"foreign_resident_since": "外国人住民の日"}
"""Labels that are too long for their column here."""

_FIELD_OF = {
    "address": "town",
    "previous": "previous_address",
    "settled_on": "change_date",
    "resident_since": "change_date",
    "removed_on": "change_date",
    "planned_on": "change_date",
    "planned_address": "destination",
    "confirmed_address": "destination",
    "confirmed_on": "change_date",
    "name": "name",
    "name_kana": "name_kana",
    "birth": "birth",
    "sex": "sex",
    "relationship": "relationship",
    "domicile": "domicile",
    "family_register_head": "family_register_head",
    "name_reading": "name_reading",
    "remarks": "remarks",
    "nationality_name": "nationality",
    "article_30_45": "article_30_45",
    "residence_status_name": "residence_status",
    "residence_card_number": "residence_card_number",
    "stay_period": "stay_period",
    "stay_until": "stay_until",
}
"""Which typed field a row comes from, where there is one: the way back from the check page."""


@dataclass(frozen=True, slots=True)
class Row:
    """One item before and after. `field` is the typed field behind it, `rekey` the field that hides it in a review."""

    item: str
    label: str
    before: str
    after: str
    reg: bool = False
    field: str = ""
    rekey: str = ""
    taken: bool = False

    @property
    def same(self) -> bool:
        """Whether nothing changes."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading: what all share, one person, or a household left behind."""

    title: str
    name: str
    note: str
    rows: tuple[Row, ...]


def groups(prepared: Prepared, *, everything: bool = False, review: bool = False) -> list[Group]:
    """The before/after table: shared items once, then person by person, then those who stay.

    In a review the headings do not show the birth dates that are to be keyed again.
    """
    if prepared.plan.cancels is not None:
        return _taken_back(prepared, everything, review)
    effects = _first_effects(prepared)
    movers = [effect for effect in effects if effect.role == "mover"]
    per_person = {effect.person_id: _rows(prepared, effect, everything) for effect in effects}
    shared = _shared([per_person[effect.person_id] for effect in movers])
    said = {_value(row) for row in shared}
    own = {e.person_id: tuple(r for r in per_person[e.person_id] if _value(r) not in said) for e in movers}
    plain = tuple(_names_row(effect) for effect in movers if not own[effect.person_id])
    common = (*shared[:1], *_household_rows(prepared, movers), *shared[1:], *plain)
    found = [Group(_shared_title(movers), "", _shared_note(prepared), common)] if common else []
    for position, effect in enumerate(movers, start=1):
        if own[effect.person_id]:
            heading = _who(effect, prepared, review)
            found.append(Group(str(position), effect.record.name, heading, own[effect.person_id]))
    rest = [effect for effect in effects if effect.role != "mover"]
    for effect in rest:
        rows = per_person[effect.person_id]
        if rows:
            found.append(Group("残る人", effect.record.name, _who(effect, prepared, review), rows))
    return found + _order_group(prepared, effects) + _numbers_group(movers) + _notes_group(prepared)


def _notes_group(prepared: Prepared) -> list[Group]:
    """留意事項 that will be kept with the change and printed beside it, each text once."""
    people: dict[str, set[int]] = {}
    for note in prepared.plan.notes:
        people.setdefault(note.text, set()).add(note.person_id)
    rows = tuple(Row("note", f"{len(who)}人", "", text, field="note") for text, who in people.items())
    return [Group("留意事項", "", "", rows)] if rows else []


def _order_group(prepared: Prepared, effects: list[Effect]) -> list[Group]:
    """The order of a household where people who stay get another place in it."""
    moved = {e.record.household_id for e in effects if _gets_another_place(prepared, e)}
    found = []
    for household_id in sorted(moved):
        household = prepared.before.household(household_id)
        names = {
            member.person_id: record.name
            for member in household.residents
            if (record := _before(prepared, member.person_id))
        }
        after = {
            member.person_id: record.household_order
            for member in household.residents
            if (record := _before(prepared, member.person_id))
        }
        for effect in effects:
            after.pop(effect.person_id, None)
            if effect.record.is_resident and effect.record.household_id == household_id:
                after[effect.person_id] = effect.record.household_order
                names[effect.person_id] = effect.record.name
        before = "、".join(names[member.person_id] for member in household.residents)
        words = "、".join(names[person] for person in sorted(after, key=lambda one: after[one]))
        found.append(
            Group(
                "並び順", "", household.household_number or "", (Row("order", "世帯員の順", before, words, reg=True),)
            )
        )
    return found


def _gets_another_place(prepared: Prepared, effect: Effect) -> bool:
    """Whether only the rank of somebody who stays is set; a new head's rank is no news beside the relationship."""
    old = _before(prepared, effect.person_id)
    if old is None or old.household_id != effect.record.household_id:
        return False
    return old.household_order != effect.record.household_order and old.relationship == effect.record.relationship


def _taken_back(prepared: Prepared, everything: bool, review: bool) -> list[Group]:
    """Of a cancellation each person's record against what stands now, from each day on which that differs anew."""
    found: list[Group] = []
    for person_id in prepared.plan.person_ids:
        now = line_of(prepared.before.person(person_id))
        said: tuple[Row, ...] = ()
        for effect in prepared.plan.effects_of(person_id):
            before = record_on(now, effect.valid_from)
            rows = () if before is None else _back_rows(prepared, before, effect, everything)
            if rows and rows != said:
                said = rows
                note = f"{format_wareki(effect.valid_from)}から　{_who(effect, prepared, review)}"
                title = "取り消す人" if effect.role == "mover" else "ほかの人"
                found.append(Group(title, effect.record.name, note, rows))
    return found


def _back_rows(prepared: Prepared, before: ResidentRecord, effect: Effect, everything: bool) -> tuple[Row, ...]:
    row_key = prepared.entry.people.get(effect.person_id, "")
    after = effect.record
    rows = [
        Row("status", "住民の状態", display("status", before), display("status", after)),
        Row("household", "世帯", *_household_numbers(prepared, before, after)),
        Row("address", "住所", _join(before, _ADDRESS), _join(after, _ADDRESS)),
        Row("former", "異動前住所", _join(before, _FORMER), _join(after, _FORMER)),
        *(
            Row(item, word, display(item, before), display(item, after), item in REGISTER_FACE,
                rekey=_rekey(prepared, row_key, item))
            for item, word in LABELS.items()
            if item not in _SKIPPED
        ),
    ]  # fmt: skip
    return tuple(row for row in rows if (row.before or row.after if everything else not row.same))


def _household_numbers(prepared: Prepared, before: ResidentRecord, after: ResidentRecord) -> tuple[str, str]:
    if before.household_id == after.household_id:
        return "", ""
    numbers = [prepared.before.household(one.household_id).household_number for one in (before, after)]
    return numbers[0] or "", numbers[1] or "登録のとき付けます"


def count(found: Iterable[Group]) -> int:
    """How many items change."""
    return sum(not row.same and row.item != "person" for group in found for row in group.rows)


def _first_effects(prepared: Prepared) -> list[Effect]:
    """The first effect on each person, movers first, in household order."""
    seen: dict[int, Effect] = {}
    for effect in sorted(prepared.plan.effects, key=lambda e: e.valid_from):
        seen.setdefault(effect.person_id, effect)
    return sorted(seen.values(), key=lambda e: (e.role != "mover", e.record.household_order))


def _before(prepared: Prepared, person_id: int) -> ResidentRecord | None:
    """The record on the change date; of somebody whose notice of arrival has come the removed one, which it completes."""
    person: PersonBefore = prepared.before.person(person_id)
    notification = prepared.entry.notification
    if isinstance(notification, ArrivalNotice) and person_id in notification.person_ids:
        return next((state.record for state in reversed(person.states) if not state.record.is_resident), None)
    return person.current.record if person.current is not None else None


def _rows(prepared: Prepared, effect: Effect, everything: bool) -> tuple[Row, ...]:
    before, after = _before(prepared, effect.person_id), effect.record
    known = None if before is None or (effect.kind == "enter" and not before.is_resident) else before
    entered = effect.kind == "enter" and known is None
    row_key = prepared.entry.people.get(effect.person_id, "")
    rows = [_joined("address", "住所", _ADDRESS, known, after, effect)]
    if not entered:
        rows.append(_joined("former", "異動前住所", _FORMER, known, after, effect))
    for item in LABELS:
        if item not in _SKIPPED and not (item == "birth" and known and known.birth == after.birth):
            old = display(item, known) if known else ""
            new = display(item, after)
            rows.append(
                Row(
                    item,
                    _SHORT.get(item, LABELS[item]),
                    old,
                    new,
                    item in REGISTER_FACE,
                    _typed(row_key, item) or _amended(prepared, item),
                    _rekey(prepared, row_key, item),
                )
            )
    if entered:
        previous = _join(after, _PREVIOUS)
        rows[0] = Row("address", "住所", previous, _join(after, _ADDRESS), field="town")
    if everything:
        return tuple(row for row in rows if row.before or row.after)
    return tuple(row for row in rows if not row.same and not _is_said(row, after, entered))


def _is_said(row: Row, after: ResidentRecord, entered: bool) -> bool:
    """Whether a changed item follows from another one that is shown."""
    if entered and (row.item in _IN_HEADING or (row.item == "settled_on" and after.settled_on == after.resident_since)):
        return True
    return row.item in _DERIVED


def _joined(
    item: str, label: str, parts: tuple[str, str], before: ResidentRecord | None, after: ResidentRecord, effect: Effect
) -> Row:
    return Row(
        item,
        label,
        _join(before, parts) if before else "",
        _join(after, parts),
        field="town" if item == "address" and effect.role == "mover" else "",
    )


def _join(record: ResidentRecord, parts: Iterable[str]) -> str:
    return " ".join(str(getattr(record, part)) for part in parts if getattr(record, part))


def _typed(row_key: str, item: str) -> str:
    field = _FIELD_OF.get(item, "")
    if row_key.startswith("p") and field and field not in ("change_date", "destination"):
        return f"{row_key}.{field}"
    return field if field in ("change_date", "destination") else ""


def _amended(prepared: Prepared, item: str) -> str:
    """The field of an amendment in which the new value was typed."""
    notification = prepared.entry.notification
    values = notification.values if isinstance(notification, Amendment | ErrorCorrection) else ()
    return f"i.{item}" if item in {value.item for value in values} else ""


def _rekey(prepared: Prepared, row_key: str, item: str) -> str:
    """The re-keyed field that must match before this value is shown to the reviewer."""
    if item == "birth":
        for field in ("i.birth", f"{row_key}.birth", f"b.{row_key.removeprefix('m.')}"):
            if field in prepared.entry.rekeys:
                return field
    if item in ("settled_on", "resident_since", "removed_on", "planned_on", "confirmed_on"):
        return next((field for field in ("change_date", "died", "removed_on") if field in prepared.entry.rekeys), "")
    return ""


def _shared(rows: list[tuple[Row, ...]]) -> tuple[Row, ...]:
    """The rows that all movers have in common; nothing is shared by one alone, except what belongs to the household."""
    if not rows:
        return ()
    first = rows[0]
    if len(rows) == 1:
        return tuple(row for row in first if row.item in _HOUSEHOLD_ITEMS)
    plain = [{_value(row) for row in person} for person in rows]
    return tuple(row for row in first if row.item != "relationship" and all(_value(row) in one for one in plain))


_HOUSEHOLD_ITEMS = frozenset(
    {"address", "former", "resident_since", "resident_notified_on", "settled_on", "settled_reason"}
    | {"settled_notified_on", "settled_basis", "postcode", "previous_head", "planned_on", "planned_address"}
)


def _value(row: Row) -> tuple[str, str, str]:
    return row.item, row.before, row.after


def _household_rows(prepared: Prepared, movers: list[Effect]) -> tuple[Row, ...]:
    """Head and number of the household the movers end up in."""
    residents = [effect for effect in movers if effect.record.is_resident]
    if not residents:
        return ()
    household = prepared.before.household(residents[0].record.household_id)
    old_head = household.head.current.record.name if household.head and household.head.current else ""
    heads = [e.record.name for e in prepared.plan.effects if e.record.relationship == "02" and e.record.is_resident
             and e.record.household_id == residents[0].record.household_id]  # fmt: skip
    new_head = heads[0] if heads else old_head
    rows = []
    if new_head != old_head:
        rows.append(Row("head", "世帯主", old_head, new_head, reg=True))
    if household.household_number is None:
        rows.append(Row("household_number", "世帯番号", "", "登録のとき付けます", taken=True))
    return tuple(rows)


def _numbers_group(movers: list[Effect]) -> list[Group]:
    """That numbers come along is said, never which."""
    kept = [e for e in movers if e.numbers.individual_number or e.numbers.resident_code]
    if not kept:
        return []
    rows = tuple(
        Row(
            "numbers",
            "個人番号・コード",
            "",
            "・".join(
                word
                for word, value in (("個人番号", e.numbers.individual_number), ("コード", e.numbers.resident_code))
                if value
            )
            + " 入力あり(検査数字 一致)",
        )
        for e in kept
    )
    return [Group("番号", "", f"{len(kept)}人", tuple(dict.fromkeys(rows)))]


def _shared_title(movers: list[Effect]) -> str:
    return f"{len(movers)}人に共通" if len(movers) > 1 else "世帯"


def _shared_note(prepared: Prepared) -> str:
    notification = prepared.entry.notification
    if isinstance(notification, MoveIn):
        return "新しい世帯" if notification.address is not None else "今ある世帯に入る"
    return prepared.plan.reason.word


def _names_row(effect: Effect) -> Row:
    """Somebody of whom nothing changes but what all share."""
    name = effect.record.name
    return Row("person", "異動する人", "", name, reg=True, taken=True)


def _who(effect: Effect, prepared: Prepared, review: bool) -> str:
    """Birth date, age and sex beside a name; in a review not for people whose birth date is keyed again."""
    if effect.kind == "enter" and prepared.plan.cancels is None:
        return f"{effect.record.name_kana or ''} {Sex(effect.record.sex).word}"
    if review and f"b.{effect.person_id}" in prepared.entry.rekeys:
        return Sex(effect.record.sex).word
    born: LegalDate = effect.record.birth
    years = age_on(born, prepared.before.on)
    return f"{birth_word(born, effect.record.is_foreign)} {'' if years is None else f'{years}歳'} {Sex(effect.record.sex).word}"


def resident_summary(prepared: Prepared) -> list[tuple[str, str, bool]]:
    """What the notifier is shown in large type: (label, words, whether they are names)."""
    firsts = _first_effects(prepared)
    movers = [effect for effect in firsts if effect.role == "mover"] or firsts
    first = movers[0].record
    if prepared.plan.cancels is not None:
        people = "、".join(effect.record.name for effect in movers)
        return [("取り消す異動の日", prepared.plan.change_date.wareki, False), ("取り消す人", people, True)]
    found = [(_DAY_WORDS.get(prepared.plan.reason.value, "異動した日"), prepared.plan.change_date.wareki, False)]
    if first.is_resident:
        found.append(("住所", _join(first, _ADDRESS), False))
    if not first.is_resident and (first.confirmed_address or first.planned_address):
        found.append(("転出先", first.confirmed_address or first.planned_address or "", False))
    names = [movers[0].record.name, *(_given(effect.record.name, movers[0].record.name) for effect in movers[1:])]
    found.append((_PEOPLE_WORDS.get(prepared.plan.reason.value, "本人"), "、".join(names), True))
    heads = [e.record.name for e in prepared.plan.effects if e.record.relationship == "02" and e.record.is_resident]
    if heads:
        found.append(("世帯主", heads[0], True))
    return found


_DAY_WORDS = {
    "move_in": "引っ越した日",
    "move_in_abroad": "住み始めた日",
    "ex_officio_entry": "住み始めた日",
    "entry_naturalisation": "帰化・国籍取得の日",
    "entry_nationality_loss": "国籍を失った日",
    "ex_officio_removal": "消除の日",
    "renewal_entry": "改製の日",
    "restoration_entry": "再製の日",
    "move_within": "引っ越した日",
    "move_out": "引っ越す日",
    "move_out_abroad": "出国する日",
    "birth": "生まれた日",
    "death": "亡くなった日",
    "head_change": "世帯主が変わった日",
    "household_split": "世帯を分けた日",
    "household_merge": "世帯を一つにした日",
    "household_change": "世帯が変わった日",
}
_PEOPLE_WORDS = {
    "move_in": "引っ越した人",
    "move_within": "引っ越した人",
    "move_out": "引っ越す人",
    "birth": "生まれた子",
}


def _given(name: str, first: str) -> str:
    """The given name where the family name is the first person's."""
    family, space, given = name.partition("\u3000")
    return given if space and family == first.partition("\u3000")[0] else name


def stale_rows(
    states: Mapping[int, tuple[ResidentRecord | None, ResidentRecord | None]],
) -> list[tuple[str, str, str, str]]:
    """What changed in the register since the check: (name, item, then, now) per differing item."""
    found = []
    for then, now in states.values():
        shown = now or then
        if shown is None:
            continue
        for item in RECORD_FIELDS:
            if item in LABELS and (not then or not now or getattr(then, item) != getattr(now, item)):
                old, new = (display(item, r) if r else "" for r in (then, now))
                if old != new:
                    found.append((shown.name, LABELS[item], old, new))
    return found
