"""The CSV of the personnel office: its columns, and what is wrong with a line. Reads officers, changes nothing."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from daicho.access.decision import RIGHTS, require_roles_fit
from daicho.law.dates import parse_date
from daicho.law.errors import DaichoError
from daicho.signon.errors import OfficerRefused
from daicho.signon.models import Officer
from daicho.signon.service import clean_login

COLUMNS = ("職員番号", "異動の種類", "日", "所属", "窓口", "役割")
TRANSFER, RETIREMENT, LEAVE, RETURN = "異動", "退職", "休職", "復職"
EVENTS = {TRANSFER: "transfer", RETIREMENT: "retirement", LEAVE: "leave", RETURN: "return"}
MOST_LINES = 2000
LARGEST = 1024 * 1024
LONGEST = 32
CODES = {word: code for code, word in RIGHTS.words.items() if code in RIGHTS.roles}


@dataclass(frozen=True, slots=True)
class Line:
    """One line as read; `roles` are codes. `errors` say in Japanese what is wrong with it."""

    number: int
    officer: str
    event: str
    on: date | None
    department: str = ""
    office: str = ""
    roles: tuple[str, ...] = ()
    errors: list[str] = field(default_factory=list)

    def kept(self) -> dict[str, object]:
        """The line as the database keeps it."""
        return {
            "number": self.number,
            "officer": self.officer,
            "event": self.event,
            "on": self.on.isoformat() if self.on else "",
            "department": self.department,
            "office": self.office,
            "roles": list(self.roles),
        }


def line_of(kept: Mapping[str, object]) -> Line:
    """The line that the database keeps."""
    roles = kept["roles"]
    return Line(
        number=int(str(kept["number"])),
        officer=str(kept["officer"]),
        event=str(kept["event"]),
        on=date.fromisoformat(str(kept["on"])),
        department=str(kept["department"]),
        office=str(kept["office"]),
        roles=tuple(str(role) for role in roles) if isinstance(roles, list) else (),
    )


def read_lines(data: bytes, today: date) -> list[Line]:
    """Every line with something in it, not yet held against the officers. Raises OfficerRefused for what is no such file."""
    try:
        if len(data) > LARGEST or b"\0" in data:
            raise ValueError
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        if tuple(next(reader, ())) != COLUMNS:
            raise ValueError
        lines = [_line(number, row, today) for number, row in enumerate(reader, start=2) if any(row)]
    except (ValueError, csv.Error):
        lines = []
    if not 0 < len(lines) <= MOST_LINES:
        raise OfficerRefused(
            field="file",
            why=f"CSVを読み取れません。UTF-8で、1行目を「{','.join(COLUMNS)}」、{MOST_LINES}行までにしてください。",
        )
    return lines


def _line(number: int, row: list[str], today: date) -> Line:
    if len(row) != len(COLUMNS):
        return Line(number, row[0][:LONGEST], "", None, errors=[f"欄の数が{len(COLUMNS)}ではありません。"])
    login, event, day, department, office, roles = (cell.strip() for cell in row)
    errors = [] if all(cell.isprintable() for cell in row) else ["使えない文字があります。"]
    if len(login) > LONGEST:
        errors.append(f"職員番号は{LONGEST}文字までです。")
    on: date | None = None
    try:
        on = parse_date(day, today, future=True)
    except DaichoError:
        errors.append("日を読み取れません。")
    words = [word.strip() for word in roles.replace("、", "・").split("・") if word.strip()]
    errors += [f"「{word[:LONGEST]}」という役割はありません。" for word in words if word not in CODES]
    codes = tuple(sorted({CODES[word] for word in words if word in CODES}))
    return Line(number, clean_login(login)[:LONGEST], event[:LONGEST], on, department, office, codes, errors)


def check(lines: Iterable[Line], today: date) -> None:
    """Hold lines against each other and the officers as they stand; what is wrong is added to their `errors`."""
    ordered = sorted(lines, key=lambda line: (line.on or today, line.number))
    officers = {one.pk: one for one in Officer.objects.filter(pk__in={line.officer for line in ordered})}
    before: dict[str, Line] = {}
    for line in ordered:
        line.errors.extend(_of_line(line, today))
        officer = officers.get(line.officer)
        if officer is None:
            line.errors.append("その職員番号はありません。")
        elif line.on is not None:
            line.errors.extend(_of_officer(line, line.on, officer, before.get(line.officer), today))
        before[line.officer] = line


def _of_line(line: Line, today: date) -> list[str]:
    errors = []
    if line.event not in EVENTS:
        errors.append(f"種類は{'・'.join(EVENTS)}のどれかです。")
    if line.on is not None and line.on <= today:
        errors.append("日は明日以後にしてください。")
    place = (line.department, line.office)
    if line.event in {TRANSFER, RETURN}:
        if not all(0 < len(one) <= LONGEST for one in place):
            errors.append(f"所属と窓口を{LONGEST}文字までで入力してください。")
        errors += _of_roles(line.roles)
    elif any(place) or line.roles:
        errors.append("退職と休職には、所属・窓口・役割を書きません。")
    return errors


def _of_roles(roles: tuple[str, ...]) -> list[str]:
    if not roles:
        return ["その日から持つ役割がありません。"]
    try:
        require_roles_fit(frozenset(roles))
    except DaichoError as error:
        return [error.sentences[0]]
    return []


def _of_officer(line: Line, on: date, officer: Officer, before: Line | None, today: date) -> list[str]:
    if officer.withdrawn_on is not None and officer.withdrawn_on <= today:
        return ["廃止した職員番号です。"]
    if officer.withdrawn_on is not None and on > officer.withdrawn_on:
        return ["この日より前に退職の予定があります。"]
    if before is not None and (before.on == on or before.event == RETIREMENT):
        return [f"{before.number}行目と合いません。"]
    stands_away = officer.place_on(on - timedelta(days=1)).on_leave
    is_away = stands_away if before is None else before.event == LEAVE
    if line.event == RETURN and not is_away:
        return ["前の日に休職していません。"]
    if line.event in {TRANSFER, LEAVE} and is_away:
        return ["休職中の職員は、復職で戻します。"]
    return []
