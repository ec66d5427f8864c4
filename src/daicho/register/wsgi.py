"""The WSGI door of the register's pages."""

import os

from django.core.wsgi import get_wsgi_application

from daicho.law.glyphs import font_glyphs
from daicho.law.names import kanji_key
from daicho.law.shapes import shapes_of
from daicho.law.towns import municipalities, towns
from daicho.ui.register_font import build_ahead

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daicho.register.settings")
application = get_wsgi_application()

# Tables that the first clerk of the morning would otherwise wait for.
font_glyphs()
kanji_key("一")
shapes_of("一")
towns()
municipalities()

build_ahead()
