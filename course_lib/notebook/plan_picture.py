"""A timeline drawn: one row a layer, one a kind of sound, time to the right."""

import matplotlib.pyplot as plt

COLOURS = {"picture": "#4878a8", "title": "#d1622b", "sound": "#5a9367"}


def draw_plan(plan: dict, now: float | None = None, width: float = 10.0):
    """Draw a plan, see `course_lib.film.plan`.

    Args:
        plan: plain data.
        now: a moment to be marked with a line.
        width: of the figure in inches.
    """
    rows = _rows(plan)
    names = list(rows)
    _, axes = plt.subplots(figsize=(width, 0.8 + 0.42 * len(names)))
    for height, name in enumerate(names):
        for item in rows[name]:
            _bar(axes, item, height, plan["seconds"], width)
    if now is not None:
        axes.axvline(now, color="black", lw=1)
    axes.set(xlim=(0, plan["seconds"]), ylim=(-0.6, len(names) - 0.4), xlabel="seconds")
    axes.set_yticks(range(len(names)), names)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(left=False)
    plt.show()


def _rows(plan: dict) -> dict[str, list[dict]]:
    """Name of a row -> its items; what is heard below, then the layers, the highest on top."""
    rows: dict[str, list[dict]] = {}
    sounds = [item for item in plan["items"] if item["kind"] == "sound"]
    for item in reversed(sounds):
        rows.setdefault("sound: " + item["name"].rstrip(" 0123456789"), []).append(item)
    seen = [item for item in plan["items"] if item["kind"] != "sound"]
    for layer in sorted({item["layer"] for item in seen}):
        rows[f"layer {layer}"] = [item for item in seen if item["layer"] == layer]
    return rows


def _bar(axes, item: dict, height: float, seconds: float, width: float) -> None:
    """An item: a bar whose ends slope where it fades."""
    start, end = item["start"], item["end"]
    rise, fall = item.get("fade_in", 0.0), item.get("fade_out", 0.0)
    low, high = height - 0.36, height + 0.36
    colour = COLOURS[item["kind"]]
    corners = [(start, low), (start + rise, high), (end - fall, high), (end, low)]
    axes.fill(*zip(*corners), color=colour, alpha=0.85, lw=0)
    room = (end - start) / seconds * 0.85 * width * 72  # points
    name, wide = item["name"].replace("\n", " "), 7.0
    length = sum(wide * (1.45 if ord(character) > 0x2E80 else 0.8) for character in name)
    if length > room - 6:
        keep = int(len(name) * max(0.0, room - 14) / length)
        name = name[:keep] + "…" if keep >= 2 else ""
    axes.text((start + end) / 2, height, name, ha="center", va="center", fontsize=9, color="white")
