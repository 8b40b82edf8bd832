"""Exercises of lesson 09, compositing and publishing."""

from course_lib.exercises import answers_09 as answers
from course_lib.exercises import answers_09_words as words
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.film import light, motion, plan, seal, subtitles, superres
from course_lib.marking.arguments import torch_tensors
from course_lib.marking.film import lines_arguments

EXERCISES = [
    Exercise(
        "film.plan.visible",
        plan.visible,
        cases=answers.timelines,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "Two steps: collect the positions of what is there, then sort them by layer.",
            "`sorted(seen, key=...)` keeps the order of those whose keys are equal.",
        ],
        misconceptions=[
            Misconception(
                "sounds are seen",
                "A sound takes no place in the picture: it has no layer either. Leave it out.",
                [('item["kind"] != "sound" and ', "")],
                variants=[
                    [
                        ('item["kind"] != "sound" and ', ""),
                        ('items[place]["layer"]', 'items[place].get("layer", 0)'),
                    ]
                ],
            ),
            Misconception(
                "an item is still there at its end",
                "Where one shot ends the next begins: at that moment only the next is seen. The end does not belong to it.",
                [("<= second < item", "<= second <= item")],
            ),
            Misconception(
                "the highest layer is painted first",
                "What is painted last lies on top: the lowest layer comes first.",
                [('items[place]["layer"])', '-items[place]["layer"])')],
                variants=[[('items[place]["layer"])', 'items[place]["layer"], reverse=True)')]],
            ),
            Misconception(
                "the layers were not looked at",
                "The list may be in any order: a title that stands first must not be painted first.",
                [('sorted(seen, key=lambda place: items[place]["layer"])', "seen")],
            ),
            Misconception(
                "sorted by when it begins, not by layer",
                "A title that began earlier than a picture still lies on top of it: only the layer counts.",
                [('items[place]["layer"])', 'items[place]["start"])')],
            ),
            Misconception(
                "the items were given back, not their positions",
                "The caller needs to know *where* in the list they stand: numbers, such as [1, 0].",
                [("seen.append(place)", "seen.append(item)"), ('items[place]["layer"]', 'place["layer"]')],
            ),
        ],
        alternatives=[answers.visible_by_enumerate, answers.visible_by_layers],
    ),
    Exercise(
        "film.light.cross_fade",
        light.cross_fade,
        cases=answers.fades,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "Three steps: to light, mix, back to numbers. `to_linear` and `to_srgb` work on numbers from 0 to 1.",
            "Divide by 255 before, multiply after; add .5 and cut off (`np.floor`), or `np.round`, before `astype(np.uint8)`.",
        ],
        misconceptions=[
            Misconception(
                "the numbers were mixed, not the light",
                "Half of 255 is 128, but a screen showing 128 gives off 22 % of the light of white, not half. Mix what `to_linear` gives.",
                [
                    (
                        "light = (1 - share) * to_linear(first / 255) + share * to_linear(second / 255)",
                        "light = (1 - share) * first / 255 + share * second / 255",
                    ),
                    ("255 * to_srgb(light) + 0.5", "255 * light + 0.5"),
                ],
            ),
            Misconception(
                "the light was not turned back into numbers",
                "A picture file holds sRGB numbers. After mixing, `to_srgb`.",
                [("to_srgb(light)", "light")],
            ),
            Misconception(
                "the two pictures are exchanged",
                "`share` is how much of the *second* is seen: at 0 there is only the first.",
                [
                    (
                        "(1 - share) * to_linear(first / 255) + share *",
                        "share * to_linear(first / 255) + (1 - share) *",
                    )
                ],
            ),
            Misconception(
                "cut off instead of rounded",
                "`astype(np.uint8)` drops what stands behind the point: on the average half a level of brightness gets lost.",
                [("np.floor(255 * to_srgb(light) + 0.5)", "(255 * to_srgb(light))")],
            ),
            Misconception(
                "turned the wrong way",
                "`to_srgb` goes from light to numbers. What comes in are numbers; mix *light*.",
                [
                    (
                        "(1 - share) * to_linear(first / 255) + share * to_linear(second / 255)",
                        "(1 - share) * to_srgb(first / 255) + share * to_srgb(second / 255)",
                    ),
                    ("to_srgb(light)", "to_linear(light)"),
                ],
            ),
        ],
        alternatives=[answers.cross_fade_by_round, answers.cross_fade_by_powers],
    ),
    Exercise(
        "film.motion.window",
        motion.window,
        cases=answers.windows,
        points=10,
        minutes=12,
        difficulty=4,
        hints=[
            "First the width: start x (end / start) ** progress. With widths 1 and 1/4, half way it is 1/2.",
            "Then how far the width has come, from 0 to 1: (width - first) / (last - first). The centre has come as far.",
            "If both widths are equal that would be 0 / 0: there the centre has come as far as `progress`.",
        ],
        misconceptions=[
            Misconception(
                "the width shrinks evenly, not its factor",
                "From 1 to 1/4 evenly: the first half of the time magnifies 1.6 times, the second half 2.5 times. The zoom seems to speed up.",
                [("wide * (end[2] / wide) ** progress", "wide + progress * (end[2] - wide)")],
            ),
            Misconception(
                "the centre moves evenly while the width does not",
                "Then the shot first slides and later dives: no point stays in its place on the screen. Let the centre keep step with the width.",
                [("part = (width - wide) / (end[2] - wide)", "part = progress")],
            ),
            Misconception(
                "a pan without a zoom was forgotten",
                "If the width stays the same, (width - first) / (last - first) is 0 / 0. Such a window moves evenly.",
                [
                    (
                        "    if end[2] == wide:\n        part = progress\n    else:\n        part = (width - wide) / (end[2] - wide)\n",
                        "    part = (width - wide) / (end[2] - wide)\n",
                    )
                ],
                variants=[[("        part = progress\n", "        part = 0.0\n")]],
            ),
            Misconception(
                "it runs backwards",
                "At progress 0 the window is at `start`, at 1 at `end`.",
                [("x, y, wide = start\n", "start, end = end, start\n    x, y, wide = start\n")],
            ),
            Misconception(
                "the factor was multiplied by progress, not raised to it",
                "Equal factors in equal times: a power. Half way, the *square root* of the whole factor.",
                [("(end[2] / wide) ** progress", "(1 + (end[2] / wide - 1) * progress * progress)")],
            ),
        ],
        alternatives=[answers.window_by_logarithm, answers.window_by_ratio],
    ),
    Exercise(
        "film.plan.place_over",
        plan.place_over,
        cases=answers.patches,
        points=15,
        minutes=15,
        difficulty=4,
        hints=[
            "First without edges: `area` is the part of the picture below the patch; area = (1 - alpha) area + alpha colour.",
            "Left of the picture, x < 0: the first -x columns of the patch cannot be seen, `patch[:, -x:]`, and it begins at column 0.",
            "To the right: at most width - x columns of the patch are seen. If there are none, `max(0, ...)` gives an empty part.",
        ],
        misconceptions=[
            Misconception(
                "x and y are exchanged",
                "`at` is [x, y], but an array is indexed [row, column], that is [y, x].",
                [("x, y = at", "y, x = at")],
            ),
            Misconception(
                "the strength was forgotten",
                "At strength .5 a patch is half as opaque as its alpha says: that is how it fades in.",
                [(" / 255 * strength", " / 255")],
            ),
            Misconception(
                "the patch was added as if its colours held their alpha",
                "Here colours are *not* multiplied by alpha yet (in lesson 07 they were): weigh them with it.",
                [("+ alpha * part[..., :3]", "+ part[..., :3].clip(max=255 - (1 - alpha) * area)")],
            ),
            Misconception(
                "nothing shines through",
                "Where alpha is below 255 a part of the picture below stays: 1 - alpha of it.",
                [("(1 - alpha) * area + alpha * part[..., :3]", "np.where(alpha > 0, part[..., :3], area)")],
            ),
            Misconception(
                "beyond the left or upper edge it is pushed inside",
                "A patch at x = -1 has lost its first column; moved to x = 0 it would show all of it, one pixel too far right.",
                [
                    ("max(0, -y) : max(0, height - y)", "0 : max(0, height - max(0, y))"),
                    ("max(0, -x) : max(0, width - x)", "0 : max(0, width - max(0, x))"),
                ],
            ),
            Misconception(
                "cut off instead of rounded",
                "`astype(np.uint8)` drops what stands behind the point: add .5 before.",
                [("np.floor(result + 0.5)", "result")],
            ),
        ],
        alternatives=[answers.place_over_by_loops, answers.place_over_by_sheet],
        # the area that such a row or column would be laid over is empty
        equivalent=["line 15:34 + 1 (0)", "line 15:67 + 1 (0)"],
    ),
    Exercise(
        "film.light.contrast_ratio",
        light.contrast_ratio,
        cases=answers.colour_pairs,
        points=5,
        minutes=6,
        difficulty=2,
        hints=[
            "Luminance of a colour: divide by 255, `to_linear`, then the weighted sum of the three.",
            "White has luminance 1, black 0: (1 + .05) / (0 + .05) = 21. `max` and `min` put the brighter on top.",
        ],
        misconceptions=[
            Misconception(
                "the numbers were weighed, not the light",
                "Luminance is a sum of light: `to_linear` first. Weighed as they are, dark colours seem brighter than a screen shows them.",
                [
                    ("to_linear(np.asarray(one) / 255)", "(np.asarray(one) / 255)"),
                    ("to_linear(np.asarray(other) / 255)", "(np.asarray(other) / 255)"),
                ],
            ),
            Misconception(
                "the 0.05 is missing",
                "No screen shows perfect black: some light of the room falls on it. Without that, black on nearly black would have an endless contrast.",
                [("(max(a, b) + 0.05) / (min(a, b) + 0.05)", "max(a, b) / max(min(a, b), 1e-12)")],
            ),
            Misconception(
                "it depends on which colour comes first",
                "Black on white and white on black are equally easy to read: the brighter one goes above the line.",
                [("(max(a, b) + 0.05) / (min(a, b) + 0.05)", "(a + 0.05) / (b + 0.05)")],
            ),
            Misconception(
                "red, green and blue count alike",
                "The eye is far more sensitive to green than to blue: that is what the three weights are for.",
                [("np.array([0.2126, 0.7152, 0.0722])", "np.array([1, 1, 1]) / 3")],
            ),
        ],
        alternatives=[answers.contrast_by_sorting, answers.contrast_by_channels],
    ),
    Exercise(
        "film.subtitles.fill_lines",
        subtitles.fill_lines,
        cases=words.texts,
        points=10,
        minutes=10,
        difficulty=3,
        make=lines_arguments,
        hints=[
            "Keep a list of lines; for each piece: would the last line with it still fit?",
            "Measure the *joined* line, without spaces at its ends: `width_of((lines[-1] + piece).strip())`.",
            "A line that is still empty takes any piece, however wide: otherwise the first line would stay empty.",
        ],
        misconceptions=[
            Misconception(
                "characters were counted, not measured",
                "A Chinese character is twice as wide as a Latin letter: ask `width_of`.",
                [("width_of((lines[-1] + piece).strip())", "len((lines[-1] + piece).strip())")],
            ),
            Misconception(
                "a line may not be quite full",
                "A line exactly as wide as allowed still fits.",
                [("> widest", ">= widest")],
            ),
            Misconception(
                "an empty line came out before a piece that is too wide",
                "A piece that fits on no line must go somewhere: an empty line takes it.",
                [("if lines[-1] and width_of", "if width_of")],
            ),
            Misconception(
                "lines begin with a space",
                "The space in front of a piece separates it from the one before. Where a line begins it has nothing to separate.",
                [("[line.strip() for line in lines]", "lines")],
            ),
            Misconception(
                "the space in front was counted as width",
                "At the ends of a line spaces are not seen: measure what is left after `strip()`.",
                [("width_of((lines[-1] + piece).strip())", "width_of(lines[-1] + piece)")],
            ),
            Misconception(
                "only the new piece was measured",
                "It must fit *together* with what stands on the line already.",
                [("width_of((lines[-1] + piece).strip())", "width_of(piece.strip())")],
            ),
        ],
        alternatives=[words.fill_lines_by_current, words.fill_lines_by_index],
    ),
    Exercise(
        "film.subtitles.cue_times",
        subtitles.cue_times,
        cases=words.spoken,
        points=15,
        minutes=15,
        difficulty=4,
        hints=[
            "Walk through the words once. For each subtitle remember which word was its first.",
            "How many letters must have been heard when this subtitle is over? Those of all subtitles up to it.",
            "While words are left and fewer letters were heard than shown so far: take the next word.",
        ],
        misconceptions=[
            Misconception(
                "each subtitle was counted on its own",
                "A word over the border has been heard already when the next subtitle begins. Compare letters heard with letters shown *since the beginning*.",
                [("shown += count", "shown = heard + count")],
            ),
            Misconception(
                "words were counted, not letters",
                "A subtitle is known by how many letters it shows: each word brings as many as it has.",
                [("heard += words[next_word][0]", "heard += 1")],
            ),
            Misconception(
                "it ends when its last word begins",
                "The last word wants to be read while it is spoken: take that word's *end*.",
                [("words[next_word - 1][2]]", "words[next_word - 1][1]]")],
            ),
            Misconception(
                "it lasts until the next word begins",
                "Between two words there may be a long pause: a subtitle ends with its own last word.",
                [
                    (
                        "words[next_word - 1][2]]",
                        "words[min(next_word, len(words) - 1)][1] if next_word < len(words) else words[-1][2]]",
                    )
                ],
            ),
            Misconception(
                "one word too many was taken",
                "When as many letters were heard as shown, the subtitle is complete.",
                [("heard < shown", "heard <= shown")],
            ),
            Misconception(
                "subtitles without words were left out",
                "The result must be as long as `counts`: None stands for a subtitle that no word is left for.",
                [("            times.append(None)\n", "            pass\n")],
            ),
        ],
        alternatives=[words.cue_times_by_groups, words.cue_times_by_queue],
    ),
    Exercise(
        "film.superres.pixel_shuffle",
        superres.pixel_shuffle,
        cases=words.channels,
        points=10,
        minutes=10,
        difficulty=3,
        make=torch_tensors,
        hints=[
            "First split the channels into three axes: (batch, channels, factor, factor, height, width).",
            "The row inside a square must stand right behind `height`, the column inside right behind `width`: `permute`.",
            "After the permutation (batch, channels, height, factor, width, factor), one `reshape` joins the pairs.",
        ],
        misconceptions=[
            Misconception(
                "only the shape was changed",
                "`reshape` alone leaves the numbers in their order: a large pixel then gets a neighbour's number. Move the axes in between.",
                [("    parts = parts.permute(0, 1, 4, 2, 5, 3)\n", "")],
            ),
            Misconception(
                "rows and columns inside a square are exchanged",
                "Of the channels of a square the first ones belong to its *upper row*, from left to right.",
                [("permute(0, 1, 4, 2, 5, 3)", "permute(0, 1, 4, 3, 5, 2)")],
            ),
            Misconception(
                "the channels were split in the wrong order",
                "The channels that make up one colour stand together: channel c is made of c * factor**2, c * factor**2 + 1, ...",
                [
                    (
                        "features.reshape(batch, channels, factor, factor, height, width)\n",
                        "features.reshape(batch, factor, factor, channels, height, width)\n",
                    ),
                    ("permute(0, 1, 4, 2, 5, 3)", "permute(0, 3, 4, 1, 5, 2)"),
                ],
            ),
            Misconception(
                "squares became tiles",
                "Each small pixel must become a square *at its place*; here whole small pictures lie side by side. Place inside the square comes last, not first.",
                [("permute(0, 1, 4, 2, 5, 3)", "permute(0, 1, 2, 4, 3, 5)")],
            ),
        ],
        alternatives=[words.shuffle_by_slices, words.shuffle_by_torch],
    ),
    Exercise(
        "film.seal.seal",
        seal.seal,
        cases=words.labels,
        points=10,
        minutes=10,
        difficulty=3,
        hints=[
            "Three steps: the fields without ReservedCode1; one text of them and the fingerprint; HMAC of the text.",
            "`json.dumps(..., sort_keys=True)`; HMAC wants bytes: `.encode()`, for key and text.",
            'hmac.new(key, text, "sha256") makes an object; `.hexdigest()` gives its digits.',
        ],
        misconceptions=[
            Misconception(
                "the seal itself was sealed in",
                "When the seal is checked, it stands in ReservedCode1 already. What is sealed must be the same before and after.",
                [
                    (
                        'for name, value in fields.items() if name != "ReservedCode1"',
                        "for name, value in fields.items()",
                    )
                ],
            ),
            Misconception(
                "the fingerprint of the film is not in it",
                "Then the label fits any film: somebody could cut it out and put it on another.",
                [(' + "\\n" + fingerprint', "")],
                variants=[[(' + "\\n" + fingerprint', ' + "\\n"')]],
            ),
            Misconception(
                "the key was not used",
                "Without a secret anybody who changes the film can make a new seal as well.",
                [
                    (
                        'hmac.new(key.encode(), text.encode(), "sha256")',
                        'hmac.new(b"", text.encode(), "sha256")',
                    )
                ],
                variants=[
                    [
                        (
                            'hmac.new(key.encode(), text.encode(), "sha256")',
                            '__import__("hashlib").sha256(text.encode())',
                        )
                    ]
                ],
            ),
            Misconception(
                "the order of the fields matters",
                "The same label, read back by another program, may list its fields in another order: sort the keys.",
                [(", sort_keys=True", "")],
            ),
            Misconception(
                "key and text are exchanged",
                "The key comes first; what is sealed second.",
                [("hmac.new(key.encode(), text.encode(),", "hmac.new(text.encode(), key.encode(),")],
            ),
        ],
        alternatives=[words.seal_by_pop, words.seal_by_hand],
    ),
]
