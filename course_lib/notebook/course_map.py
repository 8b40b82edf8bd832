"""The map of the course: the film's pipeline, with the lesson that builds each piece."""

STATIONS = {
    # name: (column, row, lesson, colour of the role)
    "a sentence": (0, 1, "", "C3"),
    "words and\nstoryboard": (1, 1, "04", "C0"),
    "captioned data": (1, 2, "05", "C3"),
    "key frames": (2, 2, "06", "C1"),
    "moving clips": (2, 1, "07", "C1"),
    "a voice, a room,\na tune": (2, 0, "08", "C2"),
    "compositing": (3, 1, "09", "C2"),
    "the film": (4, 1, "00", "C3"),
    "what people like": (5, 2, "10", "C0"),
    "who they are": (5, 1, "11", "C0"),
    "the right film\nfor each": (5, 0, "12", "C0"),
    "privacy,\nfairness, law": (4, 0, "13", "C2"),
    "theory and losses": (1, 3, "01  02", "C1"),
    "first image GAN": (2, 3, "03", "C1"),
}
WAYS = [
    ("a sentence", "words and\nstoryboard"),
    ("words and\nstoryboard", "moving clips"),
    ("words and\nstoryboard", "a voice, a room,\na tune"),
    ("captioned data", "key frames"),
    ("key frames", "moving clips"),
    ("moving clips", "compositing"),
    ("a voice, a room,\na tune", "compositing"),
    ("compositing", "the film"),
    ("the film", "who they are"),
    ("what people like", "who they are"),
    ("who they are", "the right film\nfor each"),
    ("the right film\nfor each", "privacy,\nfairness, law"),
    ("theory and losses", "first image GAN"),
    ("first image GAN", "key frames"),
]


def draw_map(done: tuple[str, ...] = ()) -> None:
    """Draw the map; lessons named in `done` are filled."""
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(figsize=(11, 4.6))
    wide, high = 0.78, 0.56
    for start, end in WAYS:
        (x0, y0, *_), (x1, y1, *_) = STATIONS[start], STATIONS[end]
        dx, dy = x1 - x0, y1 - y0
        # from edge to edge, so that no arrow runs through a box
        cut = min(wide / 2 / abs(dx) if dx else 9, high / 2 / abs(dy) if dy else 9)
        axes.annotate(
            "", (x1 - cut * dx, y1 - cut * dy), (x0 + cut * dx, y0 + cut * dy),
            arrowprops={"arrowstyle": "-|>", "color": "C3", "lw": 1.4, "shrinkA": 1, "shrinkB": 1},
        )  # fmt: skip
    for name, (x, y, lesson, colour) in STATIONS.items():
        filled = lesson in done
        box = plt.Rectangle(
            (x - wide / 2, y - high / 2),
            wide,
            high,
            facecolor=colour,
            alpha=0.85 if filled else 0.18,
            edgecolor=colour,
        )
        axes.add_patch(box)
        ink = "white" if filled else "black"
        axes.text(x, y + (0.07 if lesson else 0), name, ha="center", va="center", fontsize=9, color=ink)
        if lesson:
            axes.text(
                x,
                y - high / 2 + 0.04,
                f"lesson {lesson}",
                ha="center",
                va="bottom",
                fontsize=7.5,
                color=ink,
                alpha=0.9,
            )
    axes.text(5, -0.55, "14: the whole loop", ha="center", fontsize=9, style="italic")
    axes.set(xlim=(-0.5, 5.5), ylim=(-0.7, 3.4))
    axes.axis("off")
    plt.show()
