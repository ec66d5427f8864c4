"""Several at once, on real connections of their own: nothing is accepted twice, nothing is guessed in parallel."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from daicho.law.errors import DaichoError
from daicho.signon import service
from daicho.signon.models import OfficerSession, SignonAttempt
from tests.signon.desk import CommonsDesk as Desk

ORIGIN = service.Origin(terminal_id="SHIMIN-03", address="127.0.0.1")


def all_at_once(count: int, act: Callable[[], str]) -> list[str]:
    """Run the act in threads that start together; each gives its result or the code of its error."""
    barrier = Barrier(count)

    def run(_number: int) -> str:
        barrier.wait()
        try:
            return act()
        except DaichoError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(run, range(count)))


def test_one_code_opens_one_session(desk: Desk) -> None:
    code = desk.code("clerk1")

    def act() -> str:
        return "open" if service.second_step(desk.env, ORIGIN, "clerk1", code) else ""

    assert all_at_once(4, act) == ["S001", "S001", "S001", "open"]
    assert OfficerSession.objects.filter(officer="clerk1", ended_at=None).count() == 1


def test_guesses_in_parallel_are_counted_one_by_one(desk: Desk) -> None:
    def act() -> str:
        return service.first_step(desk.env, ORIGIN, "clerk1", "a-wrong-guess")

    assert all_at_once(8, act) == ["S001"] * 4 + ["S002"] * 4
    assert SignonAttempt.objects.get().failures == 5


def test_unknown_officers_are_counted_the_same_way(desk: Desk) -> None:
    def act() -> str:
        return service.first_step(desk.env, ORIGIN, "nobody", "a-wrong-guess")

    assert all_at_once(8, act) == ["S001"] * 4 + ["S002"] * 4
