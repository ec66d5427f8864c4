"""What counts as equal: the drill ends with status 0 for nothing else."""

from dataclasses import replace

import pytest

from daicho.engine.backup.compare import Content, differences

A = ("register", '"register"."change"')
S = ("register", "register.serial")
SOURCE = Content(100, {A: (3, "1:2")}, {S: (10, 32)}, {("register", "columns"): "x"})


@pytest.mark.parametrize(
    ("restored", "said"),
    [
        (replace(SOURCE), ""),
        (replace(SOURCE, sequences={S: (42, 0)}), ""),
        (replace(SOURCE, tables={A: (2, "1:1")}), "3 rows at the source, 2 rows restored"),
        (replace(SOURCE, tables={A: (3, "1:3")}), "3 rows at the source, 3 rows restored"),
        (replace(SOURCE, tables={}), "no such table restored"),
        (replace(SOURCE, tables={A: (3, "1:2"), ("commons", "t"): (0, "0:0")}), "table t of commons: no such table"),
        (replace(SOURCE, sequences={S: (9, 32)}), "would give numbers again"),
        (replace(SOURCE, sequences={S: (43, 0)}), "is not the same"),
        (replace(SOURCE, sequences={}), "is not the same"),
        (replace(SOURCE, definitions={("register", "columns"): "y"}), "definitions of columns in register differ"),
    ],
)
def test_what_is_equal(restored: Content, said: str) -> None:
    found = differences(SOURCE, restored)
    assert len(found) == (1 if said else 0)
    assert said in "".join(found)
