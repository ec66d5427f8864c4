"""Template tags and filters of the page frame. Load with `{% load ui %}`."""

import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from daicho.law.dates import LegalDate, age_on
from daicho.law.eras import format_short, format_wareki, format_western
from daicho.ui import fonts, register_font
from daicho.ui.assets import asset_url

register = template.Library()
AnyDate = date | LegalDate | None

ICONS = frozenset(
    line.split('"')[1].removeprefix("i-")
    for line in (Path(__file__).parents[1] / "templates" / "ui" / "icons.html").read_text("utf-8").splitlines()
    if line.startswith("<symbol")
)


# --- files and icons -------------------------------------------------------------------------------------------------


@register.filter
def words(text: str) -> list[str]:
    """The words of a text, for loops over literals."""
    return text.split()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file of the frame."""
    return asset_url(name)


@register.simple_tag
def register_font_css() -> str:
    """The address of the style sheet of the register web font."""
    return register_font.sheet_url()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite beside a word; size "", "s" (14 px) or "l" (20 px). Raises for an unknown name."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"no icon named {name} in ui/icons.html")
    shape = f"i {size}".strip()
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>', shape, name)


@register.filter
def case_colour(number: str) -> str:
    """The class that gives a case number its colour; the same number has the same colour in every window."""
    return f"ct-{zlib.crc32(number.encode()) % 6}"


# --- dates -----------------------------------------------------------------------------------------------------------


def _calendar_day(value: AnyDate) -> date | None:
    if isinstance(value, LegalDate):
        return value.on if value.is_calendar else None
    return value


@register.filter
def wareki(value: AnyDate) -> str:
    """昭和55年3月12日; unknown dates as recorded; "" for None."""
    if isinstance(value, LegalDate):
        return value.wareki
    return format_wareki(value) if value else ""


@register.filter
def wareki_short(value: AnyDate) -> SafeString | str:
    """昭55. 3.12 for table cells, with hidden zeros so that the parts stand under each other."""
    day = _calendar_day(value)
    if day is None:
        return wareki(value)
    era_year, _, rest = format_short(day).partition(".")
    era, year = era_year[0], era_year[1:].replace("\u2007", " ").strip()
    month, _, number = rest.replace("\u2007", " ").partition(".")
    parts = (_padded(year), _padded(month.strip()), _padded(number.strip()))
    return format_html("{}{}.{}.{}", era, *parts)


def _padded(part: str) -> SafeString:
    if len(part) > 1 or part == "元":
        return format_html("{}", part)
    return format_html('<i class="z" aria-hidden="true">0</i>{}', part)


@register.filter
def western(value: AnyDate) -> str:
    """1980年3月12日; unknown dates as recorded; "" for None."""
    if isinstance(value, LegalDate):
        return value.western
    return format_western(value) if value else ""


@register.filter
def birth(value: AnyDate, is_foreign: bool) -> SafeString | str:
    """A birth date in a table cell: 昭55. 3.12, and 1980. 3.12 for a foreign resident (STD 1.1.9)."""
    day = _calendar_day(value)
    if not is_foreign:
        return wareki_short(value)
    return f"{day.year}.{day.month}.{day.day}" if day else western(value)


@register.filter
def age(born: AnyDate, on: date) -> str:
    """Full years on a day, without unit; "" when the birth year is unknown."""
    years = age_on(born, on) if born else None
    return "" if years is None else str(years)


# --- names and numbers ------------------------------------------------------------------------------------------------


def _characters(text: str) -> list[str]:
    """The text as base characters, each with its variation selector if it has one."""
    found: list[str] = []
    for character in text:
        selector = 0xE0100 <= ord(character) <= 0xE01EF or 0xFE00 <= ord(character) <= 0xFE0F
        if selector and found:
            found[-1] += character
        else:
            found.append(character)
    return found


def is_drawable(character: str) -> bool:
    """Whether the register font has this exact shape: base character, or base and selector."""
    table = fonts.coverage(register_font.font_path())
    codes = [ord(part) for part in character]
    if len(codes) == 1:
        return codes[0] in table.glyphs or codes[0] == 0x3000
    return (codes[0], codes[1]) in table.variants


@register.filter
def glyphs(text: str | None) -> SafeString:
    """A registered name; each shape the font cannot draw is shown as 〓 with its code, never as another shape.

    The full-width space between family and given name is shown half as wide; what is stored keeps it.
    """
    return format_html_join("", "{}", ((_glyph(character),) for character in _characters(text or "")))


@register.filter
def spaced(text: str | None) -> str:
    """Kana of a name with a plain space between its parts; what is stored keeps the full-width one."""
    return (text or "").replace("\u3000", " ")


def _glyph(character: str) -> str:
    if character == "\u3000":
        return " "
    if is_drawable(character):
        return character
    code = " ".join(f"{ord(part):X}" for part in character)
    return format_html('<span class="noglyph" title="字形がありません U+{0}">〓<small>{0}</small></span>', code)


@register.filter
def grouped(number: str) -> str:
    """A number in groups of four, for the eye."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


# --- parts of a page --------------------------------------------------------------------------------------------------


class PanelNode(Node):
    """A panel: heading with section number, actions at the right, body, footer."""

    def __init__(
        self, title: FilterExpression, options: dict[str, FilterExpression], parts: dict[str, NodeList]
    ) -> None:
        self.title, self.options, self.parts = title, options, parts
        self.nodelist = NodeList([node for part in parts.values() for node in part])

    def render(self, context: template.Context) -> SafeString:
        """Render the parts and put them into `ui/panel.html`."""
        values = {name: option.resolve(context) for name, option in self.options.items()}
        rendered = {name: part.render(context) for name, part in self.parts.items()}
        page = context.template
        if page is None:
            raise template.TemplateSyntaxError("a panel is rendered inside a template")
        shell = page.engine.get_template("ui/panel.html")
        return shell.render(template.Context({**values, "title": self.title.resolve(context), "parts": rendered}))


