"""住民異動届受理通知 (STD 4.1.0.3), 世帯主変更通知書 and 依頼通知書 (4.0.5), 職権記載等通知書 and 職権記録書 (4.2),
転入通知未着照会書 (4.1.3.1.4), 成年被後見人転出通知 (9.4)."""

from daicho.law.dates import birth_word
from daicho.law.reasons import Kind as ChangeKind
from daicho.law.towns import municipalities
from daicho.register.changes.record import ResidentRecord
from daicho.register.paper.errors import LetterImpossible
from daicho.register.paper.facts import Cause, Facts, Masters, Selection, Subject
from daicho.register.paper.kinds.values import (
    address_of,
    day,
    full_name,
    head_name,
    relationship_word,
    with_building,
)
from daicho.register.paper.letters.frame import cause_of, differences, home, letter, movers, place_before, to
from daicho.register.paper.view import IssueMark, Paper, Section

ACCEPTANCE = "住民異動届受理通知"
HEAD_CHANGE = "世帯主変更通知書"
HEAD_REQUEST = "世帯主変更依頼通知書"
EX_OFFICIO = "職権記載等通知書"
EX_OFFICIO_RECORD = "職権記録書"
ARRIVAL = "転入通知未着照会書"
WARD = "成年被後見人転出通知"


