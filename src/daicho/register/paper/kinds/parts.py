"""What the papers share around their sections: stamps, attestation, seal."""

from collections.abc import Sequence

from daicho.law.dates import format_wareki
from daicho.register.paper.authority import Authority
from daicho.register.paper.facts import Masters, Selection
from daicho.register.paper.view import Attestation, IssueMark, Paper, Section

REISSUED = "再交付"
PUBLIC = "公用"
SYNTHETIC = "合成データ"


def certificate(
    selection: Selection,
    masters: Masters,
    issue: IssueMark,
    *,
    name: str,
    title: str,
    sentence: str,
    top: Sequence[Section],
    sections: Sequence[Section],
    again: Sequence[Section] | None = None,
    form: str = "",
    stamps: Sequence[str] = (),
    notice: str = "",
    sealed: bool = True,
) -> Paper:
    """A paper with attestation, sealed unless the law asks for none; the first sheet's opening is repeated unless `again` says otherwise."""
    marks = [PUBLIC] if selection.authority is Authority.OFFICE else []
    marks += [REISSUED] if selection.reissue else []
    return Paper(
        kind=selection.kind,
        name=name,
        title=title,
        form=form,
        municipality=masters.municipality,
        stamps=(*marks, *stamps, *([SYNTHETIC] if masters.synthetic else [])),
        top=tuple(top),
        again=tuple(top if again is None else again),
        sections=tuple(sections),
        attestation=Attestation(
            sentence=sentence,
            date=format_wareki(issue.on),
            office=masters.title,
            name=masters.name,
            seal_note=masters.seal_note if sealed else "",
        ),
        seal=masters.seal if sealed else None,
        issue=issue,
        tint=masters.tint,
        notice=notice,
    )
