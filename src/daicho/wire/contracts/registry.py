"""Every contract by kind and version, and the JSON Schemas that stand in docs/contracts.

After a change: `PYTHONPATH=src .venv/bin/python -m daicho.wire.contracts.registry docs/contracts`.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from daicho.wire.contracts import (
    dispatch_data,
    identities_notified,
    identities_stated,
    identity_changed,
    identity_update,
    qualification_changed,
    reconcile_answer,
    reconcile_nodes,
    resident_changed,
    residents_stated,
    suppression_changed,
    trail_root,
)
from daicho.wire.evidence import EvidenceFile
from daicho.wire.message import Envelope, Receipt

CONTRACTS: Mapping[tuple[str, int], type[BaseModel]] = {
    (resident_changed.KIND, resident_changed.FORMER_VERSION): resident_changed.FormerResidentChanged,
    (resident_changed.KIND, resident_changed.VERSION): resident_changed.ResidentChanged,
    (residents_stated.KIND, residents_stated.VERSION): residents_stated.ResidentsStated,
    (qualification_changed.KIND, qualification_changed.VERSION): qualification_changed.QualificationChanged,
    (suppression_changed.KIND, suppression_changed.VERSION): suppression_changed.SuppressionChanged,
    (trail_root.KIND, trail_root.VERSION): trail_root.TrailRoot,
    (identity_changed.KIND, identity_changed.VERSION): identity_changed.IdentityChanged,
    (identity_update.KIND, identity_update.VERSION): identity_update.IdentityUpdate,
    (identities_stated.KIND, identities_stated.VERSION): identities_stated.IdentitiesStated,
    (identities_notified.KIND, identities_notified.VERSION): identities_notified.IdentitiesNotified,
    (reconcile_nodes.KIND, reconcile_nodes.VERSION): reconcile_nodes.ReconcileNodes,
    (reconcile_answer.KIND, reconcile_answer.VERSION): reconcile_answer.ReconcileAnswer,
    (dispatch_data.KIND, dispatch_data.VERSION): dispatch_data.DispatchData,
}
"""What may be said: a kind on the list of links is said in one of these versions."""
AROUND: Mapping[tuple[str, int], type[BaseModel]] = {
    ("envelope", 1): Envelope,
    ("receipt", 1): Receipt,
    ("evidence", 1): EvidenceFile,
}
"""What carries it: the signed text around each content, the receipt, the file of evidence."""


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each model by the name of its file."""
    models = {**CONTRACTS, **AROUND}
    return {f"{kind}.v{version}.json": model.model_json_schema() for (kind, version), model in models.items()}


def write(folder: Path) -> None:
    """Write the schemas; those of contracts that are gone are removed."""
    found = schemas()
    for file in folder.glob("*.json"):
        if file.name not in found:
            file.unlink()
    for name, schema in found.items():
        (folder / name).write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
