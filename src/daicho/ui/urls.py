"""Addresses of the parts shared by all pages; included under `ui/` by each system. None serves personal data."""

from django.urls import path

from daicho.ui import assets, echo, register_font

urlpatterns = [
    path("assets/<slug:version>/<path:name>", assets.asset, name="ui-asset"),
    path("echo/date", echo.date_echo, name="ui-echo-date"),
    path("register-font/<slug:version>/register.css", register_font.sheet, name="ui-register-font"),
    path("register-font/<slug:version>/<slug:block>.woff2", register_font.block, name="ui-register-block"),
    path("register-font/licence.txt", register_font.licence, name="ui-register-licence"),
]
