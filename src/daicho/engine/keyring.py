"""What each key of the house is for, and whether it can be changed by making a new version (docs/keys.md)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Purpose:
    """One key. `why_not`: why a new version would do harm; empty where rotation is safe."""

    text: str
    why_not: str = ""


_COMPARED = "what it has digested is found or compared by its digest: decision 0132"
PURPOSES: dict[str, Purpose] = {
    "number": Purpose(
        "Individual Numbers and resident codes at rest; numbers typed in cases, contacts of protected people"
    ),
    "number-index": Purpose("keyed index under which a number is found (HMAC)", _COMPARED),
    "batch-file": Purpose("result files of batches, until their days are over"),
    "approval-output": Purpose("files handed out under approval, until their receipt"),
    "signon": Purpose("second factors and kept forms"),
    "oidc": Purpose("signature of ID tokens; the one before the newest stays published"),
    "signon-attempts": Purpose("digests of typed user IDs, for counting failures", _COMPARED),
    "trail-digest": Purpose("digests of content before and after an act, in the trail (HMAC)", _COMPARED),
    "trail-leaf": Purpose("marks of the sealed entries of the trail"),
    "trail-seal": Purpose("signature of the seals of the trail"),
    "ledger": Purpose("names and files in the ledgers"),
    "connector-number": Purpose("resident codes and Individual Numbers in the connector's identity file"),
    "connector-index": Purpose("keyed index of the numbers of the identity file (HMAC)", _COMPARED),
    "connector-dispatch": Purpose("dispatch data until they are sent"),
    "backup": Purpose("backups on the medium; old versions open old backups"),
    "backup-seal": Purpose("signature of what a backup consists of"),
}
LINK = Purpose(
    "numbers on their way between two systems", "both ends must have it at one moment; a city gives both a new one"
)


def purpose(name: str) -> Purpose:
    """What a key is for."""
    if name.startswith("link-"):
        return LINK
    return PURPOSES.get(name, Purpose("not known", "nothing is known of its use"))
