"""Names and addresses as they are stored, and the keys under which they are searched (STD 2.1.2).

Stored names keep every kanji and every variation selector exactly; only widths and spaces are made uniform. Search
keys fold much more and are never printed: fuzzy kana keys, kanji keys with variants folded (the table is CC BY-SA,
data/cc-by-sa/), address keys, and one-letter deletion neighbourhoods for typing errors.
"""

import re
import unicodedata
from functools import cache

import jaconv

from daicho.law.tables import table

_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_LATIN_WIDE = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
)
_VOICED_PAIR = re.compile("[\u3041-\u30ff][\u3099\u309a]")

# STD 2.1.2 names pairs that equal each other in sound; they come before voicing marks are taken off, or ヴァ would
# become ウァ and ヂ become チ.
_SOUNDS = [("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ")]
_SMALL = str.maketrans("ァィゥェォヵヶッャュョヮ", "アイウエオカケツヤユヨワ")
_SAME = str.maketrans("ヰヱヲワ", "イエオハ")
_O_ROW = "オコソトノホモヨロ"
_LONG_U = re.compile(f"(?<=[{_O_ROW}])ウ")
_DASHES = re.compile("[\\-‐-―−－ーｰ~〜]")


def widen_kana(text: str) -> str:
    """Half-width kana as full-width; everything else as it is."""
    return jaconv.h2z(text, kana=True, ascii=False, digit=False)


def normalise_name(text: str) -> str:
    """A name or furigana as it is stored: kana full-width, Latin letters half-width, spaces uniform, ends trimmed.

    One full-width space stands between family and given name, a half-width one in names wholly in Latin letters.
    Kanji are never folded and selectors are kept exactly.
    """
    text = widen_kana(text).translate(_LATIN_WIDE)
    text = _VOICED_PAIR.sub(lambda pair: unicodedata.normalize("NFC", pair[0]), text)
    words = text.split()
    return (" " if "".join(words).isascii() else "\u3000").join(words)


def strip_selectors(text: str) -> str:
    """`text` without variation selectors."""
    return _SELECTORS.sub("", text)


def grapheme_length(text: str) -> int:
    """How many characters a reader sees: selectors and combining marks do not count."""
    return sum(not unicodedata.combining(char) for char in strip_selectors(text))


# --- kana ------------------------------------------------------------------------------------------------------------


def _kana_base(text: str) -> str:
    """Full-width katakana and capitals, sounds of STD 2.1.2 made equal except ヂ and ヅ, no dashes or spaces."""
    text = jaconv.hira2kata(unicodedata.normalize("NFKC", text)).upper()
    text = _DASHES.sub("", text)
    for sound, same in _SOUNDS:
        text = text.replace(sound, same)
    return "".join(char for char in text if char.isalnum() or char in "\u3099\u309a")


def _without_marks(text: str) -> str:
    marked = unicodedata.normalize("NFD", text)
    plain = "".join(char for char in marked if not unicodedata.combining(char))
    return _LONG_U.sub("オ", plain.translate(_SMALL).translate(_SAME))


def kana_key(text: str) -> str:
    """The first of kana_keys: ヂ and ヅ as ジ and ズ."""
    return kana_keys(text)[0]


def kana_keys(text: str) -> tuple[str, ...]:
    """The fuzzy keys of a reading (STD 2.1.2); two readings are alike when they share a key.

    Voiced, half-voiced and plain sounds, small and large kana, long marks, spaces and dashes do not matter; ウ after
    the オ row is オ; ワ=ハ, オ=ヲ, ヴァ=バ. ヂ equals both ジ and チ, ヅ both ズ and ツ, while シ and チ stay apart: so a
    reading with one of them has two keys. Store all keys of a name, and ask for any key of what was typed.
    """
    base = _kana_base(text)
    sounded = _without_marks(base.replace("ヂ", "ジ").replace("ヅ", "ズ"))
    plain = _without_marks(base)
    return (sounded,) if plain == sounded else (sounded, plain)