@register.tag
def panel(parser: Parser, token: Token) -> PanelNode:
    """`{% panel "世帯員" id="mem" no=1 note="5人" %} body {% actions %} buttons {% footer %} text {% endpanel %}`.

    Options: id (needed), no (Alt number), note, fill (takes the rest of the column), scroll (body scrolls by
    keyboard), name (register name beside the title), bare (body without its own scrolling box), extra (classes).
    """
    bits = token.split_contents()
    options = token_kwargs(bits[2:], parser)
    parts: dict[str, NodeList] = {}
    current = "body"
    while True:
        parts[current] = parser.parse(("actions", "footer", "endpanel"))
        name = parser.next_token().contents.strip()
        if name == "endpanel":
            return PanelNode(parser.compile_filter(bits[1]), options, parts)
        current = name


def _part(name: str) -> Callable[[Callable[..., dict[str, object]]], Callable[..., dict[str, object]]]:
    return register.inclusion_tag(f"ui/{name}.html")


@_part("tag")
def tag(text: str, kind: str = "", icon_name: str = "") -> dict[str, object]:
    """A small label: kind "", info, ok, warn, stop, past or safe."""
    return {"text": text, "kind": kind, "icon_name": icon_name}


@_part("key")
def key(label: str, *caps: str, **options: object) -> dict[str, object]:
    """A button of the key bar: `{% key "次の人" "F4" url=next_url %}`.

    Options: url (a link), form (submits that form), name and value (of the submit button), do (an act of keys.js:
    lock, help, palette, search, ditto, next, previous), go (the one way forward, Ctrl+Enter), past (purple).
    """
    kept = {"url": "", "form": "", "name": "", "value": "", "do": "", "go": False, "past": False}
    return {**kept, **options, "label": label, "caps": caps, "key": caps[0] if caps else ""}


@_part("steps")
def steps(current: str) -> dict[str, object]:
    """How far a case is: 受付 → 入力 → 確認 → 審査 → 登録 → 交付; `current` is one of these words."""
    names = ["受付", "入力", "確認", "審査", "登録", "交付"]
    at = names.index(current)
    return {"steps": [(name, "done" if n < at else "now" if n == at else "todo") for n, name in enumerate(names)]}


@_part("masked")
def masked(label: str, url: str = "", purposes: object = (), dots: int = 8) -> dict[str, object]:
    """A hidden number with a button that asks for the purpose; without `url` the officer may not see it.

    `purposes` are (code, words) pairs. The answer to the POST is JSON `{"value"}`; it is hidden again after 10 s.
    """
    return {"label": label, "url": url, "purposes": purposes, "dots": "●" * dots}


@_part("note")
def note(tier: int, text: str, more: str = "", url: str = "", act: str = "") -> dict[str, object]:
    """One line of a warning list by tier: 0 mark, 1 note, 2 warning, 3 stop, 4 safety (neutral words)."""
    kind, icon_name, word = NOTE_KINDS[tier]
    return {"kind": kind, "icon_name": icon_name, "word": word, "text": text, "more": more, "url": url, "act": act}


NOTE_KINDS = {
    0: ("mark", "circle-dashed", "要確認"),
    1: ("info", "info", "お知らせ"),
    2: ("warn", "triangle-alert", "注意"),
    3: ("stop", "octagon-x", "止める"),
    4: ("safe", "shield-alert", "確認が必要"),
}


@_part("empty")
def empty(text: str, icon_name: str = "info") -> dict[str, object]:
    """An empty state that says why it is empty."""
    return {"text": text, "icon_name": icon_name}


@_part("error_summary")
def error_summary(errors: object) -> dict[str, object]:
    """The errors of a form above it: (field id, sentence) pairs, the same words as beside each field."""
    return {"errors": errors}


@_part("settle")
def settle(**values: object) -> dict[str, object]:
    """A mismatch waiting for the document's value: title, first (who, value), second (who, value), name, hint."""
    return values


@_part("diff_row")
def diff_row(label: str, before: object = None, after: object = None, **options: object) -> dict[str, object]:
    """One row of a before/after table. Options: mark (word at the end), url and key (jump back), reg (a name)."""
    kept = {"mark": "", "url": "", "key": "", "reg": False, "hidden": False}
    return {**kept, **options, "label": label, "before": before, "after": after, "same": before == after}


@_part("field")
def field(name: str, label: str, value: object = "", **options: object) -> dict[str, object]:
    """A labelled input with echo line, error line and origin tag.

    Options: id, kind (text, date-birth, date, code, number, kana, name, password), echo and aside (the understood
    value), error, origin (取込), suggest (address of the suggestions), ditto (value F8 copies), width (class),
    row (label beside the field: inside `.form` or `.form2`), wide, readonly, required, autofocus, autocomplete.
    """
    kind = str(options.get("kind", "text"))
    shape = {"date-birth": "fig", "date": "fig", "code": "c fig", "number": "fig", "name": "reg"}.get(kind, "")
    kept: dict[str, object] = {"id": f"f-{name}", "kind": kind, "shape": shape, "row": False, "echo": "", "aside": ""}
    return {**kept, **options, "name": name, "label": label, "value": "" if value is None else value}


@register.filter
def lines(text: str) -> SafeString:
    """Sentences of an error on lines of their own."""
    parts = [part for part in text.split("。") if part]
    return format_html_join(mark_safe("<br>"), "{}。", ((part,) for part in parts))
