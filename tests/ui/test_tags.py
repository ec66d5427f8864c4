"""Template tags and filters by table; the house rules of templates."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory

from daicho.law.dates import LegalDate, Precision
from daicho.ui import echo
from daicho.ui.templatetags import ui

SOURCE = Path(ui.__file__).parents[2]
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
UNKNOWN = LegalDate(date(1945, 1, 1), Precision.ABOUT_YEAR, "昭和20年頃")


def shown(source: str, **values: object) -> str:
    """The rendered text of a template that loads the tags."""
    return engines["django"].from_string("{% load ui %}" + source).render(values)


def test_dates() -> None:
    day = date(1980, 3, 12)
    assert (
        shown("{{ d|wareki }} {{ d|western }} {{ d|birth:True }}", d=day) == "昭和55年3月12日 1980年3月12日 1980.3.12"
    )
    assert shown("{{ d|wareki }}{{ d|birth:False }}", d=UNKNOWN) == "昭和20年頃昭和20年頃"
    assert shown("{{ d|wareki }}{{ d|western }}{{ d|wareki_short }}{{ d|birth:True }}", d=None) == ""
    assert shown("{{ d|age:on }}", d=day, on=date(2026, 3, 11)) == "45"
    assert shown("{{ d|age:on }}", d=None, on=date(2026, 3, 11)) == ""


def test_short_dates_stand_under_each_other() -> None:
    zero = '<i class="z" aria-hidden="true">0</i>'
    assert ui.wareki_short(date(2020, 10, 3)) == f"令{zero}2.10.{zero}3"
    assert ui.wareki_short(date(1980, 3, 12)) == f"昭55.{zero}3.12"
    assert ui.wareki_short(date(2019, 5, 1)) == f"令元.{zero}5.{zero}1"


def test_glyphs_mark_what_the_font_does_not_have() -> None:
    assert ui.glyphs("髙橋 健一") == "髙橋 健一"
    assert ui.glyphs("渡\u9089\U000e010f") == "渡\u9089\U000e010f"
    assert "9089 E01EF" in ui.glyphs("\u9089\U000e01ef")
    assert "10FFFF" in ui.glyphs("\U0010ffff")
    assert ui.glyphs("<b>") == "&lt;b&gt;"
    assert ui.glyphs(None) == ""


def test_small_filters() -> None:
    assert ui.grouped("123456789012") == "1234 5678 9012"
    assert ui.case_colour("R8-1") == ui.case_colour("R8-1")
    assert ui.lines("止めました。登録は変わっていません。") == "止めました。<br>登録は変わっていません。"


def test_unknown_icon_and_file_are_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        shown('{% icon "no-such-icon" %}')
    with pytest.raises(KeyError):
        shown('{% asset "no-such-file.js" %}')


def test_panel_has_heading_actions_body_and_footer() -> None:
    html = shown(
        '{% panel "世帯員" id="m" no=1 note=n %}B{{ n }}{% actions %}A{{ n }}{% footer %}F{% endpanel %}', n="5人"
    )
    assert 'aria-labelledby="h-m" data-section="1"' in html
    assert '<div class="end">A5人</div>' in html
    assert "<footer>F</footer>" in html
    assert ">B5人</div>" in html


def test_values_are_escaped_everywhere() -> None:
    evil = '"><script>alert(1)</script>'
    html = shown(
        "{% field 'a' e e echo=e aside=e error=e origin=e %}{% note 3 e e %}{% tag e %}{% masked e '/x' p %}"
        "{% diff_row e e e %}{% empty e %}{% error_summary s %}{% key e e %}{{ e|glyphs }}{{ e|lines }}",
        e=evil,
        p=[(evil, evil)],
        s=[(evil, evil)],
    )
    assert "<script>" not in html


def test_frame_without_officer_has_no_search_and_no_lock() -> None:
    request = RequestFactory().get("/")
    html = engines["django"].from_string('{% extends "ui/frame.html" %}').render({}, request)
    assert "data-search" not in html
    assert "data-lock-url" not in html


@pytest.mark.parametrize(
    ("typed", "kind", "text", "aside"),
    [
        ("S550312", "birth", "昭和55年3月12日", "46歳"),
        ("-2", "event", "令和8年3月30日(月)", "2日前"),
        ("今日", "event", "令和8年4月1日(水)", "今日"),
        ("R8.4.2", "event", "令和8年4月2日(木)", "明日"),
        ("8.3.31", "event", "令和8年3月31日(火)", "昨日"),
        ("R8.4.11", "event", "令和8年4月11日(土)", "10日後"),
        ("R7.4.1", "event", "令和7年4月1日(火)", ""),
    ],
)
def test_echo_of_dates(typed: str, kind: echo.Kind, text: str, aside: str) -> None:
    read = echo.read_date(typed, kind, date(2026, 4, 1))
    assert (read.text, read.aside) == (text, aside)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_keep_the_house_rules(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", text), "inline style or script"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "inline script"
    assert not re.search(r"https?://(?!localhost)", text), "something from outside"
    if path.name != "icons.html":
        assert not re.search(r'href="#(?!i-)[^"]*"/>', text), "an icon without the prefix i-"
    title = re.search(r"{% block title %}(.*?){% endblock %}", text, re.S)
    assert not title or not re.search(r"name|kana|氏名", title[1]), "a person's name in a title"


def test_sprite_holds_only_icons_in_use() -> None:
    files = [*SOURCE.rglob("*.html"), *SOURCE.rglob("*.py"), *SOURCE.rglob("*.js")]
    text = "".join(path.read_text(encoding="utf-8") for path in files if path.name not in ("icons.html", "htmx.min.js"))
    unused = sorted(name for name in ui.ICONS if f'"{name}"' not in text)
    assert unused == []
