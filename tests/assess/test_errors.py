"""Errors have stable codes and sentences, and the docs list every one."""

from collections import Counter
from pathlib import Path

from daicho.assess.errors import all_errors, page


def test_no_code_is_used_twice() -> None:
    counted = Counter(error.code for error in all_errors())
    assert [code for code, count in counted.items() if count > 1] == []


def test_every_error_says_what_happened_what_was_kept_and_what_to_do() -> None:
    for error in all_errors():
        for sentence in (error.happened, error.kept, error.todo):
            assert sentence.endswith(("。", "}")), error.__name__
            assert "!" not in sentence
        assert 400 <= error.status < 600, error.__name__


def test_the_docs_list_every_error(repository: Path) -> None:
    assert (repository / "docs" / "errors.md").read_text(encoding="utf-8") == page()
