"""Exercises of lesson 00: four small ones, on the film that has just been made, that show how exercises work."""

import numpy as np

from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.film import facts


def films(rng):
    """Lengths that are whole seconds, and lengths that are not."""
    cases = [{"pictures": 50, "fps": 25}, {"pictures": 477, "fps": 25}, {"pictures": 1, "fps": 50}]
    return [*cases, {"pictures": int(rng.integers(100, 9999)), "fps": int(rng.integers(10, 60))}]


def sounds(rng):
    """A square wave, a tone, noise with a spike, and something very soft."""
    tone = 0.5 * np.sin(np.linspace(0, 40 * np.pi, 2000, endpoint=False))
    spike = rng.normal(0, 0.05, 500)
    spike[7] = 1.0
    return [
        {"samples": np.array([0.1, -0.1, 0.1, -0.1])},
        {"samples": tone},
        {"samples": np.clip(spike, -1, 1)},
        {"samples": 1e-4 * rng.normal(size=300)},
    ]


def moments_of_speech(rng):
    """In a word, in a pause, at the very start and the very end of words, before and after all."""
    words = [["今天", 0.5, 1.0], ["去", 1.0, 1.25], ["了", 1.25, 1.5], ["西藏", 1.75, 2.5]]
    fixed = [0.75, 0.5, 1.0, 1.25, 1.5, 1.6, 0.0, 2.5, 3.0]
    cases = [{"words": words, "second": second} for second in fixed]
    start, named = 0.0, []
    for word in ("we", "rowed", "across", "the", "lake"):
        start += float(rng.uniform(0, 0.3))
        named.append([word, round(start, 3), round(start + 0.4, 3)])
        start += 0.4
    return cases + [{"words": named, "second": float(rng.uniform(0, start))} for _ in range(4)]


def moments_of_shots(rng):
    """Within shots, exactly at cuts, at the beginning, after the last cut."""
    cuts = np.array([0.0, 3.0, 7.5, 12.0])
    cases = [{"cuts": cuts, "second": second} for second in (4.0, 3.0, 0.0, 7.4, 12.0, 99.0)]
    more = np.concatenate([[0.0], np.sort(rng.uniform(1, 40, 7))])
    return cases + [{"cuts": more, "second": float(rng.uniform(0, 45))} for _ in range(4)]


def _seconds_by_float(pictures, fps):
    return float(pictures) * (1 / float(fps))


def _seconds_by_divmod(pictures, fps):
    whole, rest = divmod(pictures, fps)
    return whole + rest / fps


def _decibels_of_power(samples):
    return 10 * np.log10((samples * samples).sum() / len(samples))


def _decibels_by_length(samples):
    size = np.linalg.norm(samples) / np.sqrt(samples.size)
    return 20 * np.log(size) / np.log(10)


def _word_with_next(words, second):
    return next((word[0] for word in words if word[1] <= second and second < word[2]), None)


def _word_with_list(words, second):
    heard = [text for text, start, end in words if not (second < start or second >= end)]
    return heard[0] if heard else None


def _shot_with_sum(cuts, second):
    return int((cuts <= second).sum() - 1)


def _shot_with_loop(cuts, second):
    number = 0
    for index, cut in enumerate(cuts):
        if cut <= second:
            number = index
    return number


