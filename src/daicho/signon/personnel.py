"""Transfers, retirements and leave from a file of the personnel office, planned ahead (controls R-USE-07, R-USE-09).

One administrator loads the file, another lets it count. Then all of it is written at once as data with periods: roles with
their last and first days, the place from a day on, the last day of the user ID. Nothing has to run on the day.
"""

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from daicho.access.decision import require_other_officer
from daicho.access.errors import SameOfficer
from daicho.signon.errors import OfficerRefused, OwnRequest
from daicho.signon.ledger import By, Detail, write
from daicho.signon.models import Officer, OfficerRole, PersonnelFile
from daicho.signon.people import officer_to_change, require_few, required
from daicho.signon.personnel_rows import EVENTS, LEAVE, RETIREMENT, Line, check, line_of, read_lines
from daicho.wire.environment import Environment

ONE_DAY = timedelta(days=1)


def look_at(env: Environment, by: By, data: bytes) -> list[Line]:
    """The lines of a file with what is wrong with each. Nothing is kept. Raises OfficerRefused for what is no such file."""
    lines = read_lines(data, env.clock.today())
    check(lines, env.clock.today())
    for line in lines:
        if line.officer == by.officer_id:
            line.errors.append("自分の異動は、自分では取り込めません。")
    return lines


def load(env: Environment, by: By, lines: list[Line], reason: str) -> PersonnelFile:
    """Keep a file without errors for another administrator to decide. Raises OfficerRefused or OwnRights."""
    if any(line.errors for line in lines):
        raise OfficerRefused(field="file", why="誤りのある行があります。")
    with transaction.atomic():
        kept = PersonnelFile.objects.create(
            rows=[line.kept() for line in lines],
            reason=required(reason),
            loaded_by=by.officer_id,
            loaded_at=env.clock.now(),
        )
        for line in lines:
            by.require_other(line.officer)
            write(env, by, "file_loaded", line.officer, _detail(line, kept.reason))
    return kept


def decide(env: Environment, by: By, number: int, *, approve: bool) -> PersonnelFile:
    """Let a file count, or refuse it, as another administrator. The lines are held against the officers again.

    Whoever loaded it may take it back. Raises OwnRequest, OwnRights or OfficerRefused; then nothing of the file counts.
    """
    try:
        with transaction.atomic():
            file = PersonnelFile.objects.select_for_update().filter(pk=number, decided_at=None).first()
            if file is None:
                raise OfficerRefused(why="そのファイルはもう決まりました。")
            lines = sorted(map(line_of, file.rows), key=lambda line: (line.on or date.min, line.number))
            if approve:
                _apply(env, by, file, lines)
            file.decided_by = by.officer_id if by.officer_id != file.loaded_by else "-"
            file.decided_at, file.approved = env.clock.now(), approve
            file.save(update_fields=["decided_by", "decided_at", "approved"])
            if not approve:
                for line in lines:
                    if line.officer != by.officer_id:
                        write(env, by, "file_refused", line.officer, _detail(line, file.reason))
    except IntegrityError as error:
        raise OfficerRefused(why="ほかの役割と期間が重なっています。") from error
    return file


def _apply(env: Environment, by: By, file: PersonnelFile, lines: list[Line]) -> None:
    try:
        require_other_officer(file.loaded_by, by.officer_id)
    except SameOfficer:
        raise OwnRequest from None
    for officer_id in sorted({line.officer for line in lines}):  # locked in one order, before anything is read
        officer_to_change(env, by, officer_id)
    check(lines, env.clock.today())
    wrong = next((line for line in lines if line.errors), None)
    if wrong is not None:
        raise OfficerRefused(why=f"取込みの後で変わりました。{wrong.number}行目: {wrong.errors[0]}")
    for line in lines:
        _plan(env, by, line, f"{file.reason}(取込み {file.loaded_by})"[:200])


def _plan(env: Environment, by: By, line: Line, reason: str) -> None:
    """Write one line as data with periods."""
    on = line.on
    if on is None:
        raise OfficerRefused(why="日を読み取れません。")
    officer = officer_to_change(env, by, line.officer)
    last = on - ONE_DAY
    if line.event == RETIREMENT:
        officer.valid_to = min(officer.valid_to or last, last)
        officer.withdrawn_on = on
    else:
        place = officer.place_on(last)
        posting = {
            "since": on.isoformat(),
            "department": line.department or place.department,
            "office": line.office or place.office,
            "on_leave": line.event == LEAVE,
        }
        officer.postings = [one for one in officer.postings if one["since"] < posting["since"]] + [posting]
        if officer.withdrawn_on is not None:  # the new plan takes the place of the retirement
            officer.withdrawn_on, officer.valid_to = None, None
    officer.save(update_fields=["valid_to", "withdrawn_on", "postings"])
    write(env, by, EVENTS[line.event], officer.officer_id, _detail(line, reason))
    _set_roles(env, by, officer, line, on)


def _set_roles(env: Environment, by: By, officer: Officer, line: Line, on: date) -> None:
    """From `on` the officer holds the roles of the line and no others; what goes on unchanged is left alone."""
    last, going_on = on - ONE_DAY, set()
    for held in officer.roles.order_by("since"):
        if held.until is not None and held.until < on:
            continue
        if held.role in line.roles and held.until is None and held.since <= on:
            going_on.add(held.role)
            continue
        write(env, by, "role_ended", officer.officer_id, Detail(line.event, held.role, held.since, last))
        if held.since >= on:
            held.delete()
            continue
        held.until, held.granted_by = last, by.officer_id
        held.save(update_fields=["until", "granted_by"])
    for role in sorted(set(line.roles) - going_on):
        require_few(role, on, None)
        OfficerRole.objects.create(officer=officer, role=role, since=on, until=None, granted_by=by.officer_id)
        write(env, by, "role_given", officer.officer_id, Detail(line.event, role, on))


def _detail(line: Line, reason: str) -> Detail:
    return Detail(reason=reason, since=line.on)
