"""What the outside world knows of the twin's people: public pages, and what people have declared of themselves.

KuaiRand's user file holds numbers that everybody can read on a person's page: how many people he or she follows, how
many follow back. The twin's people get such pages, too, read some weeks after the release, when the numbers have
moved a little.
"""

import numpy as np

from course_lib.data.twin import Logs

WEEKS_LATER = 2


def public_pages(logs: Logs, share: float = 1.0, seed: int = 0):
    """Pages with a name on them, in an order of their own.

    Args:
        logs: see `course_lib.data.twin.twin`.
        share: of the people who have a public page.
        seed: of the order and of what has changed since.

    Returns:
        pandas, one row a page: page (made up), follow_user_num, fans_user_num, register_days, and user_id: the
        truth, which an attacker does not have.
    """
    import pandas as pd

    rng = np.random.default_rng([seed, 1999])
    users = logs.users
    order = rng.permutation(len(users))[: round(share * len(users))]
    seen = users.iloc[order]
    # people follow a few more, and a few follow them; active pages move more
    follow = seen["follow_user_num"].to_numpy() + rng.poisson(0.01 * seen["follow_user_num"].to_numpy())
    fans = seen["fans_user_num"].to_numpy() + rng.poisson(0.02 * seen["fans_user_num"].to_numpy())
    return pd.DataFrame(
        {
            "page": [f"page {number:04}" for number in rng.permutation(9000)[: len(order)] + 1000],
            "follow_user_num": follow,
            "fans_user_num": fans,
            "register_days": seen["register_days"].to_numpy() + 7 * WEEKS_LATER,
            "user_id": seen["user_id"].to_numpy(),
        }
    )


def declared(logs: Logs, seed: int = 0):
    """What people have said of themselves: pandas with user_id, age (NaN unknown), consent, guardian.

    Nothing here follows a real population: 12 % are under 14, 8 % from 14 to 17, the age of 10 % is unknown, 70 % have
    agreed to a profile, and of half of those under 14 a guardian has.
    """
    import pandas as pd

    rng = np.random.default_rng([seed, 2021])
    n = len(logs.users)
    low, high = np.array([6, 14, 18]), np.array([14, 18, 75])
    part = rng.choice(3, n, p=[0.12, 0.08, 0.80])
    age = np.floor(rng.uniform(low[part], high[part]))
    guardian = (part == 0) & (rng.random(n) < 0.5)
    age[rng.random(n) < 0.1] = np.nan
    return pd.DataFrame(
        {
            "user_id": logs.users["user_id"].to_numpy(),
            "age": age,
            "consent": rng.random(n) < 0.7,
            "guardian": guardian,
        }
    )
