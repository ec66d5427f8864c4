"""The Environment of this process, under the name that the register's rooms use."""

from daicho.wire.environment import current, use

__all__ = ["current", "use"]
