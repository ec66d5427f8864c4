"""Names of synthetic people: Japanese by frequency with readings, variant characters, and names of foreign residents."""

from dataclasses import dataclass
from functools import cache

from daicho.city.chance import Chance, Weighted
from daicho.law.tables import table

SPACE = "\u3000"


@dataclass(frozen=True, slots=True)
class FamilyName:
    """A family name as written and read."""

    kanji: str
    kana: str


@dataclass(frozen=True, slots=True)
class Country:
    """Where foreign residents come from, with name parts (Latin capitals, kana)."""

    code: str
    name: str
    weight: float
    family: tuple[tuple[str, str], ...]
    male: tuple[tuple[str, str], ...]
    female: tuple[tuple[str, str], ...]


# Glyphs that people in fact have in their registers: another character, or the same one with a selector of Moji_Joho.
_VARIANTS: dict[str, tuple[tuple[str, float], ...]] = {
    "渡辺": (
        ("渡邉", 0.09),
        ("渡邊", 0.06),
        ("渡邉\U000e0119", 0.02),
        ("渡邉\U000e011b", 0.01),
        ("渡邊\U000e010e", 0.01),
    ),
    "高橋": (("髙橋", 0.22),),
    "吉田": (("𠮷田", 0.12),),
    "斎藤": (("齋藤", 0.15), ("齊藤", 0.12), ("齋\U000e0104藤", 0.02)),
    "辻": (("辻\U000e0102", 0.4),),
    "浜田": (("濱田", 0.3), ("濵田", 0.1)),
    "山崎": (("山﨑", 0.25),),
    "宮崎": (("宮﨑", 0.2),),
    "岩崎": (("岩﨑", 0.2),),
    "川崎": (("川﨑", 0.1),),
    "尾崎": (("尾﨑", 0.15),),
    "辻本": (("辻\U000e0102本", 0.3),),
    "榊原": (("榊\U000e0102原", 0.2),),
}
_OLD_FEMALE = ("コ", "エ", "ヨ", "ミ")
_OLD_MALE = ("オ", "イチ", "ジ", "ロウ", "シ", "ゾウ", "ヘイ", "キ")


@cache
def _families() -> Weighted[FamilyName]:
    rows = table("surnames.csv")
    names = [FamilyName(row["surname"], row["kana"]) for row in rows]
    return Weighted(names, [float(row["est_population"]) for row in rows])


@cache
def _givens() -> dict[tuple[str, bool], Weighted[tuple[str, str]]]:
    """By sex and whether born before about 1965; the source has no frequencies, its proxies stand in."""
    found: dict[tuple[str, bool], tuple[list[tuple[str, str]], list[float]]] = {}
    for row in table("given_names.csv"):
        weight = float(row["reading_variants"]) * (3 if row["popular_reading"] == "1" else 1)
        endings = _OLD_MALE if row["sex"] == "1" else _OLD_FEMALE
        fits_old = row["kana"].endswith(endings)
        for old in (True, False):
            names, weights = found.setdefault((row["sex"], old), ([], []))
            names.append((row["given_name"], row["kana"]))
            weights.append(weight * ((1.0 if fits_old else 0.05) if old else (0.2 if fits_old else 1.0)))
    return {key: Weighted(names, weights) for key, (names, weights) in found.items()}


def family_name(rng: Chance) -> FamilyName:
    """A family name by frequency; some families write it with a variant character."""
    found = _families().pick(rng)
    chance = rng.random()
    for kanji, share in _VARIANTS.get(found.kanji, ()):
        if chance < share:
            return FamilyName(kanji, found.kana)
        chance -= share
    return found


def given_name(rng: Chance, sex: str, birth_year: int) -> tuple[str, str]:
    """A given name and its reading."""
    return _givens()[sex, birth_year + rng.randint(-8, 8) < 1965].pick(rng)


