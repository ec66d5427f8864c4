"""Contracts between systems: the schemas in the docs are those of the code, and unknown fields are refused."""

import json
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from daicho.wire.contracts.resident_changed import ResidentChanged
from daicho.wire.contracts.suppression_changed import SuppressionChanged

CONTRACTS: dict[str, type[BaseModel]] = {
    "resident-changed.v2.json": ResidentChanged,
    "suppression-changed.v1.json": SuppressionChanged,
}


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_schema_in_the_docs_is_that_of_the_code(repository: Path, name: str) -> None:
    written = json.loads((repository / "docs" / "contracts" / name).read_text(encoding="utf-8"))
    assert written == CONTRACTS[name].model_json_schema()


def test_no_schema_is_left_over(repository: Path) -> None:
    assert {path.name for path in (repository / "docs" / "contracts").glob("*.json")} == set(CONTRACTS)


def test_no_number_travels_with_a_change() -> None:
    text = json.dumps(ResidentChanged.model_json_schema())
    assert "individual_number" not in text
    assert "resident_code" not in text


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        ResidentChanged.model_validate({"surprise": 1})
