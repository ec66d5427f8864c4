"""The two-dimensional code of one person on a 転出証明書: what the receiving municipality need not type (STD 10.8).

One line of text, fields in a fixed order, separated by tabs: `DAICHO1`, then `FIELDS`. Empty means not recorded.
"""

from daicho.register.paper.facts import Subject

MARK = "DAICHO1"
FIELDS = (
    "municipality",
    "name",
    "reading",
    "other_name",
    "birth",
    "sex",
    "relationship",
    "individual_number",
    "resident_code",
    "domicile",
    "register_head",
    "moving_on",
)


def encode(subject: Subject, municipality_code: str) -> str:
    """What the code of a person says."""
    record = subject.record
    values = (
        municipality_code,
        record.name,
        record.name_reading,
        record.common_name if record.is_foreign else record.former_family_name,
        record.birth.text or record.birth.on.isoformat(),
        record.sex,
        record.relationship,
        subject.individual_number,
        subject.resident_code,
        record.domicile,
        record.family_register_head,
        record.planned_on.isoformat() if record.planned_on else None,
    )
    return "\t".join((MARK, *(_plain(value) for value in values)))


def decode(text: str) -> dict[str, str]:
    """The fields of a code by name. ValueError for any other text."""
    mark, *values = text.split("\t")
    if mark != MARK or len(values) != len(FIELDS):
        raise ValueError("no code of a move-out certificate")
    return dict(zip(FIELDS, values, strict=True))


def _plain(value: str | None) -> str:
    return " ".join((value or "").split("\t"))
