"""Exercises of lesson 07, text to video."""

from course_lib.exercises import answers_07 as answers
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.exercises.files_07 import ARTEFACTS
from course_lib.exercises.sources import begun
from course_lib.gan import judge, layers, scores
from course_lib.marking import video
from course_lib.marking.arguments import torch_tensors

ROWS = "    rows = [1 / scale, zero, -shift[..., 0] / scale, zero, 1 / scale, -shift[..., 1] / scale]\n"

__all__ = ["ARTEFACTS", "EXERCISES"]

EXERCISES = [
    Exercise(
        "gan.layers.over",
        layers.over,
        cases=answers.blends,
        points=5,
        minutes=4,
        difficulty=1,
        make=torch_tensors,
        hints=[
            "The colour has been multiplied by alpha already. What share of the picture below still shows?",
            "alpha = 1 must give the colour alone, alpha = 0 the picture below alone: which factor of `below` does both?",
        ],
        misconceptions=[
            Misconception(
                "alpha was applied twice",
                "'Premultiplied' means that the colour already holds its alpha: add it as it is.",
                [("colour + (1 - alpha)", "colour * alpha + (1 - alpha)")],
            ),
            Misconception(
                "alpha is turned round",
                "alpha = 1 hides what lies below. How much of it shows at alpha = 0?",
                [("(1 - alpha) * below", "alpha * below")],
            ),
            Misconception(
                "the picture below shines through",
                "Where the layer is opaque nothing of the picture below may show: it is weakened by 1 - alpha.",
                [("(1 - alpha) * below", "below")],
            ),
        ],
        alternatives=[answers.over_by_lerp, answers.over_with_where],
    ),
    Exercise(
        "gan.layers.place",
        layers.place,
        cases=answers.paths,
        points=15,
        minutes=15,
        difficulty=4,
        make=torch_tensors,
        skeleton=begun(layers.place, ROWS),
        hints=[
            "A point q of the layer is shown at p = scale q + shift. Solve for q: that is what the sampler asks.",
            "q = p / scale - shift / scale, for x and for y: two rows of three numbers.",
            "The first three entries, those of x: 1 / scale, zero, -shift[..., 0] / scale. Those of y look alike.",
        ],
        misconceptions=[
            Misconception(
                "the layer was mapped the wrong way round",
                "The grid says where each pixel of the *frame* comes from. A layer twice as large is read at half the distance.",
                [("rows = [1 / scale, zero, -shift[..., 0] / scale, zero, 1 / scale, -shift[..., 1] / scale]",
                  "rows = [scale, zero, shift[..., 0], zero, scale, shift[..., 1]]")],
            ),
            Misconception(
                "it moves the wrong way",
                "To show the layer further right, each pixel must look further *left* in it.",
                [("-shift[..., 0] / scale", "shift[..., 0] / scale"), ("-shift[..., 1] / scale", "shift[..., 1] / scale")],
            ),
            Misconception(
                "the shift forgets the scale",
                "The shift is measured in the frame, the grid in the layer: a layer half as large has to be read twice as far away.",
                [("-shift[..., 0] / scale", "-shift[..., 0]"), ("-shift[..., 1] / scale", "-shift[..., 1]")],
            ),
            Misconception(
                "x and y were exchanged",
                "The first row makes x, the second y; shift[..., 0] is x.",
                [("shift[..., 0]", "shift[..., 9]"), ("shift[..., 1]", "shift[..., 0]"), ("shift[..., 9]", "shift[..., 1]")],
            ),
            Misconception(
                "the layer keeps its size",
                "The numbers on the diagonal of the matrix resize: a layer twice as large is read at half the distance.",
                [("rows = [1 / scale,", "rows = [torch.ones_like(scale),"), ("zero, 1 / scale,", "zero, torch.ones_like(scale),")],
            ),
        ],
        alternatives=[answers.place_by_grid, answers.place_by_repeat],
        equivalent=[  # the default is the same
            "line 20:11 without align_corners= (F.affine_grid(matrix, (batch * frames, c)",
            "line 23:11 without align_corners= (F.grid_sample(layer, grid, align_corners)",
        ],
    ),
    Exercise(
        "gan.layers.motion_states",
        layers.motion_states,
        cases=answers.cells,
        points=10,
        minutes=6,
        difficulty=2,
        make=video.cell_arguments,
        observe=video.observe_states,
        hints=[
            "A loop over the frames: each state is made from the drive and the state before it.",
            "Keep every state in a list and `torch.stack(states, 1)`: the frames come after the batch.",
        ],
        misconceptions=[
            Misconception(
                "every frame begins anew",
                "The cell got the start state each time: nothing moves on. Hand it the state before.",
                [("state = cell(drive, state)", "state = cell(drive, start)")],
            ),
            Misconception(
                "the start counts as a frame",
                "The first frame's state is the one *after* a step.",
                [("        state = cell(drive, state)\n        states.append(state)", "        states.append(state)\n        state = cell(drive, state)")],
            ),
            Misconception(
                "the gradient was cut off",
                "With `detach` a frame cannot teach the frames before it: the states are right, and nothing is learnt over time.",
                [("state = cell(drive, state)", "state = cell(drive, state.detach())")],
            ),
            Misconception(
                "frames and batch are exchanged",
                "The result is (batch, frames, h): stack along axis 1.",
                [("torch.stack(states, 1)", "torch.stack(states, 0)")],
            ),
            Misconception(
                "the drive stops after the first frame",
                "Text and noise drive every frame, not only the first.",
                [("        state = cell(drive, state)\n", "        state = cell(drive if not states else torch.zeros_like(drive), state)\n")],
            ),
        ],
        alternatives=[answers.motion_states_by_index, answers.motion_states_in_a_list],
    ),
    Exercise(
        "gan.layers.stack_frames",
        layers.stack_frames,
        cases=answers.clips,
        points=5,
        minutes=5,
        difficulty=2,
        make=torch_tensors,
        hints=[
            "The channels of frame 0 come first, then those of frame 1: time has to stand before the channels.",
            "`clips.transpose(1, 2)` and then one `reshape`.",
        ],
        misconceptions=[
            Misconception(
                "frames and channels were mixed up",
                "A reshape alone puts all frames of *red* first. Exchange the two axes before it.",
                [("clips.transpose(1, 2).reshape(", "clips.reshape(")],
            ),
            Misconception(
                "the frames became more clips",
                "Here one clip stays one picture: with the frames in its channels, not in the batch.",
                [("reshape(batch, frames * channels,", "reshape(batch * frames, channels,")],
            ),
            Misconception(
                "only one frame is left",
                "The network must see all the frames at once: else there is no motion to see.",
                [("return clips.transpose(1, 2).reshape(batch, frames * channels, height, width)", "return clips[:, :, 0]")],
            ),
            Misconception(
                "the frames were averaged",
                "An average of the frames has lost their order: left and right look the same in it.",
                [("return clips.transpose(1, 2).reshape(batch, frames * channels, height, width)", "return clips.mean(2)")],
            ),
        ],
        alternatives=[answers.stack_frames_by_permute, answers.stack_frames_by_cat],
    ),
    Exercise(
        "gan.layers.projection_logit",
        layers.projection_logit,
        cases=answers.projections,
        points=10,
        minutes=8,
        difficulty=3,
        make=torch_tensors,
        hints=[
            "Two parts: features @ weight + bias does not look at the text; the inner product of features and text does.",
            "The inner product is taken clip by clip: (features * text).sum(1), divided by the root of d.",
        ],
        misconceptions=[
            Misconception(
                "the text is not looked at",
                "A discriminator like this calls any real-looking clip right, whatever was asked for. Add the inner product with the text.",
                [("    return alone + (features * text).sum(1) / features.shape[1] ** 0.5\n", "    return alone\n")],
            ),
            Misconception(
                "the inner product is not scaled",
                "The sum of d products grows with the root of d: divide by it.",
                [(" / features.shape[1] ** 0.5", "")],
            ),
            Misconception(
                "every clip is compared with every caption",
                "features @ text.T compares all pairs; here clip i belongs to caption i: multiply item by item, then sum over axis 1.",
                [("(features * text).sum(1) / features.shape[1] ** 0.5", "(features @ text.T).sum(1) / features.shape[1] ** 0.5")],
            ),
            Misconception(
                "everything was divided by the root of d",
                "Only the product with the text grows with d and is divided; the first part stays.",
                [("    return alone + (features * text).sum(1) / features.shape[1] ** 0.5\n", "    return (alone + (features * text).sum(1)) / features.shape[1] ** 0.5\n")],
            ),
            Misconception(
                "divided by d, not by its root",
                "`mean` divides by d; the sum of d products grows with the *root* of d.",
                [("(features * text).sum(1) / features.shape[1] ** 0.5", "(features * text).mean(1)")],
            ),
            Misconception(
                "only the text is looked at",
                "Without the first part the network cannot say that a clip is unreal whatever the caption is.",
                [("alone + (features * text)", "(features * text)")],
            ),
        ],
        alternatives=[answers.projection_by_einsum, answers.projection_in_one],
    ),
    Exercise(
        "gan.layers.mismatched",
        layers.mismatched,
        cases=answers.label_tables,
        points=10,
        minutes=10,
        difficulty=3,
        hints=[
            "For each k look at k + 1, k + 2, ..., and go on at 0 after the last: the remainder `% count` does it.",
            "Take the first whose labels differ anywhere, `(a != b).any()`, and stop looking (`break`).",
        ],
        misconceptions=[
            Misconception(
                "a neighbour may show the same thing",
                "Two clips in a batch may well have the same labels: then the 'wrong' caption is right, and the discriminator learns nonsense.",
                [("            if (labels[other % count] != labels[k]).any():\n", "            if True:\n")],
            ),
            Misconception(
                "everything has to be different",
                "A caption is wrong as soon as *one* attribute differs; those are the ones worth learning from.",
                [("labels[k]).any():", "labels[k]).all():")],
            ),
            Misconception(
                "the search stops at the end of the batch",
                "It goes round: after the last item comes the first.",
                [("range(k + 1, k + count)", "range(k + 1, count)")],
            ),
            Misconception(
                "the last one was taken, not the next",
                "Stop at the first that differs (`break`).",
                [("                break\n", "")],
            ),
        ],
        alternatives=[answers.mismatched_by_roll, answers.mismatched_by_lists],
    ),
    Exercise(
        "gan.layers.attribute_loss",
        layers.attribute_loss,
        cases=answers.heads,
        points=10,
        minutes=7,
        difficulty=2,
        make=video.heads_arguments,
        observe=video.observe_heads,
        hints=[
            "Column k of the labels belongs to the k-th table of the dict: `enumerate(logits.values())`.",
            "`F.cross_entropy` takes logits and is a mean over the batch; sum the attributes.",
        ],
        misconceptions=[
            Misconception(
                "the attributes were averaged",
                "Summed, not averaged: every attribute counts in full, however many there are.",
                [("return sum(F.cross_entropy(table, labels[:, k]) for k, table in enumerate(logits.values()))",
                  "return sum(F.cross_entropy(table, labels[:, k]) for k, table in enumerate(logits.values())) / len(logits)")],
            ),
            Misconception(
                "the softmax was taken twice",
                "`F.cross_entropy` takes logits; it has the softmax in it.",
                [("F.cross_entropy(table,", "F.cross_entropy(table.softmax(1),")],
            ),
            Misconception(
                "every head is asked for the first attribute",
                "Head k answers to column k of the labels.",
                [("F.cross_entropy(table, labels[:, k]) for", "F.cross_entropy(table, labels[:, 0].clamp(max=table.shape[1] - 1)) for")],
            ),
            Misconception(
                "a sum over the batch",
                "A mean over the batch: the loss must not grow with the number of clips.",
                [("F.cross_entropy(table, labels[:, k])", "F.cross_entropy(table, labels[:, k], reduction='sum')")],
            ),
        ],
        alternatives=[answers.attribute_loss_by_log_softmax, answers.attribute_loss_by_zip],
    ),
    Exercise(
        "gan.layers.update_average",
        layers.update_average,
        cases=answers.averages,
        points=10,
        minutes=7,
        difficulty=2,
        kind="step",
        make=video.average_arguments,
        observe=video.observe_average,
        hints=[
            "new mean = decay x old mean + (1 - decay) x weight, for each pair of parameters.",
            "Inside `torch.no_grad()`, and in place (`lerp_`, `copy_`, `mul_`): `mean = ...` would only rename.",
        ],
        misconceptions=[
            Misconception(
                "old and new are exchanged",
                "decay is the share of the *old* value that stays: .997 means that a step changes little.",
                [("1 - decay", "decay")],
            ),
            Misconception(
                "nothing was changed",
                "`average` itself is as before: `mean = ...` only gives a name to a new tensor. Change its weights in place, and return nothing.",
                [("mean.lerp_(weight, 1 - decay)", "mean = mean.lerp(weight, 1 - decay)")],
            ),
            Misconception(
                "the model was changed",
                "The model in training must stay as it is; only the average moves.",
                [("mean.lerp_(weight, 1 - decay)", "weight.lerp_(mean, decay)")],
            ),
            Misconception(
                "the last weights were copied",
                "A copy forgets everything: the mean over many steps is what makes the picture steady.",
                [("mean.lerp_(weight, 1 - decay)", "mean.copy_(weight)")],
            ),
        ],
        alternatives=[answers.update_average_by_hand, answers.update_average_by_data],
    ),
    Exercise(
        "gan.judge.frechet_distance",
        judge.frechet_distance,
        cases=answers.feature_clouds,
        points=15,
        minutes=12,
        difficulty=4,
        hints=[
            "Three things: the squared distance of the means, the traces of both covariances, minus twice the trace of a matrix root.",
            "The trace of the root of A @ B is the sum of the roots of its eigenvalues: `np.linalg.eigvals(A @ B).real`, not below 0.",
        ],
        misconceptions=[
            Misconception(
                "only the means were compared",
                "Two sets may have the same mean and look nothing alike: the covariances belong to it.",
                [
                    (
                        "return float(gap @ gap + np.trace(A) + np.trace(B) - 2 * roots.sum())",
                        "return float(gap @ gap)",
                    )
                ],
            ),
            Misconception(
                "the root was taken number by number",
                "The root of a matrix is a matrix R with R @ R = A @ B; the roots of its entries are something else. Take the eigenvalues.",
                [("np.maximum(np.linalg.eigvals(A @ B).real, 0)", "np.abs(np.diag(A @ B))")],
            ),
            Misconception(
                "the matrices were multiplied number by number",
                "A B is a product of matrices: `A @ B`, not `A * B`.",
                [("eigvals(A @ B)", "eigvals(A * B)")],
            ),
            Misconception(
                "the root was forgotten",
                "The eigenvalues of A @ B are squares of what is wanted: take their roots before the sum.",
                [
                    (
                        "np.sqrt(np.maximum(np.linalg.eigvals(A @ B).real, 0))",
                        "np.maximum(np.linalg.eigvals(A @ B).real, 0)",
                    )
                ],
            ),
            Misconception(
                "a root was taken at the end",
                "This is the square of the distance: no root at the end, and the gap of the means squared.",
                [("return float(gap @ gap + np.trace(A) + np.trace(B) - 2 * roots.sum())", "return float(np.sqrt(max(gap @ gap + np.trace(A) + np.trace(B) - 2 * roots.sum(), 0)))")],
            ),
            Misconception(
                "the root counts once",
                "It is counted twice, so that equal covariances cancel: A + A - 2 A.",
                [("- 2 * roots.sum()", "- roots.sum()")],
            ),
        ],
        alternatives=[answers.frechet_by_matrix_root, answers.frechet_by_symmetric_root],
    ),
    Exercise(
        "gan.scores.r_precision",
        scores.r_precision,
        cases=answers.tables,
        points=10,
        minutes=8,
        difficulty=3,
        hints=[
            "In each row: is the diagonal value larger than the largest of the others?",
            "Put -inf on the diagonal of a copy, take the maximum of every row, compare.",
        ],
        misconceptions=[
            Misconception(
                "captions look for clips",
                "A row is a clip: it looks for its caption among the columns. By columns the question is another one.",
                [("others.max(1)", "others.max(0)")],
            ),
            Misconception(
                "the whole table was searched",
                "Each clip is compared within its own row: `max(1)`, one number for each row.",
                [("others.max(1)", "others.max()")],
            ),
            Misconception(
                "a tie counts as right",
                "A clip that fits another caption just as well has not been told apart: strictly larger.",
                [("np.diag(scores) > others.max(1)", "np.diag(scores) >= others.max(1)")],
            ),
            Misconception(
                "the count was not divided",
                "A share: the mean, not the sum.",
                [(".mean())", ".sum())")],
            ),
            Misconception(
                "one must beat the mean of the others",
                "Right at first guess means above *every* other caption: the largest, not the mean.",
                [("    np.fill_diagonal(others, -np.inf)\n    return float((np.diag(scores) > others.max(1)).mean())",
                  "    np.fill_diagonal(others, 0)\n    return float((np.diag(scores) > others.sum(1) / (len(scores) - 1)).mean())")],
            ),
        ],
        alternatives=[answers.r_precision_by_loop, answers.r_precision_by_count],
    ),
]  # fmt: skip