def deletions(key: str) -> set[str]:
    """The key itself and every string made by leaving out one letter of it.

    Two keys at distance one (a letter wrong, missing, extra, or two neighbours swapped) always share a member.
    """
    return {key} | {key[:place] + key[place + 1 :] for place in range(len(key))} - {""}


def one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter is wrong, missing or extra, or two neighbours are swapped; true for equal texts too."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])


def misheard(key: str) -> set[str]:
    """The key itself and those with one ウ for オ or オ for ウ.

    ウ counts as オ behind the オ row only (kana_keys): a wrong letter in front of it changes the letter behind it too.
    """
    other = {"ウ": "オ", "オ": "ウ"}
    return {key} | {key[:n] + other[char] + key[n + 1 :] for n, char in enumerate(key) if char in other}


# --- kanji -----------------------------------------------------------------------------------------------------------


@cache
def _variants() -> dict[str, str]:
    """Character to search key; our own additions name pairs that STD 2.1.2 gives as examples."""
    folded = {row["char"]: row["search_key"] for row in table("cc-by-sa/variant_search_key.csv")}
    extra = {row["char"]: row["search_key"] for row in table("variant_extra.csv")}
    return {char: extra.get(key, key) for char, key in folded.items()} | extra


@cache
def _alike() -> dict[str, set[str]]:
    """Search key to the characters that have it."""
    found: dict[str, set[str]] = {}
    for char, key in _variants().items():
        found.setdefault(key, set()).add(char)
    return found


def _fold(text: str) -> str:
    """Selectors off, variants folded, then NFKC: some compatibility kanji have their own place in the table."""
    variants = _variants()
    text = "".join(variants.get(char, char) for char in strip_selectors(text))
    text = unicodedata.normalize("NFKC", text)
    return "".join(variants.get(char, char) for char in text)


def same_key(char: str) -> tuple[str, ...]:
    """The characters that search takes for this one, itself first, then by code point: 辺 邉 邊 … (STD 2.1.2)."""
    key = _variants().get(char, char)
    return (char, *sorted({key, *_alike().get(key, ())} - {char}))


def kanji_key(text: str) -> str:
    """The search key of a written name: 渡邉 and 渡辺, 髙橋 and 高橋 are equal; for search only, never printed.

    Width, case, spaces, dashes, small kana and 々 do not matter.
    """
    folded = _DASHES.sub("", _fold(text)).translate(_SMALL).upper()
    letters: list[str] = []
    for char in folded:
        if char == "々" and letters:
            letters.append(letters[-1])
        elif char.isalnum():
            letters.append(char)
    return "".join(letters)


# --- addresses -------------------------------------------------------------------------------------------------------

_DIGIT_VALUES = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_UNIT_VALUES = {"十": 10, "百": 100, "千": 1000}
_KANJI_NUMBER = re.compile("([〇一二三四五六七八九十百千]+)(?=丁目|番|号)")
_LOT_WORDS = re.compile(r"(?<=\d)(?:丁目|番地の?|番|号棟|号室|号)(?=(\d?))")
_LOT_NO = re.compile(r"(?<=\d)の(?=\d)")


def kanji_number(text: str) -> int:
    """The value of a kanji number below ten thousand: 二十三 and 二三 are 23."""
    total = digit = 0
    for char in text:
        if char in _UNIT_VALUES:
            total, digit = total + (digit or 1) * _UNIT_VALUES[char], 0
        else:
            digit = digit * 10 + _DIGIT_VALUES[char]
    return total + digit


def address_key(text: str) -> str:
    """The search key of an address: 妻沼東三丁目26番地8, 妻沼東３－２６－８ and 妻沼東3丁目26番8号 are equal."""
    text = _KANJI_NUMBER.sub(lambda number: str(kanji_number(number[1])), _fold(text))
    text = re.sub(r"\s|大字|字", "", text).translate(_SMALL)
    text = _LOT_WORDS.sub(lambda word: "-" if word[1] else "", text)
    text = re.sub(r"(?<=\d)[‐-―−ー](?=\d)", "-", _LOT_NO.sub("-", text))
    return text.upper()
