"""The report of a take-over: findings row by row as CSV, and a summary to read. Neither holds a value of the file."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from daicho.register.takeover.issues import REASONS, WARNINGS, Issue
from daicho.register.takeover.items import ITEMS
from daicho.register.takeover.judge import Judged

COLUMNS = ("行番号", "判定", "項目番号", "項目名", "コード", "理由")
VERDICTS = {
    "taken": "取込み",
    "warned": "取込み（注意あり）",
    "rejected": "取込み不可",
    "already": "取込み済み",
}


@dataclass(slots=True)
class Totals:
    """What all buckets together gave."""

    rows: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    filled_before: list[int] = field(default_factory=lambda: [0] * len(ITEMS))
    filled_after: list[int] = field(default_factory=lambda: [0] * len(ITEMS))
    issues: list[Issue] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        """Count one bucket."""
        self.verdicts += judged.verdicts
        self.codes.update(issue.code for issue in judged.issues)
        self.issues += judged.issues
        for place in range(len(ITEMS)):
            self.filled_before[place] += judged.filled_before[place]
            self.filled_after[place] += judged.filled_after[place]

    @property
    def taken(self) -> int:
        """Rows taken over now."""
        return self.verdicts["taken"] + self.verdicts["warned"]


def write_rows(path: Path, issues: Iterable[Issue]) -> None:
    """One line per finding, by row number; the rows of one file that need a look."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for issue in sorted(issues, key=lambda found: (found.row, found.item, found.code)):
            item = ITEMS[issue.item] if issue.item >= 0 else None
            verdict = VERDICTS["rejected" if issue.rejects else "warned"]
            no, name = (item.no, item.name) if item is not None else ("", "")
            writer.writerow((issue.row, verdict, no, name, issue.code, issue.reason))


def summary(totals: Totals, *, digest: str, dry_run: bool, synthetic: bool) -> str:
    """The summary in Japanese: verdicts, reasons by number of findings, and each item's filled cells before and after."""
    kind = "合成データの台帳" if synthetic else "本番の台帳"
    lines = [
        "既存台帳の取込み結果" + ("（試行。何も書き込んでいません）" if dry_run else ""),
        f"取込み先: {kind}　ファイル: SHA-256 {digest[:16]}…　行数: {totals.rows:,}",
        "",
        *(f"{word:　<10}{totals.verdicts[key]:>12,} 行" for key, word in VERDICTS.items()),
    ]
    if totals.codes:
        lines += ["", "理由別の件数（1行に複数あることがあります）"]
        lines += [
            f"  {code:<14}{count:>10,}  {'注意' if code in WARNINGS else '不可'}  {REASONS[code]}"
            for code, count in totals.codes.most_common()
        ]
    lines += ["", "項目ごとの記入のある行数（ファイル → 取込み後）"]
    for item, before, after in zip(ITEMS, totals.filled_before, totals.filled_after, strict=True):
        lines.append(f"  {item.no:>2} {before:>10,} → {after:>10,}  {item.name}")
    return "\n".join(lines) + "\n"
