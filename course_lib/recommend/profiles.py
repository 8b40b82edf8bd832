"""Who are they? From ratings to a table of people, from clusters of it to profiles that a marketer can read."""

import html
from dataclasses import dataclass

import numpy as np

from course_lib.errors import CourseError
from course_lib.recommend.kmeans import KMeans

GROUPS = ("place", "time", "weather", "mood")


def standardised(table, is_count):
    """Columns made comparable: counts as log(1 + n), then every column with mean 0 and standard deviation 1.

    Args:
        table: one row a person, shape (n, d).
        is_count: which columns hold counts, booleans of shape (d,).

    Returns:
        A new table, shape (n, d). A column in which all are equal says nothing, and becomes 0.
    """
    table = np.where(is_count, np.log1p(np.where(is_count, table, 0)), table)
    spread = table.std(axis=0)
    return (table - table.mean(axis=0)) / np.where(spread > 0, spread, 1)


def silhouette(points, labels):
    """The mean silhouette: how much nearer people are to their own cluster than to the next one.

    For each point a is its mean distance to the *other* points of its own cluster, b the smallest mean distance to the
    points of another cluster, and its silhouette (b - a) / max(a, b). Alone in its cluster a point has 0.

    Args:
        points: shape (n, d).
        labels: shape (n,), at least two clusters.

    Returns:
        A number in [-1, 1].

    Source: Rousseeuw, *Silhouettes: A Graphical Aid to the Interpretation and Validation of Cluster Analysis*, 1987.
    """
    distance = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    values = np.zeros(len(points))
    for i in range(len(points)):
        own = labels == labels[i]
        if own.sum() == 1:
            continue
        a = distance[i, own].sum() / (own.sum() - 1)
        b = min(distance[i, labels == other].mean() for other in np.unique(labels[~own]))
        values[i] = (b - a) / max(a, b)
    return values.mean()


def profile_lift(table, labels, cluster):
    """How many times as much of each thing a cluster has, compared with everyone.

    Args:
        table: one row a person, not negative, shape (n, d).
        labels: shape (n,).
        cluster: which cluster, with at least one member.

    Returns:
        The cluster's mean divided by everyone's mean, shape (d,); 1 for a thing that nobody has.
    """
    everyone = table.mean(axis=0)
    members = table[labels == cluster].mean(axis=0)
    return np.where(everyone > 0, members / np.where(everyone > 0, everyone, 1), 1.0)


@dataclass(frozen=True)
class People:
    """A table of people.

    Attributes:
        ids: user ids (n,).
        names: what the columns hold, words of the films' world first.
        watched: seconds looked at films with each word, (n, words).
        liking: mean rating above the person's own mean for films with each word, shrunk, (n, words).
        views: rows of each person, (n,).
        night: share of the views from 21 to 3 o'clock, (n,).
    """

    ids: np.ndarray
    names: list
    watched: np.ndarray
    liking: np.ndarray
    views: np.ndarray
    night: np.ndarray

    @property
    def raw(self) -> np.ndarray:
        """What a careless analyst clusters: sums and counts as they come, (n, words + 1)."""
        return np.column_stack([self.watched, self.views])


def people(ratings, scenes, damping: float = 2.0, ids=None) -> People:
    """The table of people from ratings (see `logs.ratings_from`) and what the films show.

    Args:
        ratings: user_id, video_id, rating, time_ms, play_time_ms (pandas).
        scenes: video_id and the columns GROUPS (pandas).
        damping: so many views of mean liking are added to each word of each person.
        ids: users wanted, in this order; by default all that have ratings. One without ratings gets zeros.
    """
    names = [word for group in GROUPS for word in sorted(scenes[group].unique())]
    by_film = scenes.set_index("video_id")
    lost = set(ratings["video_id"]) - set(by_film.index)
    if lost:
        raise CourseError(
            f"{len(lost)} films of the ratings are not in the table of scenes, first {min(lost)}."
        )
    shown = by_film.loc[ratings["video_id"]]
    marks = np.column_stack(
        [(shown[group] == word).to_numpy() for group in GROUPS for word in sorted(scenes[group].unique())]
    )
    ids = np.unique(ratings["user_id"]) if ids is None else np.asarray(ids)
    row = np.searchsorted(ids, ratings["user_id"].to_numpy())
    n = len(ids)

    def summed(weights):
        return np.column_stack([np.bincount(row, weights * column, n) for column in marks.T])

    views = np.bincount(row, minlength=n).astype(float)
    rating = ratings["rating"].to_numpy()
    mean = np.bincount(row, rating, n) / np.maximum(views, 1)
    liking = summed(rating - mean[row]) / (summed(np.ones(len(row))) + damping)
    hour = (ratings["time_ms"].to_numpy() / 3_600_000 + 8) % 24
    night = np.bincount(row, (hour >= 21) | (hour < 3), n) / np.maximum(views, 1)
    return People(ids, names, summed(ratings["play_time_ms"].to_numpy() / 1000), liking, views, night)


