"""Numbers are put under a new version of their key while work goes on; the old version goes when nothing is under it."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from daicho.engine import house as known_house
from daicho.engine.commands import keys as command
from daicho.engine.errors import SetupError
from daicho.engine.keys import FileKeys
from daicho.law.numbers import NumberRule, resident_code
from daicho.register import environment as register_environment
from daicho.register.store import code_stock, resealing
from daicho.register.store.numbers import blind_index, unseal
from daicho.register.store.resealing import Place
from daicho.wire.environment import Environment
from tests.people import move_in_family


@pytest.fixture
def own(environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Environment]:
    """The Environment with keys of its own: the run's other tests keep theirs."""
    monkeypatch.setattr(known_house, "database", lambda data: nullcontext())
    monkeypatch.setenv("DAICHO_KEYS", str(tmp_path / "keys"))
    made = replace(environment, keys=FileKeys(tmp_path / "keys"))
    register_environment.use(made)
    yield made
    register_environment.use(environment)


def clear_text(env: Environment) -> dict[int, str]:
    """Every number and every free code, opened."""
    with env.database.transaction() as connection:
        rows = connection.execute("SELECT * FROM register.number").fetchall()
        found = {
            row["number_id"]: unseal(env.keys, row["kind"], row["person_id"], row["ciphertext"], row["key_version"])
            for row in rows
        }
        for row in connection.execute("SELECT * FROM register.resident_code_stock").fetchall():
            opened = code_stock.opened(env, row["stock_id"], bytes(row["ciphertext"]), row["key_version"])
            found[row["stock_id"]] = opened.decode()
    return found


def test_numbers_go_under_a_new_version_in_small_steps(
    own: Environment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All is readable at every moment; a row that somebody holds is passed over and found; then the old version goes."""

    def run(*arguments: str) -> int:
        return command.run([*arguments, "--data", str(tmp_path / "data")])

    move_in_family(own)
    with own.database.transaction() as connection:
        codes = [resident_code(f"000000700{number}", NumberRule.SYNTHETIC) for number in (1, 2, 3)]
        assert code_stock.add(connection, own, codes) == 3
    before = clear_text(own)
    assert run("rotate", "number") == 0
    with pytest.raises(SetupError, match="still needed by: numbers"):
        run("retire", "number", "1")

    places: list[Place | None] = [Place(in_stock=False)]
    with own.database.transaction() as connection, own.database.transaction() as other:
        other.execute("SELECT 1 FROM register.number ORDER BY number_id LIMIT 1 FOR UPDATE")
        while places[-1] is not None and not places[-1].in_stock:
            done, place = resealing.step(connection, own, places[-1], most=2)
            places.append(place)
            assert done <= 2
        assert resealing.left(connection, 2) == 1 + len(codes)
    assert places[-1] == Place()  # from the beginning: one was passed over
    assert len(places) > 3
    assert clear_text(own) == before
    assert run("reseal") == 0
    assert run("retire", "number", "1") == 0
    assert clear_text(own) == before
    assert run("list") == 0
    said = capsys.readouterr().out
    assert "register   number                       file  2 " in said
    keys = own.keys
    assert isinstance(keys, FileKeys)
    assert b64encode(keys.key("number", 2)).decode()[:20] not in said
    with own.database.transaction() as connection:
        index = blind_index(own.keys, "resident_code", codes[0])
        query = "SELECT 1 FROM register.resident_code_stock WHERE blind_index = %s"
        assert connection.execute(query, (index,)).fetchone()
        acts = connection.execute("SELECT act, detail FROM trail.entry WHERE act LIKE 'key.%' ORDER BY entry_id")
        assert [(row["act"], row["detail"]["version"]) for row in acts] == [("key.rotate", 2), ("key.retire", 1)]
    with pytest.raises(SetupError, match="is not rotated"):
        run("rotate", "number-index")
