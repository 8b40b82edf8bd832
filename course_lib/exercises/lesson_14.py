"""Exercises of lesson 14, the capstone."""

from course_lib.exercises import answers_14 as a
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.loop import arms, contracts, measure, prompts

EXERCISES = [
    Exercise(
        "loop.prompts.best_scene",
        prompts.best_scene,
        cases=a.shelves,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "`itertools.product(*groups)` gives every scene, as tuples; a scene in `taken` is a list.",
            "Keep the best so far and its sum. Skip what is taken. Replace only if the new sum is larger.",
        ],
        misconceptions=[
            Misconception(
                "what has been made already was asked for again",
                "The best scene of all may be on the shelf since last week. Look for the best one that is *not* taken.",
                a.scene_taken_ignored,
            ),
            Misconception(
                "the best scene was taken, so none was given",
                "There is a second best, and a third. Only if all scenes are taken is there nothing left.",
                a.scene_gives_up,
            ),
            Misconception(
                "words that were used once are never used again",
                "A lake at dawn has been made; a lake at night has not. Scenes are taken, not words.",
                a.scene_without_taken_words,
            ),
            Misconception(
                "the scene that is liked least was chosen",
                "Compare the other way round.",
                [("np.inf", "np.inf * -1"), ("total > most", "total < most")],
            ),
            Misconception(
                "a profile that likes nothing gets nothing",
                "Liking is above or below a person's mean and may be negative everywhere. Some scene is still the best.",
                [("-np.inf", "0")],
            ),
        ],
        alternatives=[a.scene_by_max, a.scene_word_by_word],
    ),
    Exercise(
        "loop.contracts.film_faults",
        contracts.film_faults,
        cases=a.records,
        points=15,
        minutes=18,
        difficulty=3,
        # times that differ by exactly the slack, as floats, are no case that anybody meets
        equivalent=[
            "line 21:27 Gt -> GtE (abs(shot['start'] - now) > slack)",
            "line 24:33 Lt -> LtE (start < shot['start'] - slack)",
            "line 24:66 Gt -> GtE (end > shot['end'] + slack)",
            "line 25:17 Gt -> GtE (abs(now - record['seconds']) > slack)",
            "line 31:15 Gt -> GtE (line['end'] > record['seconds'] + slack)",
            "line 32:43 Lt -> LtE (line['start'] < gone - slack)",
        ],
        hints=[
            "Shots: keep the moment `now` at which the last one ended, 0 before the first. Each must start there.",
            "After the last shot `now` must be the film's end, too.",
            "Subtitles: keep the moment at which the last one has gone, in the same way. Allow 0.01 s everywhere but for "
            "'ends after it starts'.",
            'Read the label with `.get`: a label without the field is a fault, not an error. `"1"` is a text.',
        ],
        misconceptions=[
            Misconception(
                "the film's end was not looked at",
                "The shots may follow each other well and stop a second before the film does.",
                [(' or abs(now - record["seconds"]) > slack', "")],
            ),
            Misconception(
                "only gaps between shots were found, not overlaps",
                "A shot that starts *before* the last one has ended is a fault as well: take the absolute difference.",
                [('abs(shot["start"] - now) > slack', 'shot["start"] - now > slack')],
            ),
            Misconception(
                "rounding was taken for a fault",
                "Times are rounded when they are written. Differences up to 0.01 s are none.",
                [("slack = [], 0.01", "slack = [], 0.0")],
            ),
            Misconception(
                "the beginnings of words were not looked at",
                "A word can also come too early, while the shot before is still seen.",
                [('start < shot["start"] - slack or ', "")],
            ),
            Misconception(
                "subtitles were not compared with the film's end",
                "A subtitle that outlasts the film is cut off by the player.",
                [('line["end"] > record["seconds"] + slack', "False")],
            ),
            Misconception(
                "the maker's name was not asked for",
                "A label must say that the film is made by AI *and* by whom.",
                [(' or not record["label"].get("ContentProducer")', "")],
            ),
            Misconception(
                'the label\'s "1" was taken for a number',
                "In the metadata it is a text. A number there is another maker's mistake, and a reader may miss it.",
                [('.get("Label") != "1"', '.get("Label") not in ("1", 1)')],
            ),
        ],
        alternatives=[a.faults_with_all, a.faults_with_arrays],
    ),
    Exercise(
        "loop.arms.arm_of",
        arms.arm_of,
        cases=a.crowd,
        points=10,
        minutes=7,
        difficulty=2,
        hints=[
            '`hashlib.sha256(f"{salt}:{person}".encode()).hexdigest()` gives 64 hexadecimal digits.',
            "`int(digits, 16)` reads them as a number; `%` gives the remainder.",
        ],
        misconceptions=[
            Misconception(
                "the person's number itself decides",
                "Numbers are given in the order of registration, and a second trial would have the same arms. Hash the text.",
                [("int(digest, 16) % arms", "person % arms")],
            ),
            Misconception(
                "the salt was left out",
                "Then every trial has the same arms, and what one trial did to people is seen in the next.",
                [('f"{salt}:{person}"', 'f"{person}"')],
            ),
            Misconception(
                "only the first digit was read",
                "Sixteen values do not divide evenly by three: some arms get more people. Read all the digits.",
                [("int(digest, 16)", "int(digest[0], 16)")],
            ),
            Misconception(
                "person and salt changed places",
                'The text is "salt:person". Any other text is as random, but then two programs disagree about who is where.',
                [('f"{salt}:{person}"', 'f"{person}:{salt}"')],
            ),
        ],
        alternatives=[a.arm_from_bytes, a.arm_digit_by_digit],
    ),
    Exercise(
        "loop.measure.rate_and_error",
        measure.rate_and_error,
        cases=a.people_with_likes,
        points=10,
        minutes=10,
        difficulty=3,
        hints=[
            "The rate is one division of two sums.",
            "`likes - rate * shows` is what each person has above the rate. Square, sum up, times n / (n - 1), root.",
            "Divide by the sum of shows; both numbers times 1000.",
        ],
        misconceptions=[
            Misconception(
                "shows were taken for independent",
                "A root of p(1 - p)/n believes that each show is drawn anew. Ten shows of one person are not: sum up by person.",
                a.rate_by_show,
            ),
            Misconception(
                "the mean of everybody's own rate was taken",
                "Then somebody with two shows counts as much as somebody with forty. Likes per thousand *shows*: sum over sum.",
                a.rate_mean_of_people,
            ),
            Misconception(
                "variance was taken for the error",
                "Likes squared are no likes: the root is missing.",
                [("np.sqrt(n / (n - 1) * np.sum(above**2))", "n / (n - 1) * np.sum(above**2)")],
            ),
            Misconception(
                "the error was not made smaller by the number of shows",
                "The root is the error of the *sum* of likes. Of the rate it is that divided by the shows.",
                [("np.sum(above**2)) / shows.sum()", "np.sum(above**2))")],
            ),
            Misconception(
                "divided by n in place of n - 1",
                "The rate was fitted to the same people; n / (n - 1) makes up for it.",
                [("n / (n - 1) * ", "")],
            ),
        ],
        alternatives=[a.rate_with_residuals, a.rate_with_a_loop],
    ),
    Exercise(
        "loop.measure.bootstrap_lift",
        measure.bootstrap_lift,
        cases=a.two_arms,
        points=15,
        minutes=14,
        difficulty=4,
        hints=[
            "`likes[picks]` has the shape (draws, n): the likes of the people drawn, a row a draw. Sum along the rows.",
            "Rate of each draw: a sum over a sum. Divide by the control's rate of the same draw.",
            "`np.quantile(values, [0.025, 0.975])`. The lift itself comes from the people as they are.",
        ],
        misconceptions=[
            Misconception(
                "the control was not drawn again",
                "The control's people are a sample, too. Left as it is, the interval is too narrow.",
                [
                    (
                        "control_likes[control_picks].sum(axis=1) / control_shows[control_picks].sum(axis=1)",
                        "control_likes.sum() / control_shows.sum()",
                    )
                ],
            ),
            Misconception(
                "the difference was taken, not the ratio",
                "'How many per cent better' compares with the control: divide.",
                [
                    (
                        "100 * ((likes.sum() / shows.sum()) / (control_likes.sum() / control_shows.sum()) - 1)",
                        "100 * (likes.sum() / shows.sum() - control_likes.sum() / control_shows.sum())",
                    ),
                    ("100 * (rate / control - 1)", "100 * (rate - control)"),
                ],
            ),
            Misconception(
                "people's own rates were averaged",
                "Sum the likes, sum the shows, then divide: a mean of ratios is another number.",
                a.lift_of_means,
            ),
            Misconception(
                "an interval of 90 per cent",
                "Of 95 per cent, 2.5 lie below and 2.5 above.",
                [("[0.025, 0.975]", "[0.05, 0.95]")],
            ),
            Misconception(
                "the mean of the draws was given as the lift",
                "The draws say how uncertain the lift is. The best single number is that of the people as they are.",
                [
                    (
                        "100 * ((likes.sum() / shows.sum()) / (control_likes.sum() / control_shows.sum()) - 1)\n",
                        "0.0\n",
                    ),
                    (
                        "    return lift, low, high",
                        "    return np.mean(100 * (rate / control - 1)), low, high",
                    ),
                ],
            ),
        ],
        alternatives=[a.lift_draw_by_draw, a.lift_by_counting],
    ),
]
