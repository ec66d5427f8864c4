"""Papers are read and shown by several threads at once: PDFium alone would end the process (a trap in the library)."""

import subprocess
import sys
from pathlib import Path

from daicho.engine.paths import ROOT
from daicho.register.paper.typesetter import Typesetter
from tests.paper.conftest import copy_of

SCRIPT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from daicho.register.paper.preview import page_image
from daicho.register.paper.pdf import opened

pdf = Path(sys.argv[1]).read_bytes()

def look(number):
    page_image(pdf, number % 2 + 1, 200)
    with opened(pdf) as document:
        return document[number % 2].get_textpage().get_text_range()

with ThreadPoolExecutor(8) as pool:
    texts = list(pool.map(look, range(80)))
assert texts == texts[:2] * 40
"""


def test_papers_are_read_and_shown_by_many_threads_at_once(typesetter: Typesetter, tmp_path: Path) -> None:
    """In a process of its own, since the failure would be a crash."""
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(typesetter.set(copy_of(5)).pdf)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(paper)], cwd=ROOT / "src", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
