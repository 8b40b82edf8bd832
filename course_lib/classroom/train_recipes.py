"""What `course train` trains: the recipe of a command line, and the command line of a recipe."""

from dataclasses import replace

from course_lib.errors import CourseError


def recipe_for(args, profile: str):
    """The recipe of a command line."""
    from course_lib.gan.recipe import Recipe

    sizes = {
        "smoke": {"clips": 60, "warm": 2, "batch": 4, "sayings": 1},
        "quick": {},
        "full": {"size": 64, "frames": 16, "batch": 64, "clips": 20_000, "wide": 64, "rate_d": 5e-4},
    }[profile]
    recipe = Recipe(world=args.world, seed=args.seed, **sizes)
    if args.folder:
        # Somebody's own film may hold anything: the decoder that draws every frame takes everything.
        recipe = replace(recipe, generator="frames", world="own")
        recipe = replace(recipe, weights=replace(recipe.weights, gamma=0.5))
    elif args.world == "scenery":
        recipe = landscape(recipe, profile, grows=bool(args.grow))
    given = {key: getattr(args, key) for key in ("size", "frames", "batch", "steps", "generator", "steady")}
    recipe = replace(recipe, **{key: value for key, value in given.items() if value is not None})
    steps = args.steps is None or args.steps > 0
    if recipe.frames < 2 or recipe.batch < 2 or not steps or not 0 < recipe.steady <= 1:
        raise CourseError(
            "--frames and --batch must be 2 or more, --steps 1 or more, --steady above 0 and at most 1."
        )
    return recipe


def landscape(recipe, profile: str, *, grows: bool):
    """The recipe of landscapes: a gentle penalty, a faster discriminator, and as much variety as real clips have.

    One that goes on at a larger size moves half as fast: at full speed it forgets more than it gains. For a GPU, a larger
    generator and more clips.
    """
    # apart: mean difference of two real clips that show the same, with 32 rows and after averaging 4 x 4 pixels
    weights = replace(recipe.weights, gamma=0.3, apart=0.125)
    rates = {"rate": 5e-4, "rate_d": 2.5e-4, "steady": 0.75} if grows else {"rate_d": 5e-4}
    if grows:
        weights = replace(weights, diversity=50)
    clips = {"smoke": recipe.clips, "quick": 14_000, "full": 32_000}[profile]
    generator = "panorama" if profile == "full" else "landscape"
    if profile == "full":
        weights = replace(weights, diversity=50 if grows else 30)
        rates |= {"warm": 150, "average": 0.999 if grows else recipe.average}
    return replace(recipe, world="scenery", generator=generator, clips=clips, weights=weights, **rates)


def again(args, recipe) -> str:
    """The command that makes the same training again."""
    what = f"--folder {args.folder.name}" if args.folder else f"--world {recipe.world}"
    parts = [what, f"--generator {recipe.generator}", f"--size {recipe.size}", f"--frames {recipe.frames}",
             f"--batch {recipe.batch}", f"--seed {recipe.seed}", f"--steps {recipe.steps}",
             f"--steady {recipe.steady:g}"]  # fmt: skip
    if args.profile:
        parts.insert(0, f"--profile {args.profile}")
    if args.grow:
        parts.append(f"--grow {args.grow.name}")
    if args.compile:
        parts.append("--compile")
    return "python course.py train video " + " ".join(parts)
