"""Exercises of lesson 02, losses that train."""

from course_lib.exercises import answers_02 as answers
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.gan import losses, rings
from course_lib.marking import gan_steps
from course_lib.marking.arguments import torch_leaves

LOGS = "return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()"

EXERCISES = [
    Exercise(
        "gan.losses.discriminator_loss",
        losses.discriminator_loss,
        cases=answers.two_batches,
        points=15,
        minutes=10,
        difficulty=3,
        make=torch_leaves,
        observe=gan_steps.value_and_slopes,
        hints=[
            "-log sigmoid(o) is log(1 + exp(-o)), and that is softplus(-o).",
            "-log(1 - sigmoid(o)) is softplus(o): the same with the sign of the logit turned.",
            "`F.softplus(...)` on each batch, `.mean()` of each, and the sum of the two.",
        ],
        misconceptions=[
            Misconception(
                "the loss is right on paper and overflows in the computer",
                "The logarithm of a sigmoid is -inf as soon as the sigmoid rounds to 0, and its gradient NaN. Write both "
                "steps as one: `F.softplus`.",
                answers.discriminator_loss_by_log,
            ),
            Misconception(
                "this is what the article prints",
                "Minimised, it pushes D down on *real* samples. And on fakes the probability of being right is 1 - D.",
                answers.published,
            ),
            Misconception(
                "real and fake were exchanged",
                "softplus(-o) is small where the logit is large. On which batch should logits be large?",
                [
                    ("F.softplus(-real_logits)", "F.softplus(real_logits)"),
                    ("+ F.softplus(fake_logits)", "+ F.softplus(-fake_logits)"),
                ],
            ),
            Misconception(
                "sums were taken where means are meant",
                "With sums the step would grow with the batch, and the two batches would weigh by their sizes.",
                [(LOGS, LOGS.replace("mean", "sum"))],
            ),
            Misconception(
                "the sigmoid was applied twice",
                "softplus takes the logit itself; the sigmoid is already in it.",
                [
                    (
                        LOGS,
                        LOGS.replace("-real_logits", "-torch.sigmoid(real_logits)").replace(
                            "(fake_logits)", "(torch.sigmoid(fake_logits))"
                        ),
                    )
                ],
            ),
            Misconception(
                "the two halves were averaged",
                "The value of the game is the *sum* of two expectations; half of it is another step size.",
                [(LOGS, LOGS.replace("return ", "return 0.5 * (") + ")")],
            ),
            Misconception(
                "the loss was turned into a number",
                "`.item()` and `.detach()` cut the graph: `backward` would find nothing. Return the tensor.",
                [(LOGS, LOGS.replace("return ", "return (") + ").detach()")],
            ),
        ],
        alternatives=[answers.discriminator_loss_by_cross_entropy, answers.discriminator_loss_by_logsigmoid],
    ),
    Exercise(
        "gan.losses.generator_loss",
        losses.generator_loss,
        cases=answers.one_batch,
        points=10,
        minutes=5,
        difficulty=2,
        make=torch_leaves,
        observe=gan_steps.value_and_slopes,
        hints=[
            "The non-saturating loss of lesson 01: -log D on the fakes.",
            "-log sigmoid(o) is softplus(-o).",
        ],
        misconceptions=[
            Misconception(
                "the loss is right on paper and overflows in the computer",
                "For a rejected fake the sigmoid rounds to 0: the loss is infinite and the gradient NaN. `F.softplus` does both steps in one.",
                answers.generator_loss_by_log,
            ),
            Misconception(
                "this is the saturating loss",
                "It has hardly any slope where the critic rejects the fakes. Take the one of lesson 01 that speaks there.",
                [("F.softplus(-fake_logits).mean()", "-F.softplus(fake_logits).mean()")],
            ),
            Misconception(
                "the generator helps the critic",
                "This is small where the critic *rejects* the fakes. The generator wants large logits.",
                [("F.softplus(-fake_logits)", "F.softplus(fake_logits)")],
            ),
            Misconception(
                "a sum was taken where a mean is meant",
                "With a sum the step would grow with the batch.",
                [(".mean()", ".sum()")],
            ),
        ],
        alternatives=[answers.generator_loss_by_cross_entropy, answers.generator_loss_by_logsigmoid],
    ),
    Exercise(
        "gan.losses.discriminator_step",
        losses.discriminator_step,
        seconds=40.0,  # a new environment's first optimiser step imports half of torch
        cases=answers.steps,
        points=15,
        minutes=10,
        difficulty=3,
        kind="step",
        make=gan_steps.step_arguments,
        observe=gan_steps.observe_step,
        hints=[
            "Make the fakes without a graph (`with torch.no_grad():`, or `.detach()`), then the loss of the two batches of logits.",
            "`optimiser.zero_grad()`, `loss.backward()`, `optimiser.step()`, in this order. Return `loss.item()`.",
        ],
        misconceptions=[
            Misconception(
                "the generator feels this step",
                "Its weights stay, but its gradients are filled, and its next step would add them. Cut the graph between the two: `detach` or `no_grad`.",
                [
                    (
                        "    with torch.no_grad():\n        fake = generator(noise)\n",
                        "    fake = generator(noise)\n",
                    )
                ],
            ),
            Misconception(
                "the old gradients were not emptied",
                "`backward` *adds* to what is there. Empty the gradients before it.",
                [("    optimiser.zero_grad()\n", "")],
            ),
            Misconception(
                "the discriminator did not move",
                "`backward` computes gradients, `step` moves the weights by them: both are needed, and a `zero_grad` "
                "between the two throws the gradients away.",
                [("    optimiser.step()\n", "")],
                variants=[
                    [
                        (
                            "    optimiser.zero_grad()\n    loss.backward()\n",
                            "    loss.backward()\n    optimiser.zero_grad()\n",
                        )
                    ]
                ],
            ),
            Misconception(
                "real and fake were exchanged",
                "`loss_of` takes the logits on *real* samples first.",
                [
                    (
                        "loss_of(discriminator(real), discriminator(fake))",
                        "loss_of(discriminator(fake), discriminator(real))",
                    )
                ],
            ),
            Misconception(
                "the critic was shown the noise",
                "It judges samples: the noise has to go through the generator first.",
                [("fake = generator(noise)", "fake = noise")],
            ),
        ],
        alternatives=[answers.discriminator_step_with_detach, answers.discriminator_step_in_one_batch],
    ),
    Exercise(
        "gan.losses.generator_step",
        losses.generator_step,
        seconds=40.0,  # a new environment's first optimiser step imports half of torch
        cases=answers.generator_steps,
        points=10,
        minutes=6,
        difficulty=3,
        kind="step",
        make=gan_steps.step_arguments,
        observe=gan_steps.observe_step,
        hints=[
            "The loss of the logits on fresh fakes. This time the graph must *not* be cut: the slope goes back through the critic into the generator.",
            "zero_grad, backward, step; the optimiser holds the generator's weights only, so the critic stays.",
        ],
        misconceptions=[
            Misconception(
                "the generator did not move",
                "Its weights are the same after the step. Is the graph cut (`detach` and `no_grad` belong to the other "
                "step), or does `optimiser.step()` not come last?",
                [("discriminator(generator(noise))", "discriminator(generator(noise).detach())")],
                variants=[
                    [("    optimiser.step()\n", "")],
                    [
                        (
                            "    optimiser.zero_grad()\n    loss.backward()\n",
                            "    loss.backward()\n    optimiser.zero_grad()\n",
                        )
                    ],
                ],
            ),
            Misconception(
                "the old gradients were not emptied",
                "`backward` *adds* to what is there, and the other step has been here.",
                [("    optimiser.zero_grad()\n", "")],
            ),
            Misconception(
                "the loss goes up",
                "A step with minus the loss climbs. The optimiser descends by itself.",
                [("loss.backward()", "(-loss).backward()")],
            ),
        ],
        alternatives=[answers.generator_step_with_frozen_critic, answers.generator_step_by_lines],
    ),
    Exercise(
        "gan.rings.mode_coverage",
        rings.mode_coverage,
        cases=answers.clouds,
        points=15,
        minutes=12,
        difficulty=3,
        hints=[
            "All distances at once: `samples[:, None] - centres[None]` has shape (n, k, 2).",
            "`argmin` over the centres gives the nearest, `min` its distance; keep the samples within 3 widths.",
            "`np.bincount(..., minlength=k)` counts per mode. Compare with a quarter of n / k.",
        ],
        misconceptions=[
            Misconception(
                "the squared distance was compared with the width",
                "Take the root before you compare with 3 widths.",
                [
                    (
                        "np.sqrt(((samples[:, None] - centres[None]) ** 2).sum(axis=2))",
                        "((samples[:, None] - centres[None]) ** 2).sum(axis=2)",
                    )
                ],
            ),
            Misconception(
                "samples that lie nowhere were counted, too",
                "A sample between two modes belongs to neither: count only those within three widths.",
                [("nearest[good]", "nearest")],
            ),
            Misconception(
                "a single sample was enough for a mode",
                "One stray sample does not make a mode. A quarter of the fair share is asked for.",
                [("counts >= len(samples) / len(centres) / 4", "counts > 0")],
            ),
            Misconception(
                "the full fair share was asked for",
                "A mode that gets a little less than its share is still reached; a quarter of the share is enough.",
                [("len(samples) / len(centres) / 4", "len(samples) / len(centres)")],
            ),
            Misconception(
                "one width was allowed, not three",
                "In the plane only 39 % of a Gaussian lie within one width of its centre, 99 % within three.",
                [("3 * width", "width")],
            ),
            Misconception(
                "the share of modes was returned",
                "The second answer is about *samples*: which share of them belongs to any mode.",
                [("float(good.mean())", "float((counts > 0).mean())")],
            ),
        ],
        alternatives=[answers.coverage_with_a_loop, answers.coverage_with_norms],
    ),
    Exercise(
        "gan.losses.hinge_discriminator_loss",
        losses.hinge_discriminator_loss,
        cases=answers.two_batches,
        points=10,
        minutes=6,
        difficulty=2,
        make=torch_leaves,
        observe=gan_steps.value_and_slopes,
        hints=[
            "A real logit of 3 is right by more than the margin and should cost nothing. What does one of 0.5 cost?",
            "max(0, 1 - real) and max(0, 1 + fake); `F.relu` is max(0, .).",
        ],
        misconceptions=[
            Misconception(
                "there is no margin",
                "A logit of 0.1 is right, but only just. The hinge asks for a margin of 1.",
                [("1 - real_logits", "-real_logits"), ("1 + fake_logits", "fake_logits")],
            ),
            Misconception(
                "real and fake were exchanged",
                "Which samples should have logits above 1?",
                [("1 - real_logits", "1 + real_logits"), ("1 + fake_logits", "1 - fake_logits")],
            ),
            Misconception(
                "what is right beyond the margin still counts",
                "Without max(0, .) this is the Wasserstein loss plus 2: it rewards ever larger logits.",
                [
                    ("F.relu(1 - real_logits)", "(1 - real_logits)"),
                    ("F.relu(1 + fake_logits)", "(1 + fake_logits)"),
                ],
            ),
            Misconception(
                "sums were taken where means are meant",
                "The two batches would weigh by their sizes.",
                [
                    (
                        "F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()",
                        "F.relu(1 - real_logits).sum() + F.relu(1 + fake_logits).sum()",
                    )
                ],
            ),
        ],
        alternatives=[answers.hinge_by_clamp, answers.hinge_by_where],
    ),
    Exercise(
        "gan.losses.relativistic_loss",
        losses.relativistic_loss,
        cases=answers.pairs,
        points=10,
        minutes=6,
        difficulty=3,
        make=torch_leaves,
        observe=gan_steps.value_and_slopes,
        hints=[
            "Look at one pair: how much larger is the real sample's logit than the fake one's?",
            "-log sigmoid(real - fake), stable: softplus of minus that difference. Mean last.",
        ],
        misconceptions=[
            Misconception(
                "this is the generator's side",
                "Real and fake are exchanged: this is small where the fake is the more real of the two.",
                [("fake_logits - real_logits", "real_logits - fake_logits")],
            ),
            Misconception(
                "the batches' means were compared, not pairs",
                "Each pair has a say of its own: first the softplus of each difference, then the mean.",
                [
                    (
                        "F.softplus(fake_logits - real_logits).mean()",
                        "F.softplus(fake_logits.mean() - real_logits.mean())",
                    )
                ],
            ),
            Misconception(
                "the difference itself is the loss",
                "Without the softplus it is the Wasserstein loss, which rewards ever larger differences.",
                [("F.softplus(fake_logits - real_logits)", "(fake_logits - real_logits)")],
            ),
            Misconception(
                "a sum was taken where a mean is meant",
                "With a sum the step would grow with the batch.",
                [(".mean()", ".sum()")],
            ),
        ],
        alternatives=[answers.relativistic_by_logsigmoid, answers.relativistic_by_cross_entropy],
    ),
    Exercise(
        "gan.losses.zero_centred_gradient_penalty",
        losses.zero_centred_gradient_penalty,
        cases=answers.sloped,
        points=20,
        minutes=15,
        difficulty=4,
        make=gan_steps.penalty_arguments,
        observe=gan_steps.observe_penalty,
        hints=[
            "The slope is taken in the *samples*, so they must ask for a gradient: `samples.detach().requires_grad_(True)`.",
            "`torch.autograd.grad(outputs.sum(), samples, create_graph=True)` gives a tuple with one (n, ...) tensor. The sum is a trick: each output depends on its own sample only.",
            "Square, sum over all axes but the first (`.flatten(1).sum(1)`), mean over the samples.",
        ],
        misconceptions=[
            Misconception(
                "the length was taken, not its square",
                "The penalty is the *squared* length: no root, no slope trouble at zero.",
                [
                    (
                        "slope.square().flatten(1).sum(1).mean()",
                        "slope.square().flatten(1).sum(1).sqrt().mean()",
                    )
                ],
            ),
            Misconception(
                "the mean runs over all numbers of the gradient",
                "Sum the squares within a sample, then take the mean over samples; otherwise a larger picture would be punished less.",
                [("slope.square().flatten(1).sum(1).mean()", "slope.square().mean()")],
            ),
            Misconception(
                "the penalty cannot be differentiated",
                "The value is right, but the discriminator's weights feel nothing of it. Which argument of `torch.autograd.grad` keeps the graph?",
                [(", create_graph=True", "")],
            ),
            Misconception(
                "the slope was centred at 1, as for the Wasserstein GAN",
                "Here the slope is drawn to zero. Drawing it to 1 is the other penalty.",
                [
                    (
                        "slope.square().flatten(1).sum(1).mean()",
                        "((slope.square().flatten(1).sum(1).sqrt() - 1) ** 2).mean()",
                    )
                ],
            ),
            Misconception(
                "the slope is that of the mean, not of each sample",
                "The gradient of a mean is n times too small. Take the sum of the outputs: each depends on its own sample only.",
                [("discriminator(samples).sum()", "discriminator(samples).mean()")],
            ),
            Misconception(
                "a sum over the samples was taken",
                "The mean over the batch is asked for: the penalty must not grow with it.",
                [("slope.square().flatten(1).sum(1).mean()", "slope.square().sum()")],
            ),
        ],
        alternatives=[answers.penalty_by_backward, answers.penalty_by_norm],
    ),
]
