"""Names of officers, under the name that the register's screens use."""

from daicho.signon.names import officer_families, officer_names, officer_places, officers_with_role

__all__ = ["officer_families", "officer_names", "officer_places", "officers_with_role"]
