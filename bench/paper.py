"""The certificate's figures: one paper of four persons, and the whole issue. Called by `bench main-job` on its house."""

import time
from collections.abc import Iterator

from bench.measure import SAMPLES, WARM_UPS, Figure, p95


def figures(n: int = SAMPLES) -> Iterator[Figure]:
    """`paper.p95_ms` and `issue.p95_ms` with another household of four in each run, through the press's socket.

    A paper is rendered, carried over and read back; an issue is preview and handing over together: rights, states, number,
    paper, read-back twice, trail, two commits. Households with a character that cannot be printed are left out.
    """
    papers, issues = _measure(n)
    yield Figure("paper.p95_ms", p95(papers), "ms", "lower", 30, None, len(papers))
    yield Figure("issue.p95_ms", p95(issues), "ms", "lower", 80, None, len(issues))


def _measure(n: int) -> tuple[list[float], list[float]]:
    from tests.people import CLERK

    from daicho.engine.environment import from_process
    from daicho.register.paper import masters, press_client, reader
    from daicho.register.paper.application import Application
    from daicho.register.paper.authority import Authority
    from daicho.register.paper.compose import compose
    from daicho.register.paper.errors import ChangePending, GlyphMissing
    from daicho.register.paper.facts import Selection
    from daicho.register.paper.issue import Counter, release, reserve
    from daicho.register.paper.readback import read_back
    from daicho.register.paper.view import IssueMark

    env, press = from_process(), press_client.of_process()
    today = env.clock.today()
    selection = Selection((), frozenset(), Authority.SELF)
    with env.database.transaction() as connection:
        used = masters.in_force(connection, today).masters
        homes = connection.execute(
            "SELECT household_id, min(person_id) AS person_id FROM register.resident_current"
            " WHERE status = 'resident' AND removed_from IS NULL GROUP BY household_id HAVING count(*) = 4"
            " ORDER BY md5(household_id::text) LIMIT %s",
            (2 * (n + WARM_UPS),),
        ).fetchall()
    papers: list[float] = []
    issues: list[float] = []
    for number, home in enumerate(homes):
        with env.database.transaction() as connection:
            facts = reader.residents_of(connection, env, home["household_id"], today, frozenset()).facts
        mark = IssueMark(today, (f"{today:%Y%m%d}", "熊谷市", "BENCH", f"{number:05d}"), f"{number:016d}")
        copy = compose(facts, selection, used, mark)
        wanted = Application(
            household_id=home["household_id"],
            authority=Authority.SELF,
            requester_person=home["person_id"],
            identity_document="2",
            use_code="07",
        )
        try:
            begun = time.perf_counter()
            pressed = press.print(f"bench-{number}", copy)
            read_back(pressed.pdf, copy, pressed.pages)
            papers.append((time.perf_counter() - begun) * 1000)
            begun = time.perf_counter()
            made = reserve(env, Counter(press), CLERK, wanted)
            release(env, Counter(press), CLERK, made.application_id, made.digests)
            issues.append((time.perf_counter() - begun) * 1000)
        except (GlyphMissing, ChangePending):
            continue
        if len(issues) == n + WARM_UPS:
            break
    return papers[WARM_UPS:], issues[WARM_UPS:]
