"""Hold every page to its manners, with everybody who may open it, light and dark, desktop and telephone: `make axe`."""

import sys

from tests.campaigns.demonstration import demonstration
from tests.journeys.conftest import settled
from tests.support.manners import ALL, complaints
from tests.support.tour import more_stops, public_stops, signed_in_stops


def main() -> int:
    """How many pages have none: 0 for the shell when all are well."""
    wrong, looked_at = 0, 0
    with demonstration() as shown:
        app, numbers = shown.world.app, shown.world.numbers
        stops = [*public_stops(app), *signed_in_stops(app, numbers), *more_stops()]
        for who in dict.fromkeys(stop.who for stop in stops):
            with shown.page(who) as page:
                for stop in (stop for stop in stops if stop.who == who):
                    settled(page, stop.address)
                    looked_at += 1
                    if found := complaints(page, ALL, every=True):
                        wrong += 1
                        print(f"{stop.address} ({who or 'the public'})", *found, sep="\n  ", flush=True)
            print(f"{who or 'the public'}: done", flush=True)
    print(f"{looked_at} pages, each with {', '.join(ALL)} and 320 px: {wrong} have something wrong with them.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
