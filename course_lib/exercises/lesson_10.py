"""Exercises of lesson 10, collaborative filtering."""

from course_lib.exercises import cases_10
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.exercises.files_10 import ARTEFACTS
from course_lib.recommend import factors, metrics, similarity

__all__ = ["ARTEFACTS", "EXERCISES"]

EXERCISES = [
    Exercise(
        "recommend.metrics.rmse",
        metrics.rmse,
        cases=cases_10.predictions,
        points=5,
        minutes=5,
        difficulty=1,
        hints=[
            "Read the name backwards: error, squared, mean, root. But only where there is an actual rating.",
            "`~np.isnan(actual)` is True where somebody has rated; index both arrays with it.",
        ],
        misconceptions=[
            Misconception(
                "a rating that nobody gave counts as 0",
                "NaN means unknown, not zero stars. Leave those places out before you average.",
                [("known = ~np.isnan(actual)", "actual, known = np.nan_to_num(actual), slice(None)")],
            ),
            Misconception(
                "the root is missing",
                "Without the root the unit is stars squared.",
                [("np.sqrt(", "(")],
            ),
            Misconception(
                "this is the mean absolute error",
                "Square the errors, do not take their size: a miss of 2 should count four times a miss of 1.",
                [
                    (
                        "np.sqrt(np.mean((predicted[known] - actual[known]) ** 2))",
                        "np.mean(np.abs(predicted[known] - actual[known]))",
                    )
                ],
            ),
            Misconception(
                "places without a rating were not left out",
                "One NaN makes the whole mean NaN; and NaN equals nothing, itself included, so that `!= np.nan` finds none of them: `np.isnan` does.",
                [("known = ~np.isnan(actual)", "known = slice(None)")],
            ),
            Misconception(
                "the sum was divided by the number of all places",
                "Divide by how many ratings there *are*: a place that nobody has rated may not make the error smaller.",
                [
                    (
                        "np.mean((predicted[known] - actual[known]) ** 2)",
                        "np.sum((predicted[known] - actual[known]) ** 2) / np.size(actual)",
                    )
                ],
            ),
        ],
        alternatives=[cases_10.rmse_with_nanmean, cases_10.rmse_with_a_loop],
    ),
    Exercise(
        "recommend.similarity.cosine_similarity",
        similarity.cosine_similarity,
        cases=cases_10.rows_of_people,
        points=10,
        minutes=10,
        difficulty=2,
        hints=[
            "Divide every row by its length; what is the product of two rows of length 1?",
            "All pairs at once: a matrix times its own transpose.",
            "`keepdims=True` keeps the lengths as a column. Where the length is 0, divide by 1 instead.",
        ],
        misconceptions=[
            Misconception(
                "products were taken without dividing by the lengths",
                "Then whoever rates much is similar to everybody. A cosine lies between -1 and 1.",
                [("rows / np.where(length > 0, length, 1)", "rows")],
            ),
            Misconception(
                "rows of zeros were divided by their length 0",
                "0/0 is NaN, and the product spreads it. A person of whom nothing is known is similar to nobody: 0.",
                [("np.where(length > 0, length, 1)", "length")],
            ),
            Misconception(
                "rows were divided by their largest value, not by their length",
                "The length of a row is the root of its sum of squares.",
                cases_10.unit_by_maximum,
            ),
            Misconception(
                "columns were compared, not rows",
                "A row is a person, and people are to be compared: the answer has n rows and n columns.",
                cases_10.between_columns,
            ),
            Misconception(
                "all rows were divided by one and the same length",
                "`np.linalg.norm(rows)` without an axis is one number, the length of everything together: every row has a length of its own.",
                [("(rows**2).sum(axis=1, keepdims=True)", "(rows**2).sum()")],
            ),
            Misconception(
                "only one of the two lengths was divided by, twice",
                "A cosine divides by the length of row i *and* of row j: the answer has to be symmetric.",
                cases_10.one_length_twice,
            ),
        ],
        alternatives=[cases_10.cosine_pair_by_pair, cases_10.cosine_divided_afterwards],
        equivalent=["line 11:47 + 1 (1)"],
    ),
    Exercise(
        "recommend.similarity.bias_estimates",
        similarity.bias_estimates,
        cases=cases_10.holes_and_damping,
        points=15,
        minutes=14,
        difficulty=3,
        hints=[
            "The mean of all ratings there are. Then for each user: the sum of what his ratings lie above it.",
            "Divide by (how many + damping), not by how many: the damping stands for ratings without any deviation.",
            "For the items subtract mean *and* user bias first; put 0 where nothing was rated, so that sums are not disturbed.",
        ],
        misconceptions=[
            Misconception(
                "the damping was forgotten",
                "One enthusiastic rating would make a bias of two stars. Add the damping to the number that you divide by.",
                [
                    ("rated.sum(axis=1) + damping", "rated.sum(axis=1)"),
                    ("rated.sum(axis=0) + damping", "rated.sum(axis=0)"),
                ],
            ),
            Misconception(
                "items were estimated without subtracting the users first",
                "A film watched by generous people is not yet a good film: take the users' biases off before the items' sums.",
                [("left - user_bias[:, None]", "left")],
            ),
            Misconception(
                "unrated places count as ratings",
                "Divide by how many ratings somebody *gave*, not by how many items there are.",
                [
                    ("rated.sum(axis=1) + damping", "ratings.shape[1] + damping"),
                    ("rated.sum(axis=0) + damping", "ratings.shape[0] + damping"),
                ],
            ),
            Misconception(
                "users and items were exchanged",
                "Rows are users: a user's ratings lie along axis 1.",
                cases_10.biases_exchanged,
            ),
            Misconception(
                "a mean was divided by 1 + damping",
                "Divide the *sum* by (how many + damping). As you have it, somebody with a thousand ratings is held back as much as somebody with one.",
                cases_10.mean_divided_by_damping,
            ),
            Misconception(
                "ratings were damped, not what they lie above the mean",
                "The added ratings lie at the mean, not at 0 stars: subtract the mean before you sum.",
                cases_10.ratings_damped,
            ),
            Misconception(
                "unrated places made everything NaN",
                "NaN plus anything is NaN: put 0 where nothing was rated (there is nothing left to explain), or use `np.nansum`.",
                [
                    ("ratings[rated].mean()", "ratings.mean()"),
                    ("np.where(rated, ratings - mean, 0)", "ratings - mean"),
                    ("np.where(rated, left - user_bias[:, None], 0)", "left - user_bias[:, None]"),
                ],
            ),
        ],
        alternatives=[cases_10.biases_with_loops, cases_10.biases_with_nansum],
    ),
    Exercise(
        "recommend.similarity.shrunk",
        similarity.shrunk,
        cases=cases_10.supported,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "Trust is a number from 0 (nothing in common) towards 1 (very much in common).",
            "With as many common ratings as `shrinkage` it should be one half: n / (n + shrinkage).",
            "`np.fill_diagonal` writes into an array: use it on your answer, not on the argument.",
        ],
        misconceptions=[
            Misconception(
                "the diagonal was left",
                "Everybody is most similar to himself; as a neighbour he would only repeat his own rating. Set it to 0.",
                cases_10.diagonal_left,
            ),
            Misconception(
                "trust was turned round",
                "shrinkage / (n + shrinkage) is large where little is known. It should be small there.",
                [("similarity * common /", "similarity * shrinkage /")],
            ),
            Misconception(
                "the similarity was divided by the number of common ratings",
                "What rests on much should be trusted *more*: as n grows the factor should go to 1.",
                [("similarity * common / (common + shrinkage)", "similarity / (common + shrinkage)")],
            ),
            Misconception(
                "the shrinkage was added after the division",
                "`a * b / c + d` is `(a * b / c) + d`: brackets around the sum that you divide by.",
                [("similarity * common / (common + shrinkage)", "similarity * common / common + shrinkage")],
            ),
        ],
        alternatives=[cases_10.shrunk_by_a_mask, cases_10.shrunk_with_where],
    ),
    Exercise(
        "recommend.similarity.keep_strongest",
        similarity.keep_strongest,
        cases=cases_10.distinct,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "Sort each row. Which of the sorted values is the smallest that may stay?",
            "The `kept`-th from the end. Make a column of it, so that it is compared with its own row.",
        ],
        misconceptions=[
            Misconception(
                "one too many is kept",
                "Count for kept = 1: which place, from the end, has the largest value?",
                [("[:, -kept]", "[:, -min(kept + 1, len(similarity))]")],
            ),
            Misconception(
                "the weakest were kept",
                "np.sort goes upwards: the largest are at the end.",
                [("similarity >= limit", "similarity <= limit"), ("[:, -kept]", "[:, kept - 1]")],
            ),
            Misconception(
                "the largest of each column were kept, not of each row",
                "Row i holds the neighbours of person i: sort along the row.",
                [("axis=1)[:, -kept][:, None]", "axis=0)[-kept]")],
            ),
            Misconception(
                "the largest in *size* were kept",
                "-0.9 is large in size, but it says: this is my opposite. Kept are the largest values, with their signs.",
                [
                    ("np.sort(similarity, axis=1)", "np.sort(np.abs(similarity), axis=1)"),
                    ("similarity >= limit", "np.abs(similarity) >= limit"),
                ],
            ),
            Misconception(
                "each row was compared with the limits of all rows",
                "The limits have shape (n,), and numpy lays them along the *columns*: make a column of them, shape (n, 1).",
                [("[:, -kept][:, None]", "[:, -kept]")],
            ),
        ],
        alternatives=[cases_10.strongest_by_argsort, cases_10.strongest_row_by_row],
        equivalent=["line 12:12 without axis= (np.sort(similarity, axis=1))"],
    ),
    Exercise(
        "recommend.similarity.predict_rating",
        similarity.predict_rating,
        cases=cases_10.raters,
        points=15,
        minutes=14,
        difficulty=3,
        hints=[
            "Whose ratings are there at all? `~np.isnan(ratings)`, and everything else only for those.",
            "A neighbour says something by how far the rating lies from *his own* mean.",
            "Weighted mean: the sum of weight times deviation, divided by the sum of the weights' sizes; then the person's own mean is added.",
        ],
        misconceptions=[
            Misconception(
                "the ratings were averaged, not the deviations",
                "A 4 from somebody who always gives 5 is bad news. Subtract each neighbour's own mean.",
                [
                    (
                        "return mean + weights @ (ratings[rated] - means[rated]) / total",
                        "return weights @ ratings[rated] / total",
                    )
                ],
            ),
            Misconception(
                "the sum was not divided by the weights",
                "This is what the article prints. With more neighbours the prediction grows, and leaves the scale.",
                [(" / total", "")],
            ),
            Misconception(
                "it was divided by the sum of the weights with their signs",
                "Weights of opposite sign cancel, and the quotient explodes. Divide by the sum of their sizes.",
                [("np.abs(weights).sum()", "weights.sum()")],
            ),
            Misconception(
                "an unrated item counts as a rating of 0",
                "This is the article's other fault: who has not seen the film gives it no stars. Such neighbours must not take part.",
                [("rated = ~np.isnan(ratings)", "rated, ratings = slice(None), np.nan_to_num(ratings)")],
            ),
            Misconception(
                "it was divided by all neighbours' weights, not only by those who rated",
                "The prediction is pulled to the mean by people who said nothing. Sum the weights of those who rated.",
                [("np.abs(weights).sum()", "np.abs(similarities).sum()")],
            ),
            Misconception(
                "the ratings were compared with the person's mean, not with each neighbour's own",
                "A neighbour's 4 is high or low by *his or her* habits: subtract `means`, and add `mean` at the end.",
                [("ratings[rated] - means[rated]", "ratings[rated] - mean")],
            ),
            Misconception(
                "where nobody has rated the item 0 was divided by 0",
                "With no neighbour the sum of the weights is 0, and 0/0 is NaN. What do you know of this person then? Return that.",
                [("    if total == 0:\n        return mean\n", "")],
            ),
            Misconception(
                "it was divided by the number of neighbours",
                "The weights do not add up to the number of neighbours: divide by the sum of their sizes.",
                [
                    (
                        "    return mean + weights @ (ratings[rated] - means[rated]) / total",
                        "    return mean + weights @ (ratings[rated] - means[rated]) / len(weights)",
                    )
                ],
            ),
        ],
        alternatives=[cases_10.prediction_with_a_loop, cases_10.prediction_with_zeros],
    ),
    Exercise(
        "recommend.factors.ridge_factor",
        factors.ridge_factor,
        cases=cases_10.rated_items,
        points=15,
        minutes=12,
        difficulty=4,
        hints=[
            "With Q the items' factors, r the targets, p the unknown: the gradient of |r - Q p|^2 + penalty |p|^2 is -2 Q^T (r - Q p) + 2 penalty p.",
            "Set to zero: (Q^T Q + penalty I) p = Q^T r. The matrix is f x f.",
            "`np.linalg.solve(A, b)` solves A p = b; `np.eye(f)` is I.",
        ],
        misconceptions=[
            Misconception(
                "the penalty was left out",
                "With fewer ratings than factors the equations have no unique solution, and with few it fits their noise.",
                [
                    (
                        "    return np.linalg.solve(normal, factors.T @ targets)",
                        "    return np.linalg.lstsq(factors, targets, rcond=None)[0]",
                    )
                ],
            ),
            Misconception(
                "the penalty was added to every entry",
                "It belongs on the diagonal only: penalty times the identity matrix.",
                [("np.eye(factors.shape[1])", "np.ones((factors.shape[1], factors.shape[1]))")],
            ),
            Misconception(
                "the equations were not solved",
                "Q^T r alone would be right if the items' factors were perpendicular and of length 1.",
                [("np.linalg.solve(normal, factors.T @ targets)", "factors.T @ targets")],
            ),
            Misconception(
                "the penalty was multiplied by the number of ratings",
                "That is another model (the library's ALS grows its penalty so). Here the penalty is the same for everybody.",
                [("penalty * np.eye", "len(factors) * penalty * np.eye")],
            ),
        ],
        alternatives=[cases_10.ridge_by_more_rows, cases_10.ridge_by_inverse],
    ),
    Exercise(
        "recommend.metrics.ndcg_at",
        metrics.ndcg_at,
        cases=cases_10.ranked,
        points=15,
        minutes=12,
        difficulty=3,
        hints=[
            "Discounts for places 1, 2, 3 ...: 1 / log2(2), 1 / log2(3), 1 / log2(4).",
            "Multiply by the gains, cut after k places, sum. Then the same for the gains in the best order.",
            "The best order is made of the *whole* list and cut afterwards: a good film at place 20 was a missed chance.",
        ],
        misconceptions=[
            Misconception(
                "it was not compared with the best order",
                "The sum alone is DCG: it grows with how much there is to find. Divide by the best that was possible.",
                [("gains[:k] @ discount / best", "gains[:k] @ discount")],
            ),
            Misconception(
                "the best order was made of the first k only",
                "Then a list of the worst films, in good order, is perfect. Sort first, cut afterwards.",
                [("np.sort(gains)[::-1][:k]", "np.sort(gains[:k])[::-1]")],
            ),
            Misconception(
                "the discount begins one place too early",
                "log2(1) is 0: the first place would count infinitely. Place j has log2(j + 1).",
                [("np.arange(2, len(gains) + 2)", "np.arange(1, len(gains) + 1)")],
            ),
            Misconception(
                "places are not discounted",
                "At the top or at place k is not the same: people look from above.",
                [("1 / np.log2(np.arange(2, len(gains) + 2))[:k]", "np.ones(len(gains))[:k]")],
            ),
            Misconception(
                "where there is nothing good to find 0 was divided by 0",
                "With all gains 0 the best possible sum is 0 as well, and 0/0 is NaN: the answer there is 0.",
                [("    if best == 0:\n        return 0.0\n", "")],
            ),
            Misconception(
                "the best order was taken to have a gain of 1 at every place",
                "Gains may be larger than 1, and there may be fewer good films than places: take the gains themselves, sorted.",
                [("np.sort(gains)[::-1][:k] @ discount", "discount.sum()")],
            ),
        ],
        alternatives=[cases_10.ndcg_with_a_loop, cases_10.ndcg_with_cut_arrays],
        # a factor on all discounts cancels
        equivalent=["line 14:15 + 1 (1)"],
    ),
    Exercise(
        "recommend.factors.ease_weights",
        factors.ease_weights,
        cases=cases_10.grams,
        points=15,
        minutes=12,
        difficulty=4,
        hints=[
            "First P, the inverse of gram + penalty times the identity.",
            "Every column j is divided by -P_jj: numpy divides a matrix by a row vector column by column.",
            "Then the diagonal is set to 0: a film may not recommend itself.",
        ],
        misconceptions=[
            Misconception(
                "the diagonal was left",
                "Then the best way to rebuild X is to copy it. A film must be guessed from the others.",
                [("    np.fill_diagonal(weights, 0.0)\n", "")],
            ),
            Misconception(
                "rows were divided by the diagonal, not columns",
                "B_ij = -P_ij / P_jj: the second index names the column, and its own diagonal entry.",
                [("inverse / np.diag(inverse)", "inverse / np.diag(inverse)[:, None]")],
            ),
            Misconception(
                "the sign is missing",
                "Off the diagonal the inverse is mostly negative where items go together.",
                [("-inverse /", "inverse /")],
            ),
            Misconception(
                "the penalty was forgotten",
                "Then it fits the noise of rare films, and where two films have the same viewers there is no inverse at all.",
                [("gram + penalty * np.eye(len(gram))", "gram + 1e-9 * np.eye(len(gram))")],
            ),
            Misconception(
                "the penalty was added to every entry",
                "It belongs on the diagonal only: penalty times the identity matrix.",
                [("penalty * np.eye(len(gram))", "penalty")],
            ),
            Misconception(
                "every film was allowed to explain itself, and its weight deleted afterwards",
                "Solving for all weights at once gives nearly the identity: each film explains itself, and little is left for the others. The division by P_jj is what rules that out.",
                [
                    ("inverse / np.diag(inverse)", "np.eye(len(gram)) + penalty * inverse"),
                    ("-np.eye", "np.eye"),
                ],
            ),
        ],
        alternatives=[cases_10.ease_by_columns, cases_10.ease_with_identity],
    ),
]
