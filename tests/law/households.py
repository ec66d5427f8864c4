"""Households written as texts: `続柄 birth-year [m|f] [addressee number] [筆頭者]`."""

from datetime import date

from daicho.law.codes import Sex
from daicho.law.kinship import Member, parse_relationship


def member(text: str, place: int = 0) -> Member:
    """One member; the id is the place in the household."""
    word, year, *rest = text.split()
    relationship = parse_relationship(word)
    sex = Sex.MALE if "m" in rest else Sex.FEMALE if "f" in rest else relationship.sex
    number = next((part for part in rest if part.isdigit()), f"{place:09d}")
    return Member(place, relationship, sex, date(int(year), 1, 1), number, "筆頭者" in rest)


def household(*texts: str) -> list[Member]:
    """The members in the order given."""
    return [member(text, place) for place, text in enumerate(texts)]
