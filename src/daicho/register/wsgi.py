"""The WSGI door of the register's pages."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daicho.register.settings")
application = get_wsgi_application()
