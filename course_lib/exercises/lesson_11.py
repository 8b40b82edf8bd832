"""Exercises of lesson 11, k-means and user profiles."""

from course_lib.exercises import cases_11
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.recommend import kmeans, profiles

EXERCISES = [
    Exercise(
        "recommend.kmeans.assign",
        kmeans.assign,
        cases=cases_11.points_and_centres,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "All differences at once: `points[:, None, :] - centres[None, :, :]` has the shape (n, k, d).",
            "Squares, summed over the last axis, are the squared distances, shape (n, k). The place of the smallest of each row is asked for.",
        ],
        misconceptions=[
            Misconception(
                "the farthest centre was chosen",
                "argmax finds the largest distance.",
                [("argmin", "argmax")],
            ),
            Misconception(
                "distances were taken along one coordinate at a time and added",
                "The sum of the coordinates' sizes is another distance (Manhattan's). k-means squares.",
                [
                    (
                        "(points[:, None, :] - centres[None, :, :]) ** 2",
                        "np.abs(points[:, None, :] - centres[None, :, :])",
                    )
                ],
            ),
            Misconception(
                "every centre was given its nearest point, not every point its nearest centre",
                "The answer has n entries, one a point: take the smallest along the centres.",
                [("argmin(axis=1)", "argmin(axis=0)")],
            ),
            Misconception(
                "the smallest distance was returned, not whose it is",
                "`min` says how far the nearest centre is; asked for is its *number*: there is a function for the place of the smallest.",
                [("argmin", "min")],
            ),
            Misconception(
                "squares were added over the centres, not over the coordinates",
                "A distance adds up the coordinates: of the three axes (points, centres, coordinates) it is the last one.",
                [("sum(axis=2)", "sum(axis=1)")],
            ),
        ],
        alternatives=[cases_11.assign_by_product, cases_11.assign_with_loops],
    ),
    Exercise(
        "recommend.kmeans.update_centres",
        kmeans.update_centres,
        cases=cases_11.labelled,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "For each cluster: which points carry its number? `points[labels == cluster]`.",
            "Their mean along the points, axis 0. And if there are none?",
            "Start from a copy of `centres` as floats; replace only the rows that have points.",
        ],
        misconceptions=[
            Misconception(
                "an empty cluster was averaged",
                "The mean of nothing is NaN, and NaN is nobody's nearest centre ever again. Leave such a centre where it is.",
                [
                    (
                        "        if len(members) > 0:\n            moved[cluster] = members.mean(axis=0)",
                        "        moved[cluster] = members.mean(axis=0)",
                    )
                ],
            ),
            Misconception(
                "the sum was taken, not the mean",
                "A centre should lie among its points.",
                [("members.mean(axis=0)", "members.sum(axis=0)")],
            ),
            Misconception(
                "an empty cluster was put to zero",
                "Zero is a place like any other, and nobody lives there. Leave the centre where it was.",
                [("moved = centres.astype(float)", "moved = np.zeros(centres.shape)")],
            ),
            Misconception(
                "medians were taken",
                "That is k-medians, another method with another objective.",
                [("members.mean(axis=0)", "np.median(members, axis=0)")],
            ),
            Misconception(
                "one mean was taken over all coordinates",
                "Without an axis `mean` makes a single number of all coordinates: average each column by itself.",
                [("members.mean(axis=0)", "members.mean()")],
            ),
            Misconception(
                "an empty cluster was left out of the answer",
                "Every centre keeps its row, those without points, too: otherwise the numbers of the clusters shift.",
                cases_11.empty_left_out,
            ),
        ],
        alternatives=[cases_11.update_with_sums, cases_11.update_as_a_list],
    ),
    Exercise(
        "recommend.kmeans.inertia",
        kmeans.inertia,
        cases=cases_11.clustered,
        points=5,
        minutes=4,
        difficulty=1,
        hints=[
            "`centres[labels]` has a row for each point: its own centre.",
            "Differences, squared, all of them summed.",
        ],
        misconceptions=[
            Misconception(
                "a mean was taken where a sum is meant",
                "Inertia is a sum over all points.",
                [(").sum()", ").sum(axis=1).mean()")],
            ),
            Misconception(
                "distances were summed, not their squares",
                "The mean of a cluster makes the sum of *squared* distances smallest.",
                [
                    (
                        "((points - centres[labels]) ** 2).sum()",
                        "np.sqrt(((points - centres[labels]) ** 2).sum(axis=1)).sum()",
                    )
                ],
            ),
            Misconception(
                "the distances to the mean of everybody were summed",
                "That is the inertia of a single cluster. Each point belongs to its own centre.",
                [("centres[labels]", "points.mean(axis=0)")],
            ),
            Misconception(
                "the sizes of the differences were summed, not their squares",
                "The mean makes the sum of *squares* smallest; sums of sizes belong to the median.",
                [("((points - centres[labels]) ** 2).sum()", "np.abs(points - centres[labels]).sum()")],
            ),
        ],
        alternatives=[cases_11.inertia_with_a_loop, cases_11.inertia_by_norms],
    ),
    Exercise(
        "recommend.kmeans.next_start",
        kmeans.next_start,
        cases=cases_11.draws,
        points=15,
        minutes=14,
        difficulty=4,
        hints=[
            "For each point the squared distance to every chosen centre; of these the smallest.",
            "Divide by the sum: chances. Their running total (`np.cumsum`) goes from the first chance to 1.",
            "The first place where the running total is above u: `np.argmax` of a comparison finds the first True.",
        ],
        misconceptions=[
            Misconception(
                "the farthest point was taken",
                "That would be an outlier nearly always. k-means++ draws: far points are likely, not certain. Use u.",
                cases_11.draw_the_farthest,
            ),
            Misconception(
                "distances were used, not their squares",
                "The chance is proportional to the *squared* distance, as the objective is.",
                [(".min(axis=1)", ".min(axis=1) ** 0.5")],
            ),
            Misconception(
                "not only the nearest chosen centre was counted",
                "A point beside a chosen centre is served already, however far away the others are: take the nearest.",
                [(".min(axis=1)", ".max(axis=1)")],
                variants=[[(".min(axis=1)", ".sum(axis=1)")]],
            ),
            Misconception(
                "all points have the same chance",
                "That is the plain random start, whose bad luck k-means++ is there to avoid.",
                [("np.cumsum(squared) / squared.sum()", "np.arange(1, len(points) + 1) / len(points)")],
            ),
            Misconception(
                "a point is drawn when the running total reaches u, not when it is above",
                "With u = 0 that draws a point whose chance is 0: one that is a centre already.",
                [("running > u", "running >= u")],
            ),
            Misconception(
                "the running total was not divided by its end",
                "u lies between 0 and 1, and so must the chances: divide by the sum of all.",
                [("np.cumsum(squared) / squared.sum()", "np.cumsum(squared)")],
            ),
        ],
        alternatives=[cases_11.draw_by_search, cases_11.draw_with_a_loop],
    ),
    Exercise(
        "recommend.kmeans.pair_objective",
        kmeans.pair_objective,
        cases=cases_11.pairs,
        points=15,
        minutes=14,
        difficulty=4,
        hints=[
            "For each cluster its members, their number n, and their mean.",
            "The identity replaces n times n pairs by n distances to the mean: multiply their sum by 2 n.",
            "Check on points 0 and 2: the ordered pairs (0,2) and (2,0) give 4 + 4 = 8; to the mean 1 it is 1 + 1 = 2, times 2 n = 4.",
        ],
        misconceptions=[
            Misconception(
                "each pair was counted once",
                "The article's double sum meets every pair twice, as (i, j) and as (j, i).",
                [("2 * len(members)", "len(members)")],
            ),
            Misconception(
                "the size of the cluster was left out",
                "That is twice the inertia, the right objective. The article's weighs a cluster by its size: n stands before the sum.",
                [("2 * len(members)", "2")],
            ),
            Misconception(
                "pairs across clusters were counted",
                "Only pairs within one cluster belong to the objective.",
                cases_11.no_clusters,
            ),
            Misconception(
                "every cluster was multiplied by the number of all points",
                "n is the size of the cluster itself: within it there are n times n ordered pairs.",
                [("2 * len(members)", "2 * len(points)")],
            ),
            Misconception(
                "one mean was taken over all coordinates",
                "Without an axis `mean` is a single number: the mean of a cluster is a *point*, each coordinate by itself.",
                [("members.mean(axis=0)", "members.mean()")],
            ),
        ],
        alternatives=[cases_11.pairs_one_by_one, cases_11.pairs_at_once],
    ),
    Exercise(
        "recommend.profiles.standardised",
        profiles.standardised,
        cases=cases_11.people,
        points=10,
        minutes=10,
        difficulty=2,
        hints=[
            "`np.where(is_count, np.log1p(...), table)` treats the columns that hold counts and leaves the others.",
            "Subtract each column's mean, divide by its standard deviation: axis 0.",
            "Where the deviation is 0 divide by 1: what is left is 0 already.",
        ],
        misconceptions=[
            Misconception(
                "counts were left as they are",
                "A few people with ten thousand followers would stretch the scale for everyone: log(1 + n) first.",
                [("    table = np.where(is_count, np.log1p(np.where(is_count, table, 0)), table)\n", "")],
            ),
            Misconception(
                "rows were standardised, not columns",
                "Each *column* shall have mean 0 and deviation 1 over all people.",
                [
                    ("spread = table.std(axis=0)", "spread = table.std(axis=1, keepdims=True)"),
                    ("table.mean(axis=0)", "table.mean(axis=1, keepdims=True)"),
                ],
            ),
            Misconception(
                "a column in which all are equal was divided by 0",
                "0/0 is NaN. Where the deviation is 0 divide by something else.",
                [("np.where(spread > 0, spread, 1)", "spread")],
            ),
            Misconception(
                "columns were divided by their range",
                "One extreme person sets the range. Divide by the standard deviation.",
                cases_11.by_range,
            ),
            Misconception(
                "all columns were treated as counts",
                "Only the columns marked in `is_count` go through the logarithm: the others may be negative.",
                [
                    (
                        "np.where(is_count, np.log1p(np.where(is_count, table, 0)), table)",
                        "np.sign(table) * np.log1p(np.abs(table))",
                    )
                ],
            ),
            Misconception(
                "only the columns of counts were standardised",
                "Mean 0 and deviation 1 are for *every* column; `is_count` only decides about the logarithm.",
                cases_11.counts_only,
            ),
            Misconception(
                "the deviation of a sample (ddof=1) was used",
                "Here all people are in the table, so that the sum is divided by n: `std` as it comes.",
                [("table.std(axis=0)", "table.std(axis=0, ddof=1)")],
            ),
            Misconception(
                "the logarithm was taken of n, not of 1 + n",
                "Nobody-follows-me is a count of 0, and log(0) is minus infinity: `np.log1p`.",
                [("np.log1p(np.where(is_count, table, 0))", "np.log(np.where(is_count, table, 1))")],
            ),
        ],
        alternatives=[cases_11.standardised_by_columns, cases_11.standardised_on_a_copy],
        # fillers of places that are not used
        equivalent=["line 13:71 + 1 (1)", "line 11:66 + 1 (0)"],
    ),
    Exercise(
        "recommend.profiles.silhouette",
        profiles.silhouette,
        cases=cases_11.few_points,
        points=15,
        minutes=15,
        difficulty=4,
        hints=[
            "All distances first, as in `assign`, with a root.",
            "For a: the sum of the distances to the own cluster, divided by its size less one; the distance to oneself is 0 and must not count as a neighbour.",
            "For b: the mean distance to each other cluster; the smallest. A point that is alone keeps 0.",
        ],
        misconceptions=[
            Misconception(
                "a point counts as its own neighbour",
                "The distance to oneself is 0 and makes a too small: divide by the size less one.",
                [("(own.sum() - 1)", "own.sum()")],
            ),
            Misconception(
                "b is the mean over all other clusters",
                "The question is whether the *nearest* other cluster would be a better home: take the smallest mean.",
                [
                    (
                        "b = min(distance[i, labels == other].mean() for other in np.unique(labels[~own]))",
                        "b = distance[i, ~own].mean()",
                    )
                ],
            ),
            Misconception(
                "squared distances were used",
                "The silhouette compares distances themselves.",
                [
                    (
                        "np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))",
                        "((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)",
                    )
                ],
            ),
            Misconception(
                "a and b were exchanged",
                "Well placed means near to one's own (a small) and far from the others (b large): that should be positive.",
                [("= (b - a)", "= (a - b)")],
            ),
            Misconception(
                "a point that is alone was left out of the mean",
                "It counts as 0: neither well nor badly placed. Otherwise a clustering into single points would have no mean at all.",
                cases_11.alone_left_out,
            ),
            Misconception(
                "b is the distance to the nearest stranger, not the nearest cluster's mean distance",
                "A single stranger near by does not make his cluster a better home: for each other cluster the *mean* distance, then the smallest.",
                [
                    (
                        "b = min(distance[i, labels == other].mean() for other in np.unique(labels[~own]))",
                        "b = distance[i, ~own].min()",
                    )
                ],
            ),
            Misconception(
                "a point that is alone was divided by 0",
                "Its own cluster has no other points: the size less one is 0. Such a point has the silhouette 0.",
                [("        if own.sum() == 1:\n            continue\n", "")],
            ),
        ],
        alternatives=[cases_11.silhouette_with_loops, cases_11.silhouette_by_columns],
    ),
    Exercise(
        "recommend.profiles.profile_lift",
        profiles.profile_lift,
        cases=cases_11.shares_of,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "Two means along axis 0: over the cluster's members, and over everyone.",
            "Their quotient. Where everyone's mean is 0 the answer is 1: no more and no less than others.",
        ],
        misconceptions=[
            Misconception(
                "the cluster was compared with the others, not with everyone",
                "Everyone includes the cluster itself: a lift of 1 is the average person of the whole platform.",
                [("everyone = table.mean(axis=0)", "everyone = table[labels != cluster].mean(axis=0)")],
            ),
            Misconception(
                "the difference was taken, not the quotient",
                "'0.02 more' says nothing without knowing of how much. A lift of 2 is twice as much.",
                [
                    (
                        "np.where(everyone > 0, members / np.where(everyone > 0, everyone, 1), 1.0)",
                        "members - everyone",
                    )
                ],
            ),
            Misconception(
                "a thing that nobody has was left at 0/0",
                "0/0 is NaN. Nobody has more of it than others: 1.",
                [
                    (
                        "np.where(everyone > 0, members / np.where(everyone > 0, everyone, 1), 1.0)",
                        "members / everyone",
                    )
                ],
            ),
            Misconception(
                "sums were compared, not means",
                "A big cluster has much of everything. Compare what a person has in the mean.",
                [
                    ("table.mean(axis=0)", "table.sum(axis=0)"),
                    ("table[labels == cluster].mean(axis=0)", "table[labels == cluster].sum(axis=0)"),
                ],
            ),
            Misconception(
                "a thing that nobody has was given a lift of 0",
                "0 would say: this cluster avoids it. Nobody has more of it than others: 1.",
                [
                    (
                        "members / np.where(everyone > 0, everyone, 1), 1.0)",
                        "members / np.where(everyone > 0, everyone, 1), 0.0)",
                    )
                ],
            ),
            Misconception(
                "one mean was taken over all things",
                "Each thing has a lift of its own: average along the people, axis 0.",
                [
                    ("table.mean(axis=0)", "table.mean()"),
                    ("table[labels == cluster].mean(axis=0)", "table[labels == cluster].mean()"),
                ],
            ),
        ],
        alternatives=[cases_11.lift_column_by_column, cases_11.lift_with_weights],
        # where everyone's mean is 0 the quotient is not used
        equivalent=["line 14:53 Gt -> GtE (everyone > 0)", "line 14:77 + 1 (1)"],
    ),
]
