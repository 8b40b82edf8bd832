"""Exercises of lesson 13, privacy, fairness, law."""

from course_lib.exercises import answers_13 as a
from course_lib.exercises import answers_13_fair as fair
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.recommend import fairness, privacy, privacy_noise, privacy_rules

EXERCISES = [
    Exercise(
        "recommend.privacy.class_sizes",
        privacy.class_sizes,
        cases=a.tables,
        points=10,
        minutes=7,
        difficulty=2,
        hints=[
            "`np.unique` with `axis=0` finds the different rows; `return_counts=True` says how often each occurs.",
            "`return_inverse=True` says for each person which of the different rows is his or hers. Look its count up.",
            "In some versions of numpy that inverse comes as a column: `.ravel()` makes it flat.",
        ],
        misconceptions=[
            Misconception(
                "the answer has an entry a class, not an entry a person",
                "Each person wants to know how many look like him or her: n numbers, in the order of the rows.",
                a.sizes_once_a_class,
            ),
            Misconception(
                "each column was counted by itself",
                "Many follow 50, and many registered 700 days ago; it is the *combination* that is rare.",
                a.sizes_of_single_columns,
            ),
            Misconception(
                "oneself was not counted",
                "Whoever is alone in a class has k = 1, not 0: the person counts as one who looks like it.",
                [("return counts[place.ravel()]", "return counts[place.ravel()] - 1")],
            ),
            Misconception(
                "the number of different rows was given",
                "How many kinds of rows there are says nothing about how many people share one.",
                a.sizes_number_of_classes,
            ),
        ],
        alternatives=[a.sizes_pair_by_pair, a.sizes_at_once],
    ),
    Exercise(
        "recommend.privacy.link",
        privacy.link,
        cases=a.attacks,
        points=10,
        minutes=10,
        difficulty=3,
        hints=[
            "All differences at once: `known[:, None, :] - released[None, :, :]` has the shape (m, n, d).",
            "A row fits if its differences are at most the tolerance in *all* columns: `.all(axis=2)` leaves (m, n).",
            "Count the fitting rows of each person. Where the count is 1, `argmax` says which one it is.",
        ],
        misconceptions=[
            Misconception(
                "a row was taken as fitting if one column fits",
                "Many people share one number. A row fits only if every column does.",
                [(".all(axis=2)", ".any(axis=2)")],
            ),
            Misconception(
                "the first of several fitting rows was taken",
                "With two fitting rows the attacker guesses. The answer is -1 then: nobody has been found.",
                [("fits.sum(axis=1) == 1", "fits.sum(axis=1) >= 1")],
            ),
            Misconception(
                "the nearest row was taken",
                "Somebody who is not in the table has a nearest row, too. Ask whether it fits, and whether it is the only one.",
                a.link_to_the_nearest,
            ),
            Misconception(
                "the tolerance was not used",
                "Weeks lie between the release and the page that the attacker reads: numbers may differ by up to the tolerance.",
                [("<= tolerance", "<= 0 * tolerance")],
            ),
        ],
        alternatives=[a.link_one_by_one, a.link_column_by_column],
    ),
    Exercise(
        "recommend.privacy.best_cut",
        privacy.best_cut,
        cases=a.crowds,
        points=15,
        minutes=15,
        difficulty=4,
        hints=[
            "`np.ptp(table, axis=0)` is the width of each column; `np.argsort` of its negative gives the widest first.",
            "For one column: its median, and how many are at most there. The others are above.",
            "Both sides need at least k. If they have, return at once; if no column does, the loop ends.",
        ],
        misconceptions=[
            Misconception(
                "only the widest column was tried",
                "In the widest column nearly all may share one value, so that no cut leaves k on both sides. The next column may do.",
                [("np.argsort(-np.ptp(table, axis=0), kind=\"stable\")", "np.argsort(-np.ptp(table, axis=0), kind=\"stable\")[:1]")],
            ),
            Misconception(
                "the narrowest column was cut first",
                "A cut makes a box narrower. That helps most where it is wide.",
                [("-np.ptp(table, axis=0)", "np.ptp(table, axis=0)")],
            ),
            Misconception(
                "only one side was counted",
                "Equal values all go to the low side, and may leave the high side with fewer than k.",
                [("low >= k and len(table) - low >= k", "low >= k")],
            ),
            Misconception(
                "the mean was taken for the median",
                "One person with ten thousand followers pulls the mean away; the median halves the group.",
                [("np.median(table[:, column])", "np.mean(table[:, column])")],
            ),
            Misconception(
                "width was taken for the largest value",
                "Width is how far the values spread: the largest less the smallest.",
                [("np.ptp(table, axis=0)", "np.max(table, axis=0)")],
            ),
        ],
        alternatives=[a.cut_by_sorting, a.cut_by_scanning],
        # few columns are sorted stably by any method; and who counts the high side has counted the low one, too
        equivalent=[
            "line 17:18 without kind= (np.argsort(-np.ptp(table, axis=0), kind=)",
            "line 19:21 LtE -> Gt (table[:, column] <= threshold)",
        ],
    ),
    Exercise(
        "recommend.privacy.diversity",
        privacy.diversity,
        cases=a.classed,
        points=10,
        minutes=10,
        difficulty=3,
        hints=[
            "For each class: its members' values, and `np.unique(..., return_counts=True)`.",
            "Counts divided by their sum are the shares p; -sum p log p is the entropy, with the natural logarithm.",
            "`np.exp` of it; keep the smallest over all classes.",
        ],
        misconceptions=[
            Misconception(
                "different values were counted, however rare",
                "Nine mountain dreamers and one night owl are two values, but the attacker is nearly sure. Entropy weighs them.",
                [("np.exp(-np.sum(shares * np.log(shares)))", "len(counts)")],
            ),
            Misconception(
                "all people were taken together",
                "The attacker knows the class. Within it there may be a single value, however many there are in all.",
                a.diversity_of_everybody,
            ),
            Misconception(
                "the best class was kept",
                "A promise holds for everybody, so the worst class counts: the smallest.",
                [("np.inf", "0"), ("min(", "max(")],
            ),
            Misconception(
                "the entropy itself was returned",
                "Its exponential is asked for: a number of values, at least 1.",
                [("np.exp(-np.sum(shares * np.log(shares)))", "-np.sum(shares * np.log(shares))")],
            ),
            Misconception(
                "only the commonest value was looked at",
                "That is another measure (how often the best guess is right). Entropy takes all shares into account.",
                a.diversity_of_the_commonest,
            ),
        ],
        alternatives=[a.diversity_with_products, a.diversity_with_a_table],
    ),
    Exercise(
        "recommend.privacy_noise.laplace_mechanism",
        privacy_noise.laplace_mechanism,
        cases=a.draws,
        points=10,
        minutes=10,
        difficulty=3,
        hints=[
            "First the scale b: more sensitivity, more noise; more epsilon, less.",
            "u - 1/2 lies between -1/2 and 1/2: its sign says to which side, its size how far.",
            "The formula of the docstring, entry by entry: numpy does all entries at once.",
        ],
        misconceptions=[
            Misconception(
                "the scale is upside down",
                "A small epsilon is a strong promise and needs much noise.",
                [("scale = sensitivity / epsilon", "scale = epsilon / sensitivity")],
            ),
            Misconception(
                "the sensitivity was left out",
                "Who can change a sum by 300 seconds needs to be hidden in more noise than who changes a count by 1.",
                [("scale = sensitivity / epsilon", "scale = 1 / epsilon")],
            ),
            Misconception(
                "the noise goes to one side only",
                "Then it is exponential: every answer comes out too large or too small, and the ratio of the densities is infinite at the edge.",
                [("np.sign(centred) * ", "")],
            ),
            Misconception(
                "the noise is uniform",
                "Uniform noise has an end. An answer just beyond one person's end proves that the person is not there.",
                a.laplace_uniform,
            ),
        ],
        alternatives=[a.laplace_in_two_halves, a.laplace_entry_by_entry],
    ),
    Exercise(
        "recommend.privacy_noise.clip_rows",
        privacy_noise.clip_rows,
        cases=a.long_rows,
        points=5,
        minutes=6,
        difficulty=2,
        hints=[
            "The length of each row, with `keepdims=True` so that it divides row by row.",
            "Longer rows are multiplied by bound / length, shorter ones by 1. `np.maximum` can do both at once.",
        ],
        misconceptions=[
            Misconception(
                "each entry was cut off by itself",
                "Nineteen entries of at most 1 can still add up to 19. The whole row must fit.",
                [("return table * bound / np.maximum(length, bound)", "return table.clip(-bound, bound)")],
            ),
            Misconception(
                "short rows were stretched to the bound",
                "Somebody who has watched little would be made to speak louder. Only longer rows change.",
                [("np.maximum(length, bound)", "np.maximum(length, 1e-12)")],
            ),
            Misconception(
                "length was taken as the root of the squares",
                "That length goes with Gaussian noise. Laplace noise counts the sum of absolute values.",
                [("np.abs(table).sum(axis=1, keepdims=True)", "((table**2).sum(axis=1, keepdims=True)) ** 0.5")],
            ),
            Misconception(
                "columns were shortened, not rows",
                "A person is a row, and it is the person's part that must be limited.",
                [("sum(axis=1, keepdims=True)", "sum(axis=0, keepdims=True)")],
            ),
        ],
        alternatives=[a.clip_row_by_row, a.clip_with_a_factor],
    ),
    Exercise(
        "recommend.privacy_noise.total_epsilon",
        privacy_noise.total_epsilon,
        cases=a.answers,
        points=10,
        minutes=9,
        difficulty=3,
        hints=[
            "Think of one person of each group: which answers looked at him or her?",
            "Those about everybody add up for each of them. Of the groups, a person is in one: add up within each, and take the worst.",
            "There may be no group at all: `max(..., default=0.0)` is ready for that.",
        ],
        misconceptions=[
            Misconception(
                "all answers were added up",
                "A person who is in group 0 is not in group 1: an answer about group 1 costs that person nothing.",
                [("max(apart, default=0.0)", "sum(apart)")],
            ),
            Misconception(
                "the dearest single answer was taken",
                "Two answers about the same people tell more than one: their costs add up.",
                [("return everybody + max(apart, default=0.0)", "return epsilons.max()")],
            ),
            Misconception(
                "within a group only the dearest answer was counted",
                "Group 0 may be asked about twice. Its people pay both times.",
                [("epsilons[groups == one].sum()", "epsilons[groups == one].max()")],
            ),
            Misconception(
                "answers about everybody were taken as one more group",
                "Everybody is in everybody: those answers cost the people of the groups, too.",
                [("return everybody + max(apart, default=0.0)", "return max(everybody, max(apart, default=0.0))")],
            ),
        ],
        alternatives=[a.epsilon_of_each_person, a.epsilon_by_bincount],
    ),
    Exercise(
        "recommend.fairness.exposure",
        fairness.exposure,
        cases=fair.shelves,
        points=10,
        minutes=9,
        difficulty=2,
        hints=[
            "`owner[lists]` has the owner of every place of every list.",
            "`np.add.at(total, owners_of_a_column, weight)` adds also where an owner occurs twice; `total[...] += weight` would not.",
            "At the end divide by the sum.",
        ],
        misconceptions=[
            Misconception(
                "all places count the same",
                "The tenth place is seen by few. The attention of place j is 1 / log2(j + 1).",
                [("1 / np.log2(np.arange(2, lists.shape[1] + 2))", "np.ones(lists.shape[1])")],
            ),
            Misconception(
                "attention was summed, and not made a share",
                "Shares of the whole are asked for: they add up to 1.",
                [("return total / total.sum()", "return total")],
            ),
            Misconception(
                "an owner that occurs twice in a column was counted once",
                "`total[numbers] += x` writes every number once. `np.add.at` adds as often as it occurs.",
                [
                    (
                        "np.add.at(total, owner[lists[:, place]], attention[place])",
                        "total[owner[lists[:, place]]] += attention[place]",
                    )
                ],
            ),
            Misconception(
                "places were counted from 0 in the wrong way",
                "The first place has j = 1 and the attention 1 / log2(2) = 1; the second 1 / log2(3).",
                [("np.arange(2, lists.shape[1] + 2)", "np.arange(3, lists.shape[1] + 3)")],
            ),
        ],
        alternatives=[fair.exposure_by_bincount, fair.exposure_one_by_one],
        # a common factor cancels in shares, and a place more than there are is never looked up
        equivalent=["line 17:16 + 1 (1)", "line 17:58 + 1 (2)"],
    ),
    Exercise(
        "recommend.fairness.fair_list",
        fairness.fair_list,
        cases=fair.rankings,
        points=15,
        minutes=15,
        difficulty=4,
        hints=[
            "Two queues, best first: the protected films and the others. `pop(0)` takes the head.",
            "Before each place: how many protected are in the list so far, and how many must be in it after this place?",
            "If one is due, it comes from the protected queue. If not, the better of the two heads comes, whichever it is.",
        ],
        misconceptions=[
            Misconception(
                "a protected film comes only when one is due",
                "The share is a floor, not a ceiling: a protected film that is the best left comes on its merit.",
                [(" or scores[first[0]] > scores[rest[0]]", "")],
            ),
            Misconception(
                "the share was looked at only at the end of the list",
                "Then all of them stand in the last places, where few look. Every beginning of the list must have its share.",
                fair.fair_at_the_end,
            ),
            Misconception(
                "the number due was rounded up",
                "floor(share * j + start): with another start for each person it is right in the mean. Rounded up, everybody's first place is due.",
                [("np.floor(share * place + start)", "np.ceil(share * place + start)")],
            ),
            Misconception(
                "everybody begins at 0",
                "Without `start` nobody's first place ever falls due, as long as the share is below 1.",
                [("share * place + start", "share * place")],
            ),
        ],
        alternatives=[fair.fair_with_masks, fair.fair_by_removal],
        # no two scores are equal
        equivalent=["line 25:18 Gt -> GtE (scores[first[0]] > scores[rest[0]])"],
    ),
    Exercise(
        "recommend.privacy_rules.notice",
        privacy_rules.notice,
        cases=fair.uploads,
        points=5,
        minutes=5,
        difficulty=1,
        hints=[
            "The order of the docstring is an order of certainty: ask for the surest sign first.",
            "Three questions, one after the other, each with a `return`; at the end nothing is left to say.",
        ],
        misconceptions=[
            Misconception(
                "traces were believed before the person's own word",
                "Who declares the film has told us: that is more than a suspicion.",
                [("if declared:\n        return \"possibly generated\"\n    if traces:\n        return \"suspected\"", "if traces:\n        return \"suspected\"\n    if declared:\n        return \"possibly generated\"")],
            ),
            Misconception(
                "a declaration was taken as proof",
                "The metadata are written by the program that made the film; the uploader's word is a statement: 'possibly'.",
                [("return \"possibly generated\"", "return \"generated\"")],
            ),
            Misconception(
                "a film without metadata was let pass without a word",
                "Metadata are lost at the first re-encoding. That is why declarations and traces are asked for.",
                [("if declared:", "if marked and declared:"), ("if traces:", "if marked and traces:")],
            ),
        ],
        alternatives=[fair.notice_by_list, fair.notice_in_one_line],
    ),
]  # fmt: skip
