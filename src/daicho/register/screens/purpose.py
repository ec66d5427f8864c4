"""The purpose under which an officer looks at people: chosen once, shown, kept with the session."""

from daicho.access.actor import Purpose
from daicho.register.signon.door import DoorRequest

_KEY = "purpose"
DEFAULT = Purpose.RESIDENT_INQUIRY


def purpose_of(request: DoorRequest) -> Purpose:
    """The purpose in force; 照会(本人・世帯) until another is chosen."""
    try:
        return Purpose.from_code(request.session.get(_KEY, DEFAULT.value))
    except ValueError:
        return DEFAULT


def choose(request: DoorRequest, code: str) -> None:
    """Keep a purpose for the following looks; a code outside the list changes nothing."""
    try:
        request.session[_KEY] = Purpose.from_code(code).value
    except ValueError:
        return
