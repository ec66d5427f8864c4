"""A certificate that was issued, as rows: for tests that only need that it left the house."""

from collections.abc import Sequence

from daicho.wire.environment import Connection, Environment


def issue_copy(env: Environment, owner: Connection, household_id: int, people: Sequence[int], serial: int = 1) -> int:
    """A household copy with these people as they stand now, issued at this moment; its id."""
    now, today = env.clock.now(), env.clock.today()
    with env.database.transaction() as connection:
        application, certificate, attestor, seal = env.ids.take(connection, 4)
    owner.execute(
        "INSERT INTO register.paper_attestor VALUES (%s, 'mayor', '熊谷市長', '試験', daterange('2000-01-01', NULL))"
        " ON CONFLICT DO NOTHING",
        (attestor,),
    )
    owner.execute(
        "INSERT INTO register.paper_seal VALUES (%s, 'mayor', '<svg/>', 20, '', true, daterange('2000-01-01', NULL))"
        " ON CONFLICT DO NOTHING",
        (seal,),
    )
    owner.execute(
        "INSERT INTO register.certificate_application (application_id, kind, household_id, person_ids, authority, requester,"
        " requester_person, identity_document, use_code, use_text, reason, items, copies, fee_id, fee_yen, by_mail,"
        " fingerprint, officer, terminal, office, requested_at) VALUES (%s, 'household_copy', %s, %s, '1', '試験', NULL,"
        " '01', '07', '', '', '{}', 1, NULL, 300, false, (SELECT jsonb_agg(jsonb_build_array(person_id, state_id))"
        " FROM register.resident_current WHERE person_id = ANY (%s::bigint[])), 'clerk1', 'T001', '市民課', %s)",
        (application, household_id, list(people), list(people), now),
    )
    owner.execute(
        "INSERT INTO register.certificate (certificate_id, application_id, copy_no, issued_on, terminal, serial,"
        " number_parts, code, status, attestor_id, seal_id, synthetic, view_digest, file_digest, pages, tight, template,"
        " engine, font, reserved_at) VALUES (%s, %s, 1, %s, 'T001', %s, %s, %s, 'reserved',"
        " (SELECT attestor_id FROM register.paper_attestor LIMIT 1), (SELECT seal_id FROM register.paper_seal LIMIT 1),"
        " true, %s, %s, '[]', '[]', 't', 'e', 'f', %s)",
        (
            certificate,
            application,
            today,
            serial,
            ["20260601", "T001", f"{serial:04}"],
            f"{serial:016}",
            b"0" * 32,
            b"0" * 32,
            now,
        ),
    )
    owner.execute(
        "INSERT INTO register.certificate_person SELECT %s, row_number() OVER (), person_id, state_id"
        " FROM register.resident_current WHERE person_id = ANY (%s::bigint[])",
        (certificate, list(people)),
    )
    owner.execute(
        "UPDATE register.certificate SET status = 'issued', settled_at = %s, settled_by = 'clerk1'"
        " WHERE certificate_id = %s",
        (now, certificate),
    )
    return certificate
