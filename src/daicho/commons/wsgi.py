"""The WSGI door of the common platform's pages."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daicho.commons.settings")
application = get_wsgi_application()
