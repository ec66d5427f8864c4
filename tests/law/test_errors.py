"""The errors of the law: stable codes, three sentences, no personal data in logs."""

import importlib
import pkgutil
import re

import pytest

import daicho.law
from daicho.law.errors import DaichoError

for module in pkgutil.iter_modules(daicho.law.__path__):
    importlib.import_module(f"daicho.law.{module.name}")

LAW_ERRORS = [error for error in DaichoError.__subclasses__() if error.__module__.startswith("daicho.law.")]


def test_codes_are_unique_and_of_the_law() -> None:
    codes = [error.code for error in LAW_ERRORS]
    assert len(set(codes)) == len(codes) > 15
    assert all(re.fullmatch(r"L\d{3}", code) for code in codes)


@pytest.mark.parametrize("error", LAW_ERRORS)
def test_every_error_says_what_happened_what_was_kept_and_what_to_do(error: type[DaichoError]) -> None:
    names = set(re.findall(r"{(\w+)}", error.happened + error.kept + error.todo))
    raised = error("birth", **dict.fromkeys(names, "山田"))
    assert all(sentence.endswith("。") or "山田" in sentence for sentence in raised.sentences)
    assert raised.message == "".join(raised.sentences)
    assert "山田" not in str(raised) + repr(raised)
    assert raised.field == "birth"
