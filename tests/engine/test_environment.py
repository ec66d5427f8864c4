"""The real parts of Environment, on a real database."""

from daicho.wire.environment import Connection, Environment


def test_ids_are_positive_and_never_repeat(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        first = environment.ids.take(connection, 3)
    with environment.database.transaction() as connection:
        second = environment.ids.take(connection, 2)
    assert len(set(first + second)) == 5
    assert min(first) > 0


def test_runtime_role_cannot_change_structure(environment: Environment, owner_connection: Connection) -> None:
    rows = owner_connection.execute(
        "SELECT has_schema_privilege('register_app', nspname, 'CREATE') AS may FROM pg_namespace"
    ).fetchall()
    assert not any(row["may"] for row in rows if row["may"])
