"""What a rating is before anybody's taste is asked: the mean, a generous user, a well-liked item."""

import numpy as np

from course_lib.recommend.table import Table, columns_of, table


class Baseline:
    """b_ui = mean + user bias + item bias, each bias shrunk towards 0 by how little is known.

    Source: Koren, *Factor in the Neighbors: Scalable and Accurate Collaborative Filtering*, 2010; the damping
    and the number of sweeps are the ones it is usually run with.

    Args:
        item_damping, user_damping: so many ratings at the mean are added to each item, each user.
        sweeps: how often items and users are settled in turns.
    """

    def __init__(self, item_damping: float = 10, user_damping: float = 15, sweeps: int = 10):
        self.item_damping, self.user_damping, self.sweeps = item_damping, user_damping, sweeps

    def fit(self, users, items, ratings) -> "Baseline":
        """Learn from three columns (n,); raises CourseError for what `table` refuses."""
        return self.fit_table(table(users, items, ratings))

    def fit_table(self, known: Table) -> "Baseline":
        """The same from a table."""
        self.known = known
        self.mean = known.values.mean()
        self.user_bias, self.item_bias = np.zeros(len(known.users)), np.zeros(len(known.items))
        self.settle(known.values - self.mean, self.sweeps)
        return self

    def settle(self, above, sweeps: int) -> None:
        """Items and users in turns, from where the biases are now, so that they explain `above`.

        Args:
            above: what lies above the mean for every rating learned from, (n,); a model of taste that is fitted
                together with the biases takes its own part away first.
            sweeps: how many turns.
        """
        u, i, n_users, n_items = self.known.u, self.known.i, len(self.user_bias), len(self.item_bias)
        of_user, of_item = np.bincount(u, minlength=n_users), np.bincount(i, minlength=n_items)
        for _ in range(sweeps):
            left = np.bincount(i, above - self.user_bias[u], n_items)
            self.item_bias = left / (of_item + self.item_damping)
            left = np.bincount(u, above - self.item_bias[i], n_users)
            self.user_bias = left / (of_user + self.user_damping)

    def of_rows(self, u, i) -> np.ndarray:
        """Baselines for row numbers; a row of -1 (unknown) has no bias."""
        user = np.where(u >= 0, self.user_bias[u], 0.0)
        item = np.where(i >= 0, self.item_bias[i], 0.0)
        return self.mean + user + item

    def predict(self, users, items) -> np.ndarray:
        """Ratings (n,). Unknown user: mean + item bias; unknown item: mean + user bias; neither known: the mean."""
        users, items = columns_of(users, items)
        return self.of_rows(self.known.users.rows(users), self.known.items.rows(items))

    def deviations(self) -> np.ndarray:
        """Rating minus baseline for every rating learned from, (n,)."""
        return self.known.values - self.of_rows(self.known.u, self.known.i)
