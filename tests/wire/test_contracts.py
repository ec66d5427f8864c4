"""Contracts between systems: versioned, with their schemas in the docs, closed to unknown fields."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daicho.commons.door import HANDLERS as COMMONS
from daicho.connector.door import HANDLERS as CONNECTOR
from daicho.register.door import HANDLERS as REGISTER
from daicho.wire.contracts.registry import AROUND, CONTRACTS, schemas, write
from daicho.wire.contracts.resident_changed import ResidentChanged
from daicho.wire.links import links
from daicho.world.cards.door import HANDLERS as CARDS
from daicho.world.prefecture.door import HANDLERS as PREFECTURE

DOORS = {"commons": COMMONS, "connector": CONNECTOR, "prefecture": PREFECTURE, "cards": CARDS, "register": REGISTER}


def test_the_schema_in_the_docs_is_that_of_the_code(repository: Path) -> None:
    folder = repository / "docs" / "contracts"
    assert {file.name: json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.json")} == schemas()


def test_the_schemas_are_written_by_the_command_and_old_ones_go(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "gone.v1.json").write_text("{}")
    write(tmp_path)
    docs = repository / "docs" / "contracts"
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {
        one.name: one.read_bytes() for one in docs.iterdir()
    }


def test_what_may_be_said_has_a_contract_and_its_receiver_takes_it() -> None:
    said = {(link.kind, version) for link in links() for version in link.versions}
    assert said == set(CONTRACTS)
    for receiver, handlers in DOORS.items():
        taken = {(link.kind, version) for link in links() if link.receiver == receiver for version in link.versions}
        assert {key: handler.model for key, handler in handlers.items()} == {key: CONTRACTS[key] for key in taken}


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object with fields of its own inside a schema."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for inner in schema.values():
            yield from objects(inner)
    if isinstance(schema, list):
        for inner in schema:
            yield from objects(inner)


@pytest.mark.parametrize("name", sorted(schemas()))
def test_unknown_fields_are_refused_at_every_depth(name: str) -> None:
    found = list(objects(schemas()[name]))
    assert found
    assert all(one.get("additionalProperties") is False for one in found)


@pytest.mark.parametrize("key", sorted(CONTRACTS))
def test_a_content_names_its_contract_and_version(key: tuple[str, int]) -> None:
    field = CONTRACTS[key].model_fields["contract"]
    assert field.default == f"{key[0]}/{key[1]}"
    assert not set(CONTRACTS) & set(AROUND)


def test_no_number_travels_with_a_change() -> None:
    text = json.dumps(ResidentChanged.model_json_schema())
    assert "individual_number" not in text
    assert "resident_code" not in text
