"""Pages of a finished paper as pictures, 見本 across each: what the clerk sees before the paper is handed over."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from daicho.access.errors import NotAvailable
from daicho.register.paper.face import find_font
from daicho.register.paper.pdf import opened

WIDTH = 1240  # A4 at 150 dpi
SPECIMEN = "見本"
REPRODUCED = "再現"
_INK = (112, 128, 224, 60)


def page_image(pdf: bytes, page: int, width: int = WIDTH, mark: str = SPECIMEN) -> bytes:
    """Page `page` (from 1) as PNG, `width` pixels wide, marked 見本 or 再現. NotAvailable for a page that is not there."""
    with opened(pdf) as document:
        if not 1 <= page <= len(document):
            raise NotAvailable
        sheet = document[page - 1]
        picture = sheet.render(scale=width / sheet.get_width()).to_pil().convert("RGB")
    layer = _mark(*picture.size, mark)
    picture.paste(layer, (0, 0), layer)
    out = io.BytesIO()
    picture.quantize(64).save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=4)
def _mark(width: int, height: int, word: str) -> Image.Image:
    """The transparent layer with the mark, for one size of page."""
    size = width * 2 // 5
    layer = Image.new("RGBA", (size * len(word) + size // 5, size * 6 // 5), (0, 0, 0, 0))
    font = ImageFont.truetype(str(find_font()), size)
    ImageDraw.Draw(layer).text((size // 10, 0), word, font=font, fill=_INK)
    turned = layer.rotate(35, expand=True, resample=Image.Resampling.BICUBIC)
    whole = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    whole.paste(turned, ((width - turned.width) // 2, height // 10))
    return whole
