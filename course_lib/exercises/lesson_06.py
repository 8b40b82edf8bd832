"""Exercises of lesson 06, text to key frame."""

from course_lib.exercises import answers_06 as answers
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.exercises.sources import begun
from course_lib.gan import keyframe
from course_lib.marking import keyframe as marking
from course_lib.marking.arguments import torch_leaves, torch_tensors

NORM = """    normal = (x - mean) / (variance + eps).sqrt()
    return normal * (1 + gain[:, :, None, None]) + shift[:, :, None, None]
"""
SQUARES = "    squares = (queries**2).sum(1)[:, None] - 2 * queries @ base.T + (base**2).sum(1)\n"
ORDER = "    indices = np.argsort(squares, axis=1)[:, :count]\n"
ROOT = "    distances = np.sqrt(np.maximum(np.take_along_axis(squares, indices, axis=1), 0))\n"

EXERCISES = [
    Exercise(
        "gan.keyframe.attribute_accuracy",
        keyframe.attribute_accuracy,
        cases=answers.readings,
        points=10,
        minutes=8,
        difficulty=2,
        make=marking.reading_arguments,
        hints=[
            "For one attribute: the likeliest word of each picture is `table.argmax(1)`; compare it with column k of the labels.",
            "Keep a table of yes and no, pictures by attributes. A mean over the pictures gives the shares; 'all' asks first "
            "whether a whole row is yes.",
        ],
        misconceptions=[
            Misconception(
                "'all' is the mean of the shares",
                "A picture with the right place and the wrong weather is a wrong picture: ask each picture whether "
                "*everything* in it is right, then count pictures.",
                [("float(right.all(axis=1).mean())", "float(right.mean())")],
            ),
            Misconception(
                "'all' is the product of the shares",
                "A product would be right if mistakes fell independently of each other. They do not: count the pictures.",
                [("float(right.all(axis=1).mean())", "float(np.prod(right.mean(axis=0)))")],
            ),
            Misconception(
                "one right attribute is enough",
                "Every attribute has to be right: `all`, not `any`.",
                [("right.all(axis=1)", "right.any(axis=1)")],
            ),
            Misconception(
                "the likeliest picture was sought, not the likeliest word",
                "Each row of a table is one picture: the largest number of its own row, axis 1.",
                [("table.argmax(1) == labels", "table.argmax(0)[labels[:, k]] == labels")],
            ),
            Misconception(
                "how sure the judge is was averaged",
                "The judge's probability of the right word is another number: here a picture is right or wrong, by its likeliest word.",
                [("table.argmax(1) == labels[:, k] for k", "table[np.arange(len(table)), labels[:, k]] for k"),
                 ("float(right.all(axis=1).mean())", "float(right.prod(axis=1).mean())")],
            ),
        ],
        alternatives=[answers.accuracy_by_columns, answers.accuracy_by_loops],
    ),
    Exercise(
        "gan.keyframe.concatenated",
        keyframe.concatenated,
        cases=answers.maps,
        points=5,
        minutes=6,
        difficulty=2,
        make=torch_leaves,
        hints=[
            "Give the condition two more axes of length 1, then let it be as high and as wide as x.",
            "`reshape(batch, d, 1, 1)`, `expand(...)`, and `torch.cat` along axis 1.",
        ],
        misconceptions=[
            Misconception(
                "the condition comes first",
                "x keeps its place: its channels first, then those of the condition.",
                [("torch.cat([x, spread], 1)", "torch.cat([spread, x], 1)")],
            ),
            Misconception(
                "the condition stands in one corner only",
                "A window that looks elsewhere would never see it: the same numbers belong at *every* position.",
                [("    return torch.cat([x, spread], 1)", "    corner = torch.zeros_like(spread)\n    corner[:, :, 0, 0] = condition\n    return torch.cat([x, corner], 1)")],
            ),
            Misconception(
                "the condition was added, not set beside",
                "Concatenated means *more channels*: c + d of them.",
                [("    return torch.cat([x, spread], 1)", "    return x + spread.mean(1, keepdim=True)")],
            ),
            Misconception(
                "every picture got the first one's condition",
                "Picture k goes with row k of the condition.",
                [("spread = condition.reshape(batch, d, 1, 1)", "spread = condition[:1].expand(batch, d).reshape(batch, d, 1, 1)")],
            ),
            Misconception(
                "the gradient was cut off",
                "With `detach` the pictures come out right, but the sentence can never learn from them.",
                [("spread = condition.reshape(", "spread = condition.detach().reshape(")],
                variants=[[("torch.cat([x, spread], 1)", "torch.cat([x, spread], 1).detach()")]],
            ),
        ],
        observe=marking.observe_joined,
        alternatives=[answers.concatenated_by_repeat, answers.concatenated_by_filling],
    ),
    Exercise(
        "gan.keyframe.conditional_batch_norm",
        keyframe.conditional_batch_norm,
        cases=answers.batches,
        points=15,
        minutes=15,
        difficulty=3,
        make=torch_tensors,
        skeleton=begun(keyframe.conditional_batch_norm, NORM),
        hints=[
            "First every channel gets mean 0 and variance 1; `keepdim=True` has left the axes in place, so the shapes fit.",
            "gain and shift have one number for each picture and channel: `gain[:, :, None, None]` stretches them over the map.",
            "A gain of 0 must leave the map as it is: multiply by one plus the gain.",
        ],
        misconceptions=[
            Misconception(
                "a gain of 0 wipes the picture out",
                "The condition's layer starts near 0. Multiplied by the gain alone, the map would start as nothing: one plus the gain.",
                [("normal * (1 + gain[:, :, None, None])", "normal * gain[:, :, None, None]")],
            ),
            Misconception(
                "the root is missing",
                "Divide by the standard deviation, the root of the variance.",
                [("(variance + eps).sqrt()", "(variance + eps)")],
            ),
            Misconception(
                "every picture was normalised for itself",
                "That is instance normalisation: how bright a picture is compared with the others of the batch would be lost. "
                "Batch normalisation takes mean and variance over the batch, too.",
                [("mean = x.mean((0, 2, 3), keepdim=True)", "mean = x.mean((2, 3), keepdim=True)"),
                 ("variance = ((x - mean) ** 2).mean((0, 2, 3), keepdim=True)", "variance = ((x - mean) ** 2).mean((2, 3), keepdim=True)")],
            ),
            Misconception(
                "one gain for the whole batch",
                "Each picture has its own condition: its own gain and shift. Their mean over the batch is ordinary batch normalisation.",
                [("(1 + gain[:, :, None, None]) + shift[:, :, None, None]",
                  "(1 + gain.mean(0)[None, :, None, None]) + shift.mean(0)[None, :, None, None]")],
            ),
            Misconception(
                "the shift was multiplied as well",
                "Scale first, then shift: the shift is added at the end, as it is.",
                [("normal * (1 + gain[:, :, None, None]) + shift[:, :, None, None]",
                  "(normal + shift[:, :, None, None]) * (1 + gain[:, :, None, None])")],
            ),
            Misconception(
                "eps was forgotten",
                "A channel that hardly varies has a variance near 0: eps keeps the division harmless.",
                [("(variance + eps).sqrt()", "variance.sqrt()")],
            ),
        ],
        alternatives=[answers.norm_by_library, answers.norm_by_flattening],
    ),
    Exercise(
        "gan.keyframe.class_logit",
        keyframe.class_logit,
        cases=answers.classes,
        points=10,
        minutes=10,
        difficulty=3,
        make=marking.class_arguments,
        hints=[
            "`table[labels[:, k]]` picks the row of each picture's own word of attribute k: (batch, d).",
            "Add up the rows of all the attributes, then one inner product with the features, picture by picture, over the root of d.",
        ],
        misconceptions=[
            Misconception(
                "the labels are not looked at",
                "A discriminator like this calls any real-looking picture right, whatever was asked for.",
                [(" + bias + (features * wanted).sum(1) / features.shape[1] ** 0.5", " + bias")],
            ),
            Misconception(
                "every attribute was looked up with the first label",
                "Table k answers to column k of the labels.",
                [("table[labels[:, k]]", "table[labels[:, 0].clamp(max=len(table) - 1)]")],
            ),
            Misconception(
                "the attributes were averaged",
                "Each attribute adds its own evidence: a sum.",
                [("(features * wanted).sum(1)", "(features * wanted).sum(1) / len(tables)")],
            ),
            Misconception(
                "the inner product is not scaled",
                "The sum of d products grows with the root of d: divide by it.",
                [(" / features.shape[1] ** 0.5", "")],
            ),
            Misconception(
                "every picture is compared with every other one's words",
                "Picture i belongs to row i: multiply number by number, then sum over axis 1.",
                [("(features * wanted).sum(1)", "(features @ wanted.T).sum(1)")],
            ),
            Misconception(
                "only the labels are looked at",
                "Without the first part the network cannot say that a picture is unreal whatever it shows.",
                [("features @ weight + bias + (features * wanted)", "(features * wanted)")],
            ),
        ],
        alternatives=[answers.class_logit_by_attribute, answers.class_logit_all_words],
    ),
    Exercise(
        "gan.keyframe.mismatched_loss",
        keyframe.mismatched_loss,
        cases=answers.pairs,
        points=10,
        minutes=10,
        difficulty=3,
        make=torch_leaves,
        observe=marking.observe_pairs,
        hints=[
            "What has to be small: the wrong logit less the right one. `F.softplus` of it is the price.",
            "Where the borrowed caption says the same, nothing is to be learnt: multiply by `differs`.",
            "Divide by how many differ, and by 1 where none does (`clamp(min=1)`).",
        ],
        misconceptions=[
            Misconception(
                "right and wrong are exchanged",
                "The loss is large where it should be small: the right caption must stand *above*.",
                [("F.softplus(wrong - right)", "F.softplus(right - wrong)")],
            ),
            Misconception(
                "captions that say the same were counted too",
                "A borrowed caption that says the same is not wrong. To push it down is to push the truth down.",
                [("F.softplus(wrong - right) * differs", "F.softplus(wrong - right) * torch.ones_like(right)"),
                 ("differs.sum().clamp(min=1)", "len(right)")],
            ),
            Misconception(
                "the mean was taken over the whole batch",
                "Divide by the number of pairs that *differ*: else the loss shrinks in batches where few do.",
                [("pairs.sum() / differs.sum().clamp(min=1)", "pairs.mean()")],
            ),
            Misconception(
                "a batch without a wrong caption gives NaN",
                "Nothing divided by nothing: let the divisor be at least 1.",
                [("differs.sum().clamp(min=1)", "differs.sum()")],
            ),
            Misconception(
                "the exponential overflows",
                "exp(800) is infinite, and the gradient with it. `F.softplus` knows the way round.",
                [("F.softplus(wrong - right) * differs", "torch.log(1 + torch.exp(wrong - right)) * differs")],
            ),
            Misconception(
                "only wrong logits are pushed down",
                "Compare the two logits of the *same* picture: how real it is then cancels out, and only the fit is left to learn.",
                [("F.softplus(wrong - right)", "F.softplus(wrong)")],
            ),
        ],
        alternatives=[answers.mismatched_by_choice, answers.mismatched_by_sigmoid],
    ),
    Exercise(
        "gan.keyframe.averaging_decay",
        keyframe.averaging_decay,
        cases=answers.moments,
        points=10,
        minutes=12,
        difficulty=3,
        hints=[
            "With a decay d, the weights of the last steps count 1, d, d^2, ... How large is d, if half_life steps make a half?",
            "At step number `step` there are step + 1 weights so far. What is the sum of 1 + d + ... + d^step?",
            "The newest weight counts 1 of that sum: this share comes from the newest, the rest stays.",
        ],
        misconceptions=[
            Misconception(
                "the start is not forgotten",
                "With the same decay from the first step on, the untrained weights stay in the mean for hundreds of steps. "
                "The shares of the weights seen so far must add up to 1.",
                [("    return 1 - (1 - decay) / (1 - decay ** (step + 1))", "    return decay")],
            ),
            Misconception(
                "the steps are counted from 1",
                "`step` is 0 for the first update: at that moment one weight has been seen, and nothing of the start may stay.",
                [("decay ** (step + 1)", "decay ** (step + 2)")],
            ),
            Misconception(
                "the half-life was taken for a time constant",
                "exp(-1 / half_life) leaves 37 % after half_life steps. Half of it should be left.",
                [("0.5 ** (1 / half_life)", "np.exp(-1 / half_life)")],
            ),
            Misconception(
                "the share of the new is returned",
                "Asked for is what *stays* of the old mean.",
                [("return 1 - (1 - decay)", "return (1 - decay)")],
            ),
            Misconception(
                "the half-life is applied in one step",
                "0.5 to the power half_life halves too often: after half_life steps *together* a half should be left.",
                [("0.5 ** (1 / half_life)", "0.5**half_life")],
            ),
        ],
        alternatives=[answers.decay_by_sum, answers.decay_by_ratio],
    ),
    Exercise(
        "gan.keyframe.truncated",
        keyframe.truncated,
        cases=answers.noises,
        points=10,
        minutes=12,
        difficulty=4,
        make=torch_tensors,
        skeleton=begun(keyframe.truncated, "    return torch.special.ndtri(below + u * (1 - 2 * below))\n"),
        hints=[
            "u says how large a share of the normal distribution lies below the number. Which share of it lies below -limit, and above limit?",
            "The truncated distribution keeps the quantiles from `below` to 1 - `below`: place u between those two.",
            "`torch.special.ndtri` goes from a quantile back to a number.",
        ],
        misconceptions=[
            Misconception(
                "the noise was clipped",
                "`clamp` heaps many numbers up at exactly the limit: another distribution, which the generator has never seen.",
                [("torch.special.ndtri(below + u * (1 - 2 * below))", "noise.clamp(-limit, limit)")],
            ),
            Misconception(
                "the noise was scaled",
                "A scaled normal distribution still reaches beyond any limit. Between the limits it should be the normal one.",
                [("torch.special.ndtri(below + u * (1 - 2 * below))", "noise * limit")],
            ),
            Misconception(
                "the numbers were spread evenly",
                "A quantile is not a number of noise: go back with `torch.special.ndtri`.",
                [("torch.special.ndtri(below + u * (1 - 2 * below))", "limit * (2 * u - 1)")],
            ),
            Misconception(
                "only one tail was cut off",
                "There is a tail on either side: 1 - 2 below is left in the middle.",
                [("u * (1 - 2 * below)", "u * (1 - below)")],
            ),
            Misconception(
                "the lower edge was forgotten",
                "The smallest u must land at -limit: the quantiles begin at `below`, not at 0.",
                [("torch.special.ndtri(below + u * (1 - 2 * below))", "torch.special.ndtri(u * (1 - 2 * below))")],
            ),
        ],
        alternatives=[answers.truncated_by_erf, answers.truncated_by_distribution],
    ),
    Exercise(
        "gan.keyframe.slerp",
        keyframe.slerp,
        cases=answers.arcs,
        points=10,
        minutes=10,
        difficulty=3,
        make=torch_tensors,
        hints=[
            "The cosine of the angle is the inner product over both lengths; rounding may carry it past 1, so clamp it before `acos`.",
            "`shares[:, None]` makes a column: one row of the result for each share.",
            "sin(w) is 0 for two noises of the same direction: go straight there.",
        ],
        misconceptions=[
            Misconception(
                "the way is straight",
                "The middle of a straight line is too short: noise of a length that the generator hardly ever saw.",
                [("    if angle < 1e-4:\n", "    if True:\n")],
            ),
            Misconception(
                "the lengths were left out of the angle",
                "The inner product is the cosine only for vectors of length 1: divide by both lengths.",
                [("(a @ b) / (a.norm() * b.norm())", "(a @ b)")],
            ),
            Misconception(
                "it begins at b",
                "A share of 0 is a, a share of 1 is b.",
                [("(torch.sin((1 - s) * angle) * a + torch.sin(s * angle) * b)", "(torch.sin(s * angle) * a + torch.sin((1 - s) * angle) * b)")],
            ),
            Misconception(
                "divided by zero where both point the same way",
                "sin(0) is 0: for such a pair the straight line does.",
                [("    if angle < 1e-4:\n        return (1 - s) * a + s * b\n", "")],
            ),
            Misconception(
                "the division by sin(w) is missing",
                "At a share of 0 the factor of a is sin(w): divide by it, that it becomes 1.",
                [(" / torch.sin(angle)", "")],
            ),
        ],
        alternatives=[answers.slerp_by_loop, answers.slerp_by_rotation],
        equivalent=[
            "line 15:7 Lt -> LtE (angle < 0.0001)",
            "line 13:40 + 1 (1)",  # only rounding carries a cosine over 1, and in no case here
        ],
    ),
    Exercise(
        "gan.keyframe.nearest_neighbours",
        keyframe.nearest_neighbours,
        cases=answers.clouds,
        points=10,
        minutes=12,
        difficulty=3,
        skeleton=begun(keyframe.nearest_neighbours, SQUARES + ORDER + ROOT),
        hints=[
            "Expand |q - b|^2 = |q|^2 - 2 q b + |b|^2: the middle part of all pairs is one matrix product, `queries @ base.T`.",
            "`np.argsort(..., axis=1)[:, :count]` gives the smallest of each row, in order; `np.take_along_axis` picks their values.",
            "Rounding may leave a square a little below 0: `np.maximum(..., 0)` before the root.",
        ],
        misconceptions=[
            Misconception(
                "the farthest were returned",
                "`argsort` goes from small to large: the nearest come first.",
                [("np.argsort(squares, axis=1)[:, :count]", "np.argsort(-squares, axis=1)[:, :count]")],
            ),
            Misconception(
                "neighbours were sought among the queries",
                "One row for each query: sort along axis 1, over the base.",
                [("    indices = np.argsort(squares, axis=1)[:, :count]\n",
                  "    indices = np.argsort(squares, axis=0)[:count].T\n    squares = squares.T\n")],
            ),
            Misconception(
                "the distances are squares",
                "A distance is the root of the sum of squares.",
                [("np.sqrt(np.maximum(np.take_along_axis(squares, indices, axis=1), 0))",
                  "np.maximum(np.take_along_axis(squares, indices, axis=1), 0)")],
            ),
            Misconception(
                "the product was taken once",
                "(q - b)^2 = q^2 - 2 q b + b^2: the middle part counts twice.",
                [("- 2 * queries @ base.T", "- queries @ base.T")],
            ),
            Misconception(
                "the lengths of the base were left out",
                "Without |b|^2 the longest row of the base is everybody's neighbour.",
                [("queries @ base.T + (base**2).sum(1)\n    indices", "queries @ base.T\n    indices")],
            ),
        ],
        alternatives=[answers.neighbours_by_differences, answers.neighbours_by_loop],
        equivalent=[  # the default is the last axis
            "line 14:14 without axis= (np.argsort(squares, axis=1))",
            "line 15:35 without axis= (np.take_along_axis(squares, indices, axi)",
        ],
    ),
]  # fmt: skip
