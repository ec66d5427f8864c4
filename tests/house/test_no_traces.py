"""Nothing in the repository names a workplace, a registry's host, or a secret."""

import re

from tests.house.sources import name, text_files, tracked

# Written in halves so that this file does not find itself.
_WORKPLACES = re.compile(r"(?<![\w./-])/(?:wo" + r"rk|ro" + r"ot)/")
_HOSTS = re.compile(
    r"(?:pypi\.o" + r"rg|pythonhosted\.o" + r"rg|npmjs\.(?:o" + r"rg|com)|yarnpkg\.com|deb\.debian\.o" + r"rg"
    r"|archive\.ubuntu\.com|crates\.io|proxy\.golang\.o" + r"rg)"
)
_KEYS = re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE" + r" KEY-----")


def test_no_workplace_no_registry_no_key() -> None:
    found = []
    for path, text in text_files():
        for pattern in (_WORKPLACES, _HOSTS, _KEYS):
            found += [f"{name(path)}: {hit.group()}" for hit in pattern.finditer(text)]
    assert not found


def test_no_lock_files_that_name_hosts() -> None:
    assert not tracked("uv.lock", "**/uv.lock", "**/package-lock.json", "package-lock.json", "poetry.lock")