EXERCISES = [
    Exercise(
        "film.facts.film_seconds",
        facts.film_seconds,
        cases=films,
        points=5,
        minutes=2,
        difficulty=1,
        hints=[
            "25 pictures a second: how long do 50 of them last?",
            "One division. The result may be a fraction of a second.",
        ],
        misconceptions=[
            Misconception(
                "pictures and rate were multiplied",
                "50 pictures at 25 a second last two seconds, not 1,250.",
                [("pictures / fps", "pictures * fps")],
            ),
            Misconception(
                "the fraction of a second was cut off",
                "`//` drops what is left over: 477 pictures at 25 a second are 19.08 seconds, and a subtitle that is 0.08 s late can be seen.",
                [("pictures / fps", "pictures // fps")],
            ),
            Misconception(
                "the division is upside down",
                "Seconds are pictures divided by pictures-per-second. Which of the two has to stand on top?",
                [("pictures / fps", "fps / pictures")],
            ),
        ],
        alternatives=[_seconds_by_float, _seconds_by_divmod],
    ),
    Exercise(
        "film.facts.decibels",
        facts.decibels,
        cases=sounds,
        points=10,
        minutes=5,
        difficulty=2,
        hints=[
            "Backwards through the name: square the samples, take the mean, then the root.",
            "`np.log10` is the logarithm to base 10. The factor in front of it is 20, because we come from an amplitude.",
        ],
        misconceptions=[
            Misconception(
                "the factor 10 was used with an amplitude",
                "10 belongs to a power, 20 to an amplitude (a power is an amplitude squared). Half the amplitude should be 6 dB less, not 3.",
                [("20 *", "10 *")],
            ),
            Misconception(
                "the largest sample was taken, not the root of the mean square",
                "A single click would make a quiet film loud. All samples have a say: square, mean, root.",
                [("np.sqrt(np.mean(samples**2))", "np.max(np.abs(samples))")],
            ),
            Misconception(
                "the natural logarithm was used",
                "`np.log` is the natural one. A decibel is defined by the logarithm to base 10.",
                [("np.log10", "np.log")],
            ),
            Misconception(
                "the root is missing",
                "Without it you have the mean square, a power; 20 belongs to amplitudes.",
                [("np.sqrt(np.mean(samples**2))", "np.mean(samples**2)")],
            ),
            Misconception(
                "sizes were averaged, not squares",
                "The mean of the absolute values is another measure. The ear goes by power, so the squares are averaged.",
                [("np.sqrt(np.mean(samples**2))", "np.mean(np.abs(samples))")],
            ),
        ],
        alternatives=[_decibels_of_power, _decibels_by_length],
    ),
    Exercise(
        "film.facts.word_at",
        facts.word_at,
        cases=moments_of_speech,
        points=10,
        minutes=6,
        difficulty=2,
        hints=[
            "Go through the words one by one: `for text, start, end in words:`.",
            "A word is spoken when `start <= second < end`. What is returned when no word was?",
        ],
        misconceptions=[
            Misconception(
                "a word is still spoken at its very end",
                "At 1.0 s 今天 ends and 去 begins: only one of them is spoken. The end itself does not belong to the word.",
                [("second < end", "second <= end")],
            ),
            Misconception(
                "a word is not yet spoken at its very start",
                "The start belongs to the word: at exactly 1.0 s it is 去 that is spoken.",
                [("start <= second < end", "start < second <= end")],
            ),
            Misconception(
                "the last word is kept through the pauses",
                "In a pause nobody speaks: the answer is None, not the word before. Look at the ends, too.",
                [
                    (
                        "    for text, start, end in words:",
                        "    heard = None\n    for text, start, end in words:",
                    ),
                    (
                        "        if start <= second < end:\n            return text\n    return None",
                        "        if start <= second:\n            heard = text\n    return heard",
                    ),
                ],
            ),
            Misconception(
                "an empty text stands for silence",
                "The function promises None when nobody speaks; `''` is a text, though an empty one.",
                [("return None", 'return ""')],
            ),
        ],
        alternatives=[_word_with_next, _word_with_list],
    ),
    Exercise(
        "film.facts.shot_at",
        facts.shot_at,
        cases=moments_of_shots,
        points=10,
        minutes=6,
        difficulty=2,
        hints=[
            "How many cuts lie at or before the moment? The first cut is at 0, and its shot has the number 0.",
            "`cuts <= second` is an array of True and False; its sum counts the True ones.",
        ],
        misconceptions=[
            Misconception(
                "shots are counted from 1",
                "In Python the first one has the number 0: with one cut behind you, you are in shot 0.",
                [(" - 1", "")],
            ),
            Misconception(
                "at a cut the old shot is still seen",
                "At exactly 3.0 s the shot that begins at 3.0 s is seen.",
                [('side="right"', 'side="left"')],
            ),
            Misconception(
                "the nearest cut was taken",
                "At 7.4 s the cut at 7.5 s is near, but has not come yet.",
                [
                    (
                        'int(np.searchsorted(cuts, second, side="right")) - 1',
                        "int(np.argmin(np.abs(cuts - second)))",
                    )
                ],
            ),
        ],
        alternatives=[_shot_with_sum, _shot_with_loop],
    ),
]
