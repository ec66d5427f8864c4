"""One typesetter a run, presses around it, and households to print."""

import dataclasses
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from daicho.register.paper.face import find_font
from daicho.register.paper.press import Press, Server
from daicho.register.paper.press_client import PressClient
from daicho.register.paper.specimen import specimen
from daicho.register.paper.typesetter import Typesetter
from daicho.register.paper.view import Paper, Section

Copies = Callable[..., Paper]


@pytest.fixture(scope="session")
def typesetter() -> Typesetter:
    """The font and the compiler."""
    return Typesetter(find_font())


@contextmanager
def serving(press: Press) -> Iterator[PressClient]:
    """A press behind a real socket, in threads of this process."""
    with tempfile.TemporaryDirectory(prefix="press-") as folder:
        path = Path(folder) / "press.sock"
        with Server(path, press) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            yield PressClient(path)
            server.shutdown()
            thread.join()
        press.close()


@pytest.fixture(scope="module")
def press(typesetter: Typesetter) -> Iterator[PressClient]:
    """A client of a serving press."""
    with serving(Press(typesetter.set, typesetter.versions)) as client:
        yield client


NAMES = (
    ("渡邉\U000e0115　健一", "ワタナベ　ケンイチ", "昭和38年4月29日", "男"),
    ("渡邉\U000e0115　美﨑\U000e0103", "ワタナベ　ミサキ", "昭和40年11月3日", "女"),
    ("渡邉\U000e0115　髙子", "ワタナベ　タカコ", "平成10年2月28日", "女"),
    ("渡邉\U000e0115　\U00020bb7彦", "ワタナベ　ヨシヒコ", "平成5年8月11日", "男"),
    ("渡邉\U000e0115　さくら", None, "令和6年9月1日", "女"),
    ("渡邉\U000e0115　一郎太左衛門", "ワタナベ　イチロウタザエモン", "昭和10年頃", "男"),
)


def person(number: int, **changes: object) -> Section:
    """One of six members of a household."""
    name, reading, birth, sex = NAMES[number]
    values = {**specimen().sections[0].values, "name": name, "reading": reading, "birth": birth, "sex": sex, **changes}
    return Section("household.japanese", values, number + 1)  # type: ignore[arg-type] # values by item


def copy_of(count: int = 4, persons: Sequence[Section] = (), **changes: object) -> Paper:
    """A copy for the first `count` members, or for `persons`; `address` and `head` change the head of the sheet."""
    base = specimen()
    boxes = persons or [person(number) for number in range(count)]
    numbered = tuple(dataclasses.replace(box, number=number) for number, box in enumerate(boxes, 1))
    head: dict[str, Any] = dict(base.top[0].values)
    head |= {name: changes.pop(name) for name in ("address", "head") if name in changes}
    top = (Section("household.head", head),)
    paper = dataclasses.replace(base, top=top, again=top, sections=numbered)
    return dataclasses.replace(paper, **changes)  # type: ignore[arg-type] # fields by name
