"""Names of officers, under the name that the register's screens use."""

from daicho.signon.names import Departments, officer_families, officer_names, officer_places, officers_with_role
from daicho.signon.places import place_on

__all__ = ["Departments", "officer_families", "officer_names", "officer_places", "officers_with_role", "place_on"]
