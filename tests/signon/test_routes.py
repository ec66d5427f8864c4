"""Every page of the common platform names its right, as those of the register do."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from daicho.commons.pages import OPEN
from daicho.signon.middleware import is_guarded_elsewhere


def routes(resolver: URLResolver) -> Iterator[URLPattern]:
    """Every route below."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from routes(one)
        else:
            yield one


def test_every_route_of_commons_carries_the_door_and_every_open_one_exists() -> None:
    found = list(routes(get_resolver("daicho.commons.urls")))
    names = {one.name for one in found}
    for one in found:
        assert hasattr(one.callback, "door") or is_guarded_elsewhere((), one.name, OPEN), one.pattern
    assert set(OPEN) <= names
    assert all(OPEN.values())
