"""住民票コード通知票, 変更通知票, 修正通知票 (STD 4.3.3): to the person concerned, at that person's address, nobody else."""

from daicho.law.codes import Sex
from daicho.law.dates import birth_word
from daicho.register.paper.errors import LetterImpossible
from daicho.register.paper.facts import Facts, Masters, Selection
from daicho.register.paper.kinds.values import address_of, choose, full_name
from daicho.register.paper.letters.frame import home, letter
from daicho.register.paper.view import IssueMark, Paper

TITLES = {
    "code_notice": ("住民票コード通知票", "あなたの住民票コードを次のとおり住民票に記載しましたので、通知します。"),
    "code_change_notice": (
        "住民票コード変更通知票",
        "あなたの住民票コードを次のとおり変更しましたので、通知します。前のコードは使えません。",
    ),
    "code_correction_notice": (
        "住民票コード修正通知票",
        "あなたの住民票コードの記載を次のとおり修正しましたので、通知します。",
    ),
}
CARE = "住民票コードは、法律で定められた事務のほかに使われることはありません。他人に知らせないでください。"


def compose(facts: Facts, selection: Selection, masters: Masters, issue: IssueMark) -> Paper:
    """The notice for one person. Raises NobodyChosen, LetterImpossible (more than one, or no code)."""
    chosen = choose([m for m in facts.members if m.person_id in selection.person_ids], selection.person_ids)
    subject = chosen[0]
    if len(chosen) != 1 or subject.resident_code is None:
        raise LetterImpossible
    record = subject.record
    title, sentence = TITLES[selection.kind]
    return letter(
        selection,
        masters,
        issue,
        title=title,
        addressee=home(record),
        paragraphs=(sentence, CARE),
        lines=(
            ("住民票コード", subject.resident_code),
            ("氏名", full_name(record)),
            ("生年月日", birth_word(record.birth, record.is_foreign)),
            ("性別", Sex(record.sex).word),
            ("住所", address_of(record)),
        ),
    )
