"""Exercises of lesson 04, text: tokens, RNNs, storyboards."""

from course_lib.exercises import answers_04 as answers
from course_lib.exercises import answers_04_words as words
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.text import cells, slots, subwords, tokens

SUM = "x @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh"

EXERCISES = [
    Exercise(
        "text.tokens.tokenize",
        tokens.tokenize,
        cases=words.sentences,
        points=10,
        minutes=12,
        difficulty=3,
        hints=[
            "First make the text plain: `unicodedata.normalize('NFKC', text)`, small letters, one kind of apostrophe.",
            "`re.findall` with three alternatives: one Chinese character, a run of letters, a run of digits.",
            "Chinese characters stand in \\u3400-\\u4dbf and \\u4e00-\\u9fff. A letter that is not Chinese is "
            "`[^\\W\\d_\\u3400-\\u4dbf\\u4e00-\\u9fff]`; an apostrophe may stand between letters only.",
        ],
        misconceptions=[
            Misconception(
                "Chinese was cut at the spaces",
                "Chinese writes no spaces: a whole sentence became one token, which no other sentence shares. Let every "
                "Chinese character be a token.",
                [
                    (
                        r"[\u3400-\u4dbf\u4e00-\u9fff]|[^\W\d_\u3400-\u4dbf\u4e00-\u9fff]+(?:'[^\W\d_]+)*|\d+",
                        r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+",
                    )
                ],
            ),
            Misconception(
                "English was cut into letters",
                "Letters say little by themselves. A run of letters is one token.",
                [
                    (
                        r"[^\W\d_\u3400-\u4dbf\u4e00-\u9fff]+(?:'[^\W\d_]+)*",
                        r"[^\W\d_\u3400-\u4dbf\u4e00-\u9fff]",
                    )
                ],
            ),
            Misconception(
                "capitals were kept",
                "'The' and 'the' would be two words with two meanings. Make letters small.",
                [(".lower()", "")],
            ),
            Misconception(
                "an apostrophe parts a word",
                "don't became 'don' and 't'. An apostrophe between two letters belongs to the word.",
                [(r"(?:'[^\W\d_]+)*", "")],
            ),
            Misconception(
                "full-width letters were left as they are",
                "Ｗ and W are two different characters to a computer. NFKC makes them one.",
                [('unicodedata.normalize("NFKC", text)', "text")],
            ),
            Misconception(
                "signs became tokens",
                "Commas and full stops part tokens here, they are none.",
                [(r"|\d+", r"|\d+|[^\w\s]")],
            ),
        ],
        alternatives=[words.tokenize_with_a_loop, words.tokenize_after_spacing],
    ),
    Exercise(
        "text.subwords.merge_pair",
        subwords.merge_pair,
        cases=words.in_pieces,
        points=10,
        minutes=10,
        difficulty=2,
        hints=[
            "Walk through the list with an index of your own, so that you can go on by one or by two.",
            "`symbols[at : at + 2]` is a list of two; compare it with `[left, right]`.",
        ],
        misconceptions=[
            Misconception(
                "one symbol went into two pairs",
                "In a a a the middle a can join the first or the last, not both. After a pair go on by two.",
                words.merged_overlapping,
            ),
            Misconception(
                "only the first pair was merged",
                "The pair may stand in a word more than once.",
                words.merged_once,
            ),
            Misconception(
                "the order in the pair does not matter",
                "a n and n a are two different pairs.",
                words.merged_either_way,
            ),
            Misconception(
                "the second symbol of a pair stayed",
                "Both symbols become one: after a pair go on by two.",
                [("at += 2", "at += 1")],
            ),
            Misconception(
                "the pair was left out",
                "The two symbols do not vanish; they are written as one.",
                [("            merged.append(left + right)\n", "")],
            ),
        ],
        alternatives=[words.merged_with_a_flag, words.merged_by_popping],
    ),
    Exercise(
        "text.cells.rnn_cell",
        cells.rnn_cell,
        cases=answers.cells,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "Shapes first: x is (batch, inputs), w_ih is (size, inputs). Which of the two must be turned so that they multiply?",
            "Four terms inside the tanh: input times weight, its bias, state times weight, its bias.",
        ],
        misconceptions=[
            Misconception(
                "sigma was taken, as the article prints it",
                "A sigmoid gives states between 0 and 1 only, and its slope is a quarter at most. PyTorch's cell has tanh.",
                [(f"np.tanh({SUM})", f"1 / (1 + np.exp(-({SUM})))")],
            ),
            Misconception(
                "one of the two biases was forgotten",
                "PyTorch keeps one bias for the input and one for the state; the article's b is their sum.",
                [(SUM, SUM.replace(" + b_hh", ""))],
                variants=[[(SUM, SUM.replace(" + b_ih", ""))]],
            ),
            Misconception(
                "the old state was forgotten",
                "Without the state before, the cell knows this word only: no memory, no order.",
                [(SUM, SUM.replace(" + hidden @ w_hh.T", ""))],
            ),
            Misconception(
                "tanh was left out",
                "Without it the network is one long matrix product, and its state grows without end.",
                [(f"np.tanh({SUM})", f"({SUM})")],
            ),
            Misconception(
                "the weights from state to state were not turned",
                "A weight is (out, in): row i holds what arrives at number i. Multiply a row vector by its transpose.",
                [(SUM, SUM.replace("w_hh.T", "w_hh"))],
            ),
            Misconception(
                "the sum and the state were averaged in",
                "That is a different cell, with a gate fixed at one half. Elman's cell replaces its state.",
                [(f"np.tanh({SUM})", f"0.5 * hidden + 0.5 * np.tanh({SUM})")],
            ),
        ],
        alternatives=[answers.rnn_by_joined_matrix, answers.rnn_by_einsum],
    ),
    Exercise(
        "text.cells.masked_mean",
        cells.masked_mean,
        cases=answers.padded,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "A mask of shape (batch, time): `np.arange(time) < lengths[:, None]`.",
            "Multiply, sum over the time axis, divide by each sentence's own length; a length of 0 must not divide by 0.",
        ],
        misconceptions=[
            Misconception(
                "padding was averaged in",
                "The same sentence would read differently in another batch. Leave out what lies beyond its length.",
                [(" * mask[:, :, None]", ""), ("np.maximum(lengths, 1)[:, None]", "states.shape[1]")],
            ),
            Misconception(
                "padding was masked and still counted",
                "The sum is right; divide it by the number of *words*, not by the padded length.",
                [("np.maximum(lengths, 1)[:, None]", "states.shape[1]")],
            ),
            Misconception(
                "the last word was left out",
                "A sentence of 3 words has the steps 0, 1 and 2: all that are < 3.",
                [("np.arange(states.shape[1]) <", "np.arange(states.shape[1]) + 1 <")],
            ),
            Misconception(
                "one step of padding was counted",
                "Step number `length` is already padding.",
                [("np.arange(states.shape[1]) <", "np.arange(states.shape[1]) - 1 <")],
            ),
            Misconception(
                "an empty sentence divides by zero",
                "0 / 0 is NaN, and one NaN spoils the batch's loss. Divide by at least 1.",
                [("np.maximum(lengths, 1)", "lengths")],
            ),
            Misconception(
                "the sum was returned",
                "A long sentence would shout. Divide by its length.",
                [(" / np.maximum(lengths, 1)[:, None]", "")],
            ),
        ],
        alternatives=[answers.mean_with_a_loop, answers.mean_by_einsum],
    ),
    Exercise(
        "text.cells.step_back",
        cells.step_back,
        cases=answers.slopes,
        points=15,
        minutes=12,
        difficulty=4,
        hints=[
            "The slope of tanh at a is 1 - tanh(a)^2, and tanh(a) is the state itself.",
            "Forward the state was multiplied by the *turned* weights. On the way back?",
            "First through the tanh (element by element), then through the weights (a matrix product).",
        ],
        misconceptions=[
            Misconception(
                "the slope of the tanh was left out",
                "A saturated state passes hardly any gradient: multiply by 1 - h^2.",
                [("gradient * (1 - hidden**2)", "gradient")],
            ),
            Misconception(
                "the weights were turned on the way back, too",
                "Forward: hidden @ w_hh.T. The gradient goes the other way through the same arrows.",
                [("@ w_hh", "@ w_hh.T")],
            ),
            Misconception(
                "the slope of a sigmoid was taken",
                "h (1 - h) belongs to the sigmoid. For the tanh it is 1 - h^2.",
                [("(1 - hidden**2)", "hidden * (1 - hidden)")],
            ),
            Misconception(
                "first the weights, then the tanh",
                "Backwards the order is reversed: the tanh came last, so its slope comes first.",
                [
                    (
                        "    before_tanh = gradient * (1 - hidden**2)\n    return before_tanh @ w_hh\n",
                        "    return (gradient @ w_hh) * (1 - hidden**2)\n",
                    )
                ],
            ),
            Misconception(
                "the weights were left out",
                "Every number of the old state reaches every number of the new one, by w_hh.",
                [("before_tanh @ w_hh", "before_tanh")],
            ),
        ],
        alternatives=[answers.step_back_by_jacobian, answers.step_back_by_einsum],
    ),
    Exercise(
        "text.cells.clip_by_norm",
        cells.clip_by_norm,
        cases=answers.gradients,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "One norm for all: the root of the sum of all squares in all arrays.",
            "If it is larger than the limit, multiply *every* array by limit / norm; else leave them.",
        ],
        misconceptions=[
            Misconception(
                "each array was clipped by itself",
                "Then the arrays shrink by different factors and the step points elsewhere. One norm, one factor for all.",
                [
                    (
                        "    norm = np.sqrt(sum((one**2).sum() for one in gradients))\n    scale = limit / norm if norm > limit else 1.0\n"
                        "    return [one * scale for one in gradients]\n",
                        "    return [one * min(1.0, limit / max(np.sqrt((one**2).sum()), 1e-12)) for one in gradients]\n",
                    )
                ],
            ),
            Misconception(
                "every number was cut at the limit",
                "That is clipping by value: it bends the direction. Shorten the whole vector.",
                [("one * scale", "np.clip(one, -limit, limit)")],
            ),
            Misconception(
                "short gradients were stretched",
                "A gradient within the limit stays as it is; `limit / norm` above 1 would make it longer.",
                [
                    (
                        "limit / norm if norm > limit else 1.0",
                        "limit / max(norm, 1e-12)",
                    )
                ],
            ),
            Misconception(
                "the squared norm was compared",
                "Take the root before you compare with the limit.",
                [
                    (
                        "np.sqrt(sum((one**2).sum() for one in gradients))",
                        "sum((one**2).sum() for one in gradients)",
                    )
                ],
            ),
            Misconception(
                "long gradients were thrown away",
                "A zero step learns nothing from just the sentences that have most to say. Shorten it.",
                [("limit / norm if norm > limit else 1.0", "0.0 if norm > limit else 1.0")],
            ),
        ],
        alternatives=[answers.clipped_by_minimum, answers.clipped_in_two_cases],
        equivalent=["line 14:28 Gt -> GtE (norm > limit)"],
    ),
    Exercise(
        "text.cells.gru_cell",
        cells.gru_cell,
        cases=answers.gru_cells,
        points=15,
        minutes=15,
        difficulty=4,
        hints=[
            "`np.split(..., 3, axis=1)` parts a (batch, 3 size) array into reset, update and candidate.",
            "reset and update are sigmoids of input part plus state part.",
            "candidate = tanh(input part + reset * state part); the state part of the candidate has its bias in it already.",
            "The new state lies between candidate and old state; where update is 1, the old state stays.",
        ],
        misconceptions=[
            Misconception(
                "reset multiplies the state before the matrix, as in the paper",
                "PyTorch multiplies after the matrix and its bias. The paper's order is a fine cell, but PyTorch's weights "
                "do not fit it.",
                answers.gru_of_the_paper,
            ),
            Misconception(
                "update and 1 - update were exchanged",
                "In PyTorch an update gate of 1 *keeps* the old state. (In the paper's first version it is the same.)",
                [
                    (
                        "(1 - update) * candidate + update * hidden",
                        "update * candidate + (1 - update) * hidden",
                    )
                ],
            ),
            Misconception(
                "the reset gate was forgotten",
                "Without it the cell cannot drop its memory when a new clause begins.",
                [("new_x + reset * new_h", "new_x + new_h")],
            ),
            Misconception(
                "reset and update were exchanged",
                "PyTorch's rows are in the order reset, update, candidate.",
                [
                    ("reset_x, update_x, new_x =", "update_x, reset_x, new_x ="),
                    ("reset_h, update_h, new_h =", "update_h, reset_h, new_h ="),
                ],
            ),
            Misconception(
                "the candidate went through a sigmoid",
                "The gates are sigmoids, for they say how much. The candidate is a state, between -1 and 1: tanh.",
                [("np.tanh(new_x + reset * new_h)", "1 / (1 + np.exp(-(new_x + reset * new_h)))")],
            ),
            Misconception(
                "the old state is not kept at all",
                "Mix: (1 - update) times the candidate plus update times the old state. That sum is what carries memory far.",
                [("return (1 - update) * candidate + update * hidden", "return candidate")],
            ),
        ],
        alternatives=[answers.gru_by_slices, answers.gru_by_gates],
    ),
    Exercise(
        "text.slots.find_words",
        slots.find_words,
        cases=words.texts,
        points=10,
        minutes=10,
        difficulty=3,
        hints=[
            "How long is the longest word of the list? At each place try that length first, then shorter ones.",
            "After a find go on *behind* it; after none go on by one character. Python's `for ... else` is made for this.",
        ],
        misconceptions=[
            Misconception(
                "the shortest word was taken",
                "上海 would be found as nothing or as 海. Try long words first.",
                words.found_shortest,
            ),
            Misconception(
                "words overlap",
                "海 inside 上海 belongs to 上海: go on behind a word once it is found.",
                words.found_overlapping,
            ),
            Misconception(
                "each word was looked for once, anywhere",
                "Then words inside others are found, those that come twice are found once, and the order is the list's.",
                words.found_first_only,
            ),
            Misconception(
                "only the words were returned",
                "The place in the text is needed as well: (start, word).",
                [("found.append((start, piece))", "found.append(piece)")],
            ),
            Misconception(
                "the longest word is never tried",
                "`range` stops before its end and starts at its start: try `longest` itself.",
                [("range(longest, 0, -1)", "range(longest - 1, 0, -1)")],
            ),
        ],
        alternatives=[words.found_by_pattern, words.found_by_filter],
    ),
    Exercise(
        "text.slots.carry_over",
        slots.carry_over,
        cases=words.storyboards,
        points=10,
        minutes=10,
        difficulty=3,
        hints=[
            "Keep one dict of what was said last; each clause writes over it only what it says.",
            "Make a *new* dict for every shot: a list of ten times the same dict shows the same ten times.",
            "Before the loop: the first place that any clause names is where the film opens.",
        ],
        misconceptions=[
            Misconception(
                "nothing is carried over",
                "'The next morning' says a time and no place: the place is still the one of the clause before.",
                [("clause[slot] or last[slot]", "clause[slot]")],
            ),
            Misconception(
                "what was said first stays for ever",
                "A clause that says something new must win over what was carried.",
                [("clause[slot] or last[slot]", "last[slot] or clause[slot]")],
            ),
            Misconception(
                "the film opens nowhere",
                "A place that is named in a later clause holds from the beginning.",
                [('{"place": first,', '{"place": None,')],
            ),
            Misconception(
                "time and weather were carried backwards, too",
                "If it rains in clause 3, nobody says it rained in clause 1. Only the place holds from the beginning.",
                words.carried_backwards_too,
            ),
            Misconception(
                "all shots are the same dict",
                "`last.update(...)` changes the one dict that the list holds many times. Make a new one for each shot.",
                [
                    (
                        "        last = {slot: clause[slot] or last[slot] for slot in last}\n",
                        "        last.update({slot: clause[slot] or last[slot] for slot in last})\n",
                    )
                ],
            ),
        ],
        alternatives=[words.carried_with_loops, words.carried_by_looking_back],
    ),
]
