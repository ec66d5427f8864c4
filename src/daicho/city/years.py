"""Years of changes in one neighbourhood, planned by the very functions that plan a clerk's case."""

from datetime import UTC, date, datetime, time, timedelta

from daicho.city.amendment_events import AmendmentEvents
from daicho.city.chance import Chance
from daicho.city.ledger import Ledger, Officers
from daicho.city.people import Numbers
from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.notification import HouseholdMove, MoveIn, MoveOut, MoveWithin, Notification

# Registrations a year in a city of 194,415; the households behind about 25,000 moves, births and deaths of persons.
_YEARLY = {
    "birth": 1_150,
    "death": 2_500,
    "move_in": 5_000,
    "move_out": 4_500,
    "move_within": 4_200,
    "head_change": 700,
    "move_in_abroad": 700,
    "naturalisation": 11,
    "nationality_loss": 2,
    "ex_officio_entry": 20,
    "ex_officio_removal": 60,
    "renewal": 5,
    "household_split": 900,
    "household_merge": 250,
    "household_change": 60,
    "amendment": 1_500,
    "minor_amendment": 40,
    "former_name": 70,
    "former_name_deletion": 8,
    "common_name": 30,
    "common_name_deletion": 12,
    "number_change": 40,
    "code_change": 25,
}
_CITY = 194_415
_OPENS = time(0, 0, tzinfo=UTC)  # nine o'clock in Japan
# Officer and terminal of each of the seven offices; the reviewer sits in the citizens' section.
_COUNTERS = (
    ("clerk1", "SHIMIN-03", "市民課"),
    ("clerk2", "SHIMIN-04", "市民課"),
    ("clerk1", "SHIMIN-05", "市民課"),
    ("clerk2", "SHIMIN-06", "市民課"),
    ("clerk3", "MENUMA-01", "妻沼"),
    ("clerk4", "KONAN-01", "江南"),
    ("reviewer2", "OSATO-01", "大里"),
    ("clerk5", "SAKURA-01", "さくらめいと"),
    ("clerk6", "EKI-01", "熊谷駅"),
    ("clerk7", "KAGOHARA-01", "籠原駅"),
)


class Years:
    """Lives through the days of a neighbourhood."""

    def __init__(self, ledger: Ledger, numbers: Numbers, rng: Chance, residents: int) -> None:
        """`residents` on the first day set how much happens."""
        self._ledger = ledger
        self._rng = rng
        self._events = AmendmentEvents(ledger, numbers, rng)
        self._share = residents / _CITY / 365
        # What happens less than once in a neighbourhood happens in some of them.
        self._owed = {kind: rng.random() for kind in _YEARLY}
        self.refused = 0

    def live(self, first: date, last: date) -> None:
        """Register everything that is notified on the days from `first` to `last`, weekends left out."""
        day = first
        while day <= last:
            for kind, yearly in _YEARLY.items():
                self._owed[kind] += yearly * self._share
            if day.weekday() < 5:
                self._day(day)
            day += timedelta(days=1)

    def _day(self, day: date) -> None:
        kinds = [kind for kind, owed in self._owed.items() for _ in range(int(owed))]
        for kind in kinds:
            self._owed[kind] -= 1
        kinds += ["arrival_notice"] * self._events.regroups.due(day)
        self._rng.shuffle(kinds)
        at = datetime.combine(day, _OPENS)
        for kind in kinds:
            at += timedelta(seconds=self._rng.randint(60, 400), microseconds=self._rng.randrange(1_000_000))
            self._one(kind, day, at)

    def _one(self, kind: str, day: date, at: datetime) -> None:
        """One case; what the law refuses (somebody who has moved since, a day before the take-over) is not registered."""
        drawn = self._events.draw(kind, day)
        if drawn is None:
            self.refused += 1
            return
        reason, notification = drawn
        change = change_of(reason)
        households, persons = change.scope(notification)
        try:
            plan = change.plan(self._ledger.read_before(households, persons, notification.on), notification, day)
        except DaichoError:
            self.refused += 1
            return
        self._ledger.register(plan, at, self._officers())
        self._remember(reason, notification)

    def _officers(self) -> Officers:
        entrant, terminal, office = self._rng.choice(_COUNTERS)
        return Officers(entrant, "reviewer1", "reviewer1", terminal, office)

    def _remember(self, reason: Reason, notification: Notification) -> None:
        if isinstance(notification, MoveIn) and notification.address is not None:
            self._events.settled(notification.household_id)
        elif isinstance(notification, MoveWithin) and notification.household_id != notification.from_household_id:
            if notification.address is not None:
                self._events.settled(notification.household_id)
        elif isinstance(notification, HouseholdMove) and reason is Reason.HOUSEHOLD_SPLIT:
            self._events.settled(notification.household_id)
        elif isinstance(notification, MoveOut) and reason is Reason.MOVE_OUT:
            self._events.regroups.told(notification)
            if len(notification.person_ids) == 1:
                self._events.left(notification.person_ids[0])
