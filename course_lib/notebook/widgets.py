"""Sliders over a picture, in JupyterLab and on Colab (ipywidgets 7 and 8); called once where nobody looks."""

import os


def explore(draw, **ranges):
    """Draw a figure again whenever a slider moves.

    Each slider can be moved by mouse or, once it has the focus, with the arrow keys. In a headless run
    (tests, solved notebooks: `COURSE_HEADLESS` is set) the figure is drawn once, for the starting values.

    Args:
        draw: function of the sliders' values that makes a matplotlib figure and shows it.
        ranges: for each argument of `draw` a tuple (low, high, step, start), or a list of choices of which
            the first is the start.

    Returns:
        The widget, to be shown as the cell's last line; None in a headless run.
    """
    starts = {name: spec[0] if isinstance(spec, list) else spec[3] for name, spec in ranges.items()}
    if os.environ.get("COURSE_HEADLESS"):
        draw(**starts)
        return None
    import ipywidgets

    layout = ipywidgets.Layout(width="32em")
    style = {"description_width": "11em"}
    controls = {}
    for name, spec in ranges.items():
        label = name.replace("_", " ")
        if isinstance(spec, list):
            controls[name] = ipywidgets.Dropdown(
                options=spec, value=spec[0], description=label, layout=layout, style=style
            )
            continue
        low, high, step, start = spec
        kind = ipywidgets.IntSlider if all(isinstance(part, int) for part in spec) else ipywidgets.FloatSlider
        controls[name] = kind(
            value=start, min=low, max=high, step=step, description=label,
            continuous_update=False, layout=layout, style=style,
        )  # fmt: skip
    picture = ipywidgets.interactive_output(draw, controls)
    # a fixed height keeps the page still while a new picture replaces the old one
    return ipywidgets.VBox([*controls.values(), picture])