def acceptance(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """To the notifier at the address before the change; without one, to the mover at the new one (STD 4.1.0.3)."""
    cause = cause_of(facts)
    moved = movers(facts)
    first = moved[0]
    before = place_before(facts, first)
    notifier = cause.notifier or full_name(first.record)
    addressee = to(*before, notifier) if before else home(first.record)
    names = "、".join(full_name(subject.record) for subject in moved)
    return letter(
        selection,
        masters,
        issue,
        title=ACCEPTANCE,
        addressee=addressee,
        paragraphs=(
            "次のとおり住民異動の届出を受理しましたので、お知らせします。",
            "この届出に心当たりのない方は、お手数ですが、この通知をお持ちになり、窓口へご連絡ください。",
        ),
        lines=(
            ("届出日", day(cause.notified_on) or ""),
            ("異動事由", cause.reason.word),
            ("届出人氏名", notifier),
            ("異動者氏名", names),
        ),
    )


def head_change(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """To the member who stood first before the head left: a head was set ex officio. Raises LetterImpossible."""
    cause = cause_of(facts)
    staying = _staying(facts)
    new = head_name(staying)
    if new is None:
        raise LetterImpossible
    return letter(
        selection,
        masters,
        issue,
        title=HEAD_CHANGE,
        addressee=home(_first(facts, staying).record),
        paragraphs=("世帯主が世帯を離れたため、次のとおり世帯主を変更しましたので、お知らせします。",),
        lines=(
            ("異動年月日", cause.change_date.wareki),
            ("異動事由", cause.reason.word),
            ("変更前の世帯主", _head_before(facts)),
            ("変更後の世帯主", new),
            *(
                ("世帯員・続柄", f"{full_name(member.record)}　{relationship_word(member.record) or ''}")
                for member in staying
            ),
        ),
    )


def head_request(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """To the member who stood first before the head left: please notify who heads the household (Act art. 25)."""
    cause = cause_of(facts)
    staying = _staying(facts)
    return letter(
        selection,
        masters,
        issue,
        title=HEAD_REQUEST,
        addressee=home(_first(facts, staying).record),
        paragraphs=(
            "世帯主が世帯を離れたため、あなたの世帯は世帯主が決まっていません。",
            "世帯主を決め、世帯変更の届出をしてください。届出は、世帯員ならどなたでもできます。",
        ),
        lines=(
            ("異動年月日", cause.change_date.wareki),
            ("異動事由", cause.reason.word),
            ("これまでの世帯主", _head_before(facts)),
            ("世帯員", "、".join(full_name(member.record) for member in staying)),
        ),
    )


def ex_officio(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """To the person whose record was written ex officio (令12条4項): what was entered, removed, amended."""
    cause = cause_of(facts)
    moved = movers(facts)
    word = cause.reason.kind.word
    return letter(
        selection,
        masters,
        issue,
        title=EX_OFFICIO,
        addressee=home(moved[0].record),
        paragraphs=(f"住民票について、次のとおり職権で{word}しましたので、お知らせします。",),
        lines=_summary(cause),
        more=_boxes(facts, moved),
    )


def ex_officio_record(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """What the office keeps of an entry ex officio: reason, day, what stood there and what stands there now."""
    cause = cause_of(facts)
    return letter(
        selection,
        masters,
        issue,
        title=EX_OFFICIO_RECORD,
        addressee=(),
        paragraphs=(f"次のとおり職権で住民票の{cause.reason.kind.word}をした。",),
        lines=_summary(cause),
        more=_boxes(facts, list(facts.members)),
    )


def arrival_inquiry(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """To the municipality of destination: has this person arrived? Raises LetterImpossible without destination."""
    gone = _leavers(facts)
    if not gone:
        raise LetterImpossible
    record = gone[0].record
    destination = with_building(record.planned_address, record.planned_building) or ""
    return letter(
        selection,
        masters,
        issue,
        title=ARRIVAL,
        addressee=_office(record),
        paragraphs=(
            "次の方は、貴市区町村への転出の届出がありましたが、転入通知を受け取っていません。",
            "転入の届出の有無を確かめ、回答してくださるようお願いします。",
        ),
        lines=(
            ("転出先住所", destination),
            ("転出予定年月日", day(record.planned_on) or ""),
            ("転出前住所", address_of(record)),
            *(
                ("氏名・生年月日", f"{full_name(one.record)}　{birth_word(one.record.birth, one.record.is_foreign)}")
                for one in gone
            ),
        ),
        more=(Section("letter.lines", {"lines": (("回答", "転入の届出　あり（　　年　　月　　日）　・　なし"),)}),),
    )


def ward_notice(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """To the municipality of destination: an adult ward moves there (STD 9.4). Raises LetterImpossible without one."""
    wards = [member for member in _leavers(facts) if member.record.adult_ward]
    if not wards:
        raise LetterImpossible
    record = wards[0].record
    return letter(
        selection,
        masters,
        issue,
        title=WARD,
        addressee=_office(record),
        paragraphs=(
            "次の方は、当市区町村で成年被後見人として記録していた方です。",
            "貴市区町村への転出の届出がありましたので、お知らせします。",
        ),
        lines=(
            ("転出先住所", with_building(record.planned_address, record.planned_building) or ""),
            ("転出予定年月日", day(record.planned_on) or ""),
            ("転出前住所", address_of(record)),
            *(
                ("氏名・生年月日", f"{full_name(one.record)}　{birth_word(one.record.birth, one.record.is_foreign)}")
                for one in wards
            ),
        ),
    )


def _leavers(facts: Facts) -> list[Subject]:
    """Those who moved out and said where to."""
    return [one for one in movers(facts) if one.record.planned_municipality or one.record.planned_address]


def _office(record: ResidentRecord) -> tuple[str, ...]:
    """The mayor of the place where somebody goes."""
    place = municipalities().get(record.planned_municipality or "")
    return (f"{f'{place.name}長' if place else '転出先の市区町村長'}　様",)


def _staying(facts: Facts) -> list[Subject]:
    staying = [member for member in facts.members if member.record.is_resident]
    if not staying:
        raise LetterImpossible
    return staying


def _first(facts: Facts, staying: list[Subject]) -> Subject:
    """The highest member as the record stood before the head was removed (STD 4.0.5)."""
    return min(
        staying,
        key=lambda member: (facts.before.get(member.person_id, member.record).household_order, member.person_id),
    )


def _head_before(facts: Facts) -> str:
    heads = [record for record in facts.before.values() if record.relationship == "02"]
    return full_name(heads[0]) if heads else ""


def _summary(cause: Cause) -> tuple[tuple[str, str], ...]:
    return (
        ("異動事由", cause.reason.word),
        ("異動年月日", cause.change_date.wareki),
        (f"{cause.basis.word}の年月日", day(cause.notified_on) or ""),
        ("処理の区分", f"職権による{ChangeKind(cause.reason.kind).word}"),
    )


def _boxes(facts: Facts, people: list[Subject]) -> list[Section]:
    return [
        Section(
            "letter.lines",
            {
                "lines": (
                    ("氏名", full_name(member.record)),
                    *(differences(facts.before.get(member.person_id), member.record)),
                )
            },
        )
        for member in people
    ]