_COUNTRIES = (
    Country(
        "VNM",
        "ベトナム",
        0.27,
        (
            ("NGUYEN", "グエン"),
            ("TRAN", "チャン"),
            ("LE", "レ"),
            ("PHAM", "ファム"),
            ("HOANG", "ホアン"),
            ("VU", "ヴー"),
        ),
        (
            ("VAN AN", "ヴァン　アン"),
            ("MINH DUC", "ミン　ドゥック"),
            ("QUANG HUY", "クアン　フイ"),
            ("THANH LONG", "タイン　ロン"),
        ),
        (
            ("THI LAN", "ティ　ラン"),
            ("THI HOA", "ティ　ホア"),
            ("THU HA", "トゥ　ハー"),
            ("NGOC ANH", "ゴック　アイン"),
        ),
    ),
    Country(
        "CHN",
        "中国",
        0.2,
        (("WANG", "ワン"), ("LI", "リ"), ("ZHANG", "チャン"), ("LIU", "リュウ"), ("CHEN", "チェン"), ("YANG", "ヤン")),
        (("WEI", "ウェイ"), ("QIANG", "チアン"), ("LEI", "レイ"), ("YONG", "ヨン"), ("JUN", "ジュン")),
        (("FANG", "ファン"), ("NA", "ナ"), ("XIUYING", "シウイン"), ("LI", "リ"), ("JING", "ジン")),
    ),
    Country(
        "PHL",
        "フィリピン",
        0.17,
        (
            ("SANTOS", "サントス"),
            ("REYES", "レイエス"),
            ("CRUZ", "クルス"),
            ("GARCIA", "ガルシア"),
            ("RAMOS", "ラモス"),
        ),
        (("JOSE", "ホセ"), ("MARK ANTHONY", "マーク　アンソニー"), ("JOHN PAUL", "ジョン　ポール")),
        (("MARIA CRISTINA", "マリア　クリスティナ"), ("ROSE ANN", "ローズ　アン"), ("JENNIFER", "ジェニファー")),
    ),
    Country(
        "BRA",
        "ブラジル",
        0.12,
        (
            ("SILVA", "シルヴァ"),
            ("SOUZA", "ソウザ"),
            ("OLIVEIRA", "オリヴェイラ"),
            ("TANAKA", "タナカ"),
            ("PEREIRA", "ペレイラ"),
        ),
        (("CARLOS", "カルロス"), ("LUCAS KENJI", "ルーカス　ケンジ"), ("RAFAEL", "ラファエル")),
        (("ANA PAULA", "アナ　パウラ"), ("JULIANA", "ジュリアナ"), ("LARISSA YUMI", "ラリッサ　ユミ")),
    ),
    Country(
        "NPL",
        "ネパール",
        0.09,
        (("SHRESTHA", "シュレスタ"), ("GURUNG", "グルン"), ("TAMANG", "タマン"), ("RAI", "ライ")),
        (("BIKASH", "ビカス"), ("SUMAN", "スマン"), ("RAJ KUMAR", "ラズ　クマル")),
        (("SITA", "シタ"), ("ANJALI", "アンジャリ"), ("SUNITA", "スニタ")),
    ),
    Country(
        "KOR",
        "大韓民国",
        0.09,
        (("KIM", "キム"), ("LEE", "イ"), ("PARK", "パク"), ("CHOI", "チェ"), ("JUNG", "チョン")),
        (("MINJUN", "ミンジュン"), ("SUNGHO", "ソンホ"), ("JIHOON", "ジフン")),
        (("JIYOUNG", "ジヨン"), ("MINJI", "ミンジ"), ("SOOJIN", "スジン")),
    ),
    Country(
        "IDN",
        "インドネシア",
        0.06,
        (("PUTRA", "プトラ"), ("WIBOWO", "ウィボウォ"), ("SANTOSO", "サントソ"), ("LESTARI", "レスタリ")),
        (("AGUS", "アグス"), ("BUDI", "ブディ"), ("RIZKY", "リズキ")),
        (("DEWI", "デウィ"), ("SITI", "シティ"), ("PUTRI", "プトリ")),
    ),
)


@cache
def countries() -> Weighted[Country]:
    """The countries of the synthetic foreign residents with their shares (an assumption, not the city's own)."""
    return Weighted(_COUNTRIES, [country.weight for country in _COUNTRIES])
