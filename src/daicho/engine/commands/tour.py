"""`tour [--json]`: the main job through the real doors, as two officers, each step checked and timed.

A family of four moves in on paper; a second officer keys the dates again and approves; the household is found and
looked at now and on the day before; the certified copy is made, handed over and saved.
"""

import argparse
import hashlib
import json
import secrets
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from daicho.engine import house
from daicho.engine.paths import DataDir
from daicho.engine.visitor import Refused, Visitor
from daicho.law.eras import format_wareki
from daicho.law.japan import JAPAN
from daicho.law.numbers import NumberRule, individual_number, resident_code

RESIDENTS = 2_000
GIVEN = (
    ("大輔", "ダイスケ", "1", "02"),
    ("彩香", "アヤカ", "2", "12"),
    ("陽翔", "ハルト", "1", "20"),
    ("凛", "リン", "2", "20"),
)
BORN = (date(1983, 9, 14), date(1985, 2, 3), date(2014, 6, 21), date(2019, 8, 30))


class TourFailed(Exception):
    """A step did not end as it must."""


class Tour:
    """One visit: steps in order, what each took, and what later steps need of earlier ones."""

    def __init__(self, place: house.RunningHouse, *, quiet: bool) -> None:
        self.place = place
        self.quiet = quiet
        self.steps: list[dict[str, object]] = []
        self.certificate = ""
        self.today = datetime.now(UTC).astimezone(JAPAN).date()
        self.moved = self.today - timedelta(days=2)
        # A reading of its own for every tour, so that the family is found among all others.
        self.surname, self.kana = f"渡邉{secrets.choice('一二三四五六七八九十百千')}", f"ワタナベ{_syllables()}"
        self.births = [day - timedelta(days=secrets.randbelow(300)) for day in BORN]

    def step(self, name: str, act: Callable[[], Any]) -> Any:
        """Run one step; remember time and outcome. Raises TourFailed."""
        begun = time.perf_counter()
        try:
            result = act()
        except (Refused, TourFailed, KeyError) as error:
            self._note(name, begun, ok=False)
            raise TourFailed(f"{name}: {error}") from error
        self._note(name, begun, ok=True)
        return result

    def _note(self, name: str, begun: float, *, ok: bool) -> None:
        seconds = round(time.perf_counter() - begun, 3)
        self.steps.append({"name": name, "seconds": seconds, "ok": ok})
        if not self.quiet:
            print(f"{'ok  ' if ok else 'FAIL'}  {seconds:7.3f} s  {name}", flush=True)

    def typed(self) -> dict[str, str]:
        """The notification as a clerk types it from paper."""
        found = {
            "notified_on": "今日",
            "change_date": "-2",
            "notifier": "1",
            "household_kind": "1",
            "town": "籠原南一丁目",
            "lot": f"{secrets.randbelow(900) + 100}-{secrets.randbelow(90) + 1}",
            "building": "パークサイド籠原205号",
            "previous_address": "東京都豊島区南池袋二丁目49番7号",
        }
        for number, ((given, kana, sex, relationship), birth) in enumerate(zip(GIVEN, self.births, strict=True), 1):
            found |= {
                f"p{number}.name": f"{self.surname}　{given}",
                f"p{number}.name_kana": f"{self.kana}　{kana}",
                f"p{number}.birth": f"{birth:%Y%m%d}",
                f"p{number}.sex": sex,
                f"p{number}.relationship": relationship,
                f"p{number}.domicile": "東京都板橋区大山東町32番地",
                f"p{number}.family_register_head": f"{self.surname}　大輔",
                f"p{number}.individual_number": _individual_number(),
                f"p{number}.resident_code": _resident_code(),
            }
        return found

    def run(self, folder: Path) -> None:
        """Every step, in order."""
        with ExitStack() as stack:

            def sign_on(officer: str) -> Visitor:
                return stack.enter_context(Visitor(self.place.url, self.place.data.secrets, officer))

            clerk = self.step("a clerk signs on with password and code", lambda: sign_on("clerk1"))
            reviewer = self.step("a reviewer signs on", lambda: sign_on("reviewer1"))
            case = self.step("the clerk receives the notification", lambda: self._receive(clerk))
            case = self.step("the clerk checks it and sends it to review", lambda: self._send(clerk, case))
            self.step("the clerk may not review the own case", lambda: self._not_own(clerk, case))
            self.step("nobody sees the family before registration", lambda: self._not_yet(clerk))
            case = self.step("the reviewer keys the dates again", lambda: self._rekey(reviewer, case))
            self.step("the reviewer approves: it is registered", lambda: self._approve(reviewer, case))
            household = self.step("the family is found by reading", lambda: self._find(clerk))
            head = self.step("the household stands there now", lambda: self._look(clerk, household))
            self.step("it did not stand there the day before", lambda: self._look_back(clerk, household))
            made = self.step("the certified copy is made", lambda: self._reserve(clerk, household, head))
            self.step("exactly those bytes are handed over", lambda: self._hand_over(clerk, made, folder))

    def _receive(self, clerk: Visitor) -> dict[str, Any]:
        case: dict[str, Any] = clerk.post(
            "/cases",
            {"token": secrets.token_hex(16), "reason": "move_in", "reception": {"notifier": "1", "document": "01"}},
        )
        draft: dict[str, Any] = clerk.put(
            f"/cases/{case['case_number']}/draft", {"version": case["version"], "typed": self.typed()}
        )
        return draft

    def _send(self, clerk: Visitor, case: dict[str, Any]) -> dict[str, Any]:
        path = f"/cases/{case['case_number']}"
        checked = clerk.post(f"{path}/check", {"version": case["version"]})
        if any(alert["tier"] == 3 for alert in checked["alerts"]):
            raise TourFailed("the check stops a clean case")
        sent: dict[str, Any] = clerk.post(f"{path}/send", {"version": checked["case"]["version"], "reason": "01"})
        return sent

    def _not_own(self, clerk: Visitor, case: dict[str, Any]) -> None:
        try:
            clerk.post(f"/cases/{case['case_number']}/take")
        except Refused as refused:
            if refused.status == 403:
                return
        raise TourFailed("a clerk could review an own case")

    def _not_yet(self, clerk: Visitor) -> None:
        if self._search(clerk):
            raise TourFailed("a case that is not registered shows in a search")

    def _rekey(self, reviewer: Visitor, case: dict[str, Any]) -> dict[str, Any]:
        path = f"/cases/{case['case_number']}"
        taken: dict[str, Any] = reviewer.post(f"{path}/take")
        keyed = {f"p{number}.birth": format_wareki(birth) for number, birth in enumerate(self.births, 1)}
        keyed["change_date"] = format_wareki(self.moved)
        outcomes = reviewer.post(f"{path}/rekey", {"keyed": keyed})["outcomes"]
        if set(outcomes.values()) != {"match"} or len(outcomes) != 5:
            raise TourFailed(f"keying again ended with {sorted(outcomes.values())}")
        return taken

    def _approve(self, reviewer: Visitor, case: dict[str, Any]) -> None:
        path = f"/cases/{case['case_number']}/approve"
        done = reviewer.post(path, {"version": case["version"]})
        again = reviewer.post(path, {"version": case["version"]})
        if done["status"] != "registered" or again["change_id"] != done["change_id"]:
            raise TourFailed("approving twice is not one registration")

    def _search(self, clerk: Visitor) -> list[dict[str, Any]]:
        people: list[dict[str, Any]] = clerk.post("/search", {"text": f"{self.kana} ダイスケ", "purpose": "04"})[
            "people"
        ]
        return [one for one in people if one["name"] == f"{self.surname}　大輔" and one["birth"] == str(self.births[0])]

    def _find(self, clerk: Visitor) -> int:
        found = self._search(clerk)
        if len(found) != 1:
            raise TourFailed(f"{len(found)} people instead of one")
        return int(found[0]["household_id"])

    def _look(self, clerk: Visitor, household: int) -> int:
        sheet = clerk.get(f"/households/{household}", purpose="04")
        members = sheet["members"]
        expected = [f"{self.surname}　{given}" for given, _, _, _ in GIVEN]
        if [one["name"] for one in members] != expected or sheet["changes"] != ["move_in"]:
            raise TourFailed("the household is not the one that moved in")
        if any(one["valid_from"] != str(self.moved) for one in members):
            raise TourFailed("the members do not begin on the change date")
        return int(members[0]["person_id"])

    def _look_back(self, clerk: Visitor, household: int) -> None:
        try:
            clerk.get(f"/households/{household}", purpose="04", on=str(self.moved - timedelta(days=1)))
        except Refused as refused:
            if refused.status == 404:
                return
        raise TourFailed("the household stood there before its change date")

    def _reserve(self, clerk: Visitor, household: int, head: int) -> dict[str, Any]:
        made: dict[str, Any] = clerk.post(
            "/certificates",
            {
                "household_id": household,
                "authority": "1",
                "requester_person": head,
                "identity_document": "2",
                "use_code": "07",
                "items": ["head"],
            },
        )
        return made

    def _hand_over(self, clerk: Visitor, made: dict[str, Any], folder: Path) -> None:
        digests = [copy["digest"] for copy in made["copies"]]
        released = clerk.post(f"/certificates/{made['application_id']}/release", {"digests": digests})
        [copy] = released["copies"]
        pdf = clerk.bytes(f"/api/v1/certificates/files/{copy['certificate_id']}")
        if hashlib.sha256(pdf).hexdigest() != digests[0]:
            raise TourFailed("the paper is not the one that was previewed")
        path = folder / "certificate.pdf"
        path.write_bytes(pdf)
        self.certificate = str(path)


