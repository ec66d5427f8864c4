"""`./daicho conformance [--json]`: what of the requirements is done, and whether its tests passed."""

import json

from daicho.assess.conformance import STATUSES, summary
from daicho.engine.paths import ROOT

_WORDS = {"done": "done", "partial": "partly", "none": "not yet", "not_ours": "not ours"}


def run(arguments: list[str]) -> int:
    """Print the summary; exit status 1 when a named test is missing or failed."""
    found = summary(ROOT)
    if "--json" in arguments:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print(f"{found['total']} requirements: " + ", ".join(f"{found[s]} {_WORDS[s]}" for s in STATUSES))
        _print_kinds(found["by_kind"])
        broken = found["broken"]
        if isinstance(broken, list) and broken:
            print("Broken (a named test is missing or failed): " + ", ".join(broken))
    return 1 if found["broken"] else 0


def _print_kinds(by_kind: object) -> None:
    """One line a kind, its counts in the order of the statuses."""
    if isinstance(by_kind, dict):
        for kind, counts in by_kind.items():
            print(f"  {kind}: " + ", ".join(f"{counts[s]} {_WORDS[s]}" for s in STATUSES))
