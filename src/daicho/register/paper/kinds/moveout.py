"""転出証明書 (令23条) and 転出証明書に準ずる証明書 (STD 4.1.3.0.3): what the receiving municipality needs.

A move notified more than fourteen days after it was made is recorded ex officio (STD 4.1.3.0.1); who made it gets the
equivalent instead, which says that it was made to be handed in with the notification there.
"""

from daicho.law.reasons import Reason
from daicho.register.changes.move_out import is_ex_officio
from daicho.register.changes.record import ResidentRecord
from daicho.register.paper.authority import Item
from daicho.register.paper.errors import CertificateNotOwed, NotMovedOut
from daicho.register.paper.facts import Facts, Masters, Selection, Subject
from daicho.register.paper.kinds import moveout_code
from daicho.register.paper.kinds.parts import certificate
from daicho.register.paper.kinds.values import address_of, choose, day, head_name, legal, person_values, with_building
from daicho.register.paper.view import IssueMark, Paper, Section, Value

NAME = "転出証明書"
EQUIVALENT_NAME = "転出証明書に準ずる証明書"
SENTENCE = "上記のとおり転出することを証明する。"
EQUIVALENT_SENTENCE = "上記の者は、転出した者であることを証明する。"
NOTICE = "転入をした日から14日以内に、この証明書を添えて転入先の市区町村に届け出てください。"
EQUIVALENT_NOTICE = "この証明書は、転入届に添付すべき書類として発行したものです。転入先の市区町村に届け出てください。"
SPECIAL = "特例による転出処理済"

ITEMS = frozenset({Item.HEAD, Item.DOMICILE, Item.INDIVIDUAL_NUMBER, Item.RESIDENT_CODE, Item.FOREIGN})
"""On every move-out certificate, by 令23条."""


def compose(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """The certificate of those who leave together. Raises NobodyChosen, NotMovedOut, CertificateNotOwed."""
    chosen = _leavers(facts, selection)
    if any(is_ex_officio(subject.record) for subject in chosen):
        raise CertificateNotOwed(field="kind")
    special = [SPECIAL] if Item.SPECIAL_MOVE in selection.items else []
    return certificate(
        selection,
        masters,
        issue,
        name=NAME,
        title=NAME,
        sentence=SENTENCE,
        notice=NOTICE,
        stamps=special,
        top=[_head(facts, chosen[0].record)],
        sections=_boxes(chosen, masters),
    )


def compose_equivalent(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """The equivalent for those whose move was notified too late. Raises NobodyChosen, NotMovedOut."""
    chosen = _leavers(facts, selection)
    return certificate(
        selection,
        masters,
        issue,
        name=EQUIVALENT_NAME,
        title=EQUIVALENT_NAME,
        sentence=EQUIVALENT_SENTENCE,
        notice=EQUIVALENT_NOTICE,
        top=[_head(facts, chosen[0].record)],
        sections=_boxes(chosen, masters),
    )


def _leavers(facts: Facts, selection: Selection) -> list[Subject]:
    gone = [member for member in facts.members if not member.record.is_resident]
    chosen = choose(gone, selection.person_ids, resident=False)
    for subject in chosen:
        record = subject.record
        abroad = record.removed_reason == Reason.MOVE_OUT_ABROAD.word
        if record.status == "dead" or abroad or not (record.planned_address or record.planned_municipality):
            raise NotMovedOut(field="persons")
    return chosen


def _head(facts: Facts, record: ResidentRecord) -> Section:
    values: dict[str, Value] = {
        "address": address_of(record),
        "head": head_name(facts.members),
        "destination": with_building(record.planned_address, record.planned_building),
        "destination_head": record.planned_head,
        "moving_on": day(record.planned_on) or legal(record.removed_on),
        "notified": day(record.removed_notified_on),
    }
    return Section("moveout.head", values)


_SHOWN = frozenset(
    [
        "name",
        "reading",
        "birth",
        "sex",
        "relationship",
        "individual_number",
        "resident_code",
        "former_name",
        "former_name_reading",
        "domicile",
        "register_head",
        "common_name",
        "common_name_reading",
        "nationality",
        "category",
        "card_number",
        "status",
        "period",
        "expiry",
    ]
)


def _boxes(chosen: list[Subject], masters: Masters) -> list[Section]:
    return [_box(subject, number, masters) for number, subject in enumerate(chosen, 1)]


def _box(subject: Subject, number: int, masters: Masters) -> Section:
    record = subject.record
    values = {item: value for item, value in person_values(subject, ITEMS).items() if item in _SHOWN}
    values |= {
        "health_insurance": record.health_insurance,
        "elderly_medical": record.elderly_medical,
        "care_insurance": record.care_insurance,
        "pension": record.pension_kind or record.pension_insurance,
        "child_allowance": record.child_allowance,
    }
    form = "moveout.foreign" if record.is_foreign else "moveout.japanese"
    return Section(form, values, number, moveout_code.encode(subject, masters.municipality_code))