def run(arguments: list[str]) -> int:
    """Do the tour; 0 only when every check held."""
    parser = argparse.ArgumentParser(prog="./daicho tour", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.add_argument("--data", help="data folder of the running house (default: var in the clone)")
    parser.add_argument("--out", type=Path, help="folder for the certificate (default: the data folder's files)")
    options = parser.parse_args(arguments)
    known = DataDir.at(options.data)
    with house.running(["--residents", str(RESIDENTS)], known) as place:
        folder = options.out or known.files
        folder.mkdir(parents=True, exist_ok=True)
        tour = Tour(place, quiet=options.json)
        ok = True
        begun = time.perf_counter()
        try:
            tour.run(folder)
        except TourFailed as failed:
            ok = False
            print(f"The tour failed at: {failed}", file=sys.stderr)
        seconds = round(time.perf_counter() - begun, 3)
    if options.json:
        found = {"ok": ok, "seconds": seconds, "steps": tour.steps, "certificate": tour.certificate}
        print(json.dumps(found, ensure_ascii=False))
    elif ok:
        print(f"The main job is done in {seconds:.1f} s. The certificate: {tour.certificate}")
    return 0 if ok else 1


def _syllables() -> str:
    return "".join(
        secrets.choice("アイウエオカキクケコサシスセソタテトナニヌネノマミムメモラリルレロ") for _ in range(6)
    )


def _individual_number() -> str:
    return individual_number(f"{secrets.randbelow(9 * 10**10) + 10**10}", NumberRule.SYNTHETIC)


def _resident_code() -> str:
    return resident_code(f"{secrets.randbelow(9 * 10**9) + 10**9}", NumberRule.SYNTHETIC)
