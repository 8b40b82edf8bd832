"""Do annotators agree more than chance would have it? Two coefficients, from their formulas.

J. Cohen, 'A Coefficient of Agreement for Nominal Scales', 1960; K. Krippendorff, 'Content Analysis: An Introduction to
Its Methodology'. Labels are whole numbers from 0; -1 stands for 'did not say'.
"""

import numpy as np

MISSING = -1


def cohen_kappa(a, b):
    """Cohen's kappa of two annotators who have both labelled everything.

    Args:
        a, b: labels 0, 1, 2 ... of the same n items, whole numbers (n,).

    Returns:
        (p - e) / (1 - e): p is the share of items on which they agree, e what two people with these habits would
        agree on by chance. 1 for full agreement, 0 for chance; NaN where both have only ever said one and the
        same word, so that chance alone explains everything.
    """
    words = max(a.max(), b.max()) + 1
    p = np.mean(a == b)
    e = np.sum(np.bincount(a, minlength=words) * np.bincount(b, minlength=words)) / len(a) ** 2
    return (p - e) / (1 - e) if e < 1 else float("nan")


def krippendorff_alpha(labels):
    """Krippendorff's alpha for names (nominal data), any number of annotators, gaps allowed.

    Args:
        labels: whole numbers (annotators, items); -1 where somebody did not say.

    Returns:
        1 - observed / expected disagreement. Observed: of the ordered pairs of labels within an item, those that differ, each
        item's pairs weighted by 1 / (its labels - 1). Expected: of all pairs of labels, whoever gave them, those
        that differ. Items with fewer than two labels cannot be compared and are left out.
    """
    words = labels.max() + 1
    counts = np.array([np.bincount(item[item >= 0], minlength=words) for item in labels.T])
    counts = counts[counts.sum(1) >= 2]
    said = counts.sum(1)
    observed = np.sum((said**2 - np.sum(counts**2, axis=1)) / (said - 1))
    total = counts.sum(0)
    expected = (total.sum() ** 2 - np.sum(total**2)) / (total.sum() - 1)
    return 1 - observed / expected