def shares(people: People) -> np.ndarray:
    """Of each person's seconds, which part went to each word of each group: positive, comparable, (n, words)."""
    return people.watched / np.maximum(people.watched.sum(1, keepdims=True) / len(GROUPS), 1e-9)


def agreement(a, b) -> float:
    """Adjusted Rand index of two labellings (n,): 1 the same grouping, about 0 for unrelated ones.

    Source: Hubert and Arabie, *Comparing Partitions*, 1985.
    """
    if np.shape(a) != np.shape(b) or len(a) < 2:
        raise CourseError("two labellings of the same people are needed, at least two people.")
    _, a = np.unique(a, return_inverse=True)
    _, b = np.unique(b, return_inverse=True)
    table = np.bincount(a * (b.max() + 1) + b).astype(float)

    def pairs(counts):
        return (counts * (counts - 1) / 2).sum()

    of_a, of_b, whole = pairs(np.bincount(a)), pairs(np.bincount(b)), len(a) * (len(a) - 1) / 2
    expected, most = of_a * of_b / whole, (of_a + of_b) / 2
    return 1.0 if most == expected else float((pairs(table) - expected) / (most - expected))


def stability(points, k: int, repeats: int = 5, seed: int = 0) -> float:
    """Do other people give the same clusters? Mean agreement of clusterings learned from random halves, on everyone."""
    rng = np.random.default_rng(seed)
    labels = []
    for repeat in range(repeats):
        half = rng.choice(len(points), len(points) // 2, replace=False)
        labels.append(KMeans(k, 3, repeat).fit(points[half]).predict(points))
    return float(np.mean([agreement(a, b) for i, a in enumerate(labels) for b in labels[i + 1 :]]))


@dataclass(frozen=True)
class Card:
    """A profile in words.

    Attributes:
        cluster, size, share: which, how many people, which share of all.
        name: made of what stands out.
        more, less: (word, lift) of what they watch most and least compared with everyone.
        night: share of their views at night; views: in the median.
    """

    cluster: int
    size: int
    share: float
    name: str
    more: list
    less: list
    night: float
    views: float


def cards(table: People, labels) -> list[Card]:
    """A card a cluster, largest cluster first; names come from the largest lifts of seconds watched."""
    part = shares(table)
    made = []
    for cluster in np.unique(labels):
        inside = labels == cluster
        lift = profile_lift(part, labels, cluster)
        order = np.argsort(-lift)
        top = [(table.names[i], float(lift[i])) for i in order[:4]]
        low = [(table.names[i], float(lift[i])) for i in order[::-1][:2]]
        words = [word for word, value in top if value > 1.15][:3] or ["a bit of everything"]
        made.append(
            Card(int(cluster), int(inside.sum()), float(inside.mean()), " · ".join(words), top, low,
                 float(table.night[inside].mean()), float(np.median(table.views[inside])))
        )  # fmt: skip
    return sorted(made, key=lambda card: -card.size)


def card_html(card: Card, title: str = "", edge: str = "") -> str:
    """The card as HTML: name, size, bars of what they watch more and less than everyone.

    Args:
        card: what is shown.
        title: in place of the card's name.
        edge: a CSS colour for a broad left edge, the one that the cluster has in a picture beside it.
    """

    def bar(word, lift):
        width = min(100, 40 * lift)
        colour = "#1f6fb4" if lift >= 1 else "#8a8f98"
        return (
            f'<div style="display:flex;align-items:center;font-size:12px;margin:2px 0"><span style="width:92px">{html.escape(word)}</span>'
            f'<span style="background:{colour};height:9px;width:{width:.0f}px;margin-right:6px"></span>×{lift:.2f}</div>'
        )

    rows = "".join(bar(*one) for one in [*card.more, *reversed(card.less)])
    broad = f"border-left:8px solid {html.escape(edge)};" if edge else ""
    return (
        f'<div style="border:1px solid #c9cdd3;{broad}border-radius:8px;padding:10px 14px;width:220px;background:#fff;color:#1d2126">'
        f'<div style="font-weight:600">{html.escape(title or card.name)}</div>'
        f'<div style="font-size:12px;color:#555">{card.size} people, {card.share:.0%} of all · {card.views:.0f} views each · '
        f"{card.night:.0%} of them at night</div>{rows}</div>"
    )


def deck_html(some: list[Card], colours=()) -> str:
    """Several cards beside each other.

    Args:
        some: the cards.
        colours: a CSS colour for each cluster by its number, where a picture beside the cards has them.
    """
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:10px">'
        + "".join(card_html(one, edge=colours[one.cluster] if len(colours) else "") for one in some)
        + "</div>"
    )
