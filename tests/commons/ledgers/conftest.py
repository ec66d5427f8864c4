"""The pages of the common platform with the demo's officers, for the ledgers."""

from tests.signon.conftest import (  # noqa: F401
    desk,
    module_database,
    module_desk,
    module_environment,
    module_owner_connection,
)
