"""How alike are two people? Small dense versions, to learn from; the sparse ones are in `neighbours`."""

import numpy as np


def cosine_similarity(rows):
    """Cosine of the angle between every two rows, by one matrix product.

    Args:
        rows: one row a person, shape (n, m); 0 where there is nothing to say.

    Returns:
        Shape (n, n), in [-1, 1]. A row of zeros points nowhere: its similarity to everybody is 0.
    """
    length = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    unit = rows / np.where(length > 0, length, 1)
    return unit @ unit.T


def shrunk(similarity, common, shrinkage):
    """Similarities multiplied by the trust they deserve: n / (n + shrinkage).

    Args:
        similarity: shape (n, n).
        common: on how many common ratings each rests, same shape.
        shrinkage: so many common ratings are worth half the trust; above 0.

    Returns:
        Same shape, the diagonal set to 0: nobody is a neighbour of himself.
    """
    answer = similarity * common / (common + shrinkage)
    np.fill_diagonal(answer, 0)
    return answer


def keep_strongest(similarity, kept):
    """Of each row the `kept` largest values, every other one set to 0.

    Args:
        similarity: shape (n, n); which of several equal values is kept does not matter. Negative ones are small: they
            are people of opposite taste.
        kept: from 1 to n.

    Returns:
        A new matrix of the same shape.
    """
    limit = np.sort(similarity, axis=1)[:, -kept][:, None]
    return np.where(similarity >= limit, similarity, 0)


def bias_estimates(ratings, damping):
    """The mean, how much every user lies above it, and how much every item lies above that.

    Each bias is a sum of what is left to explain, divided by (how many + damping): who has rated little stays near
    the mean. Users first, then items from what the users leave.

    Args:
        ratings: shape (users, items), NaN where there is none.
        damping: so many ratings without any deviation are added to everybody.

    Returns:
        (mean, user_bias, item_bias) of shapes (), (users,), (items,).
    """
    rated = ~np.isnan(ratings)
    mean = ratings[rated].mean()
    left = np.where(rated, ratings - mean, 0)
    user_bias = left.sum(axis=1) / (rated.sum(axis=1) + damping)
    left = np.where(rated, left - user_bias[:, None], 0)
    item_bias = left.sum(axis=0) / (rated.sum(axis=0) + damping)
    return mean, user_bias, item_bias


def predict_rating(similarities, ratings, means, mean):
    """What will a person give? The weighted mean of the neighbours' deviations, added to the person's own mean.

    Only neighbours who have rated the item take part. The weights may be negative: who is my opposite tells
    me something, too; so the sum is divided by the sum of the *absolute* weights.

    Args:
        similarities: to each possible neighbour, shape (n,).
        ratings: of this item by each neighbour, shape (n,), NaN who has not rated it.
        means: each neighbour's own mean rating, shape (n,).
        mean: the person's own mean rating.

    Returns:
        The prediction; `mean` where no neighbour has rated the item.
    """
    rated = ~np.isnan(ratings)
    weights = similarities[rated]
    total = np.abs(weights).sum()
    if total == 0:
        return mean
    return mean + weights @ (ratings[rated] - means[rated]) / total
