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


def ask(act, start: str, button: str = "Make it"):
    """A line to type into and a button; `act(text)` runs when the button (or Enter) is pressed.

    A `CourseError` of `act` is shown as its sentence, without a traceback. In a headless run `act(start)` is
    called once.

    Args:
        act: function of the text; what it prints and shows appears below.
        start: the text that stands there at first.
        button: the button's words.

    Returns:
        The widget, to be shown as the cell's last line; None in a headless run.
    """
    if os.environ.get("COURSE_HEADLESS"):
        act(start)
        return None
    import ipywidgets
    from IPython.display import clear_output

    from course_lib.errors import CourseError

    line = ipywidgets.Text(value=start, layout=ipywidgets.Layout(width="42em"), placeholder="a sentence")
    press = ipywidgets.Button(description=button, button_style="primary")
    below = ipywidgets.Output()

    def run(_=None):
        press.disabled = True
        with below:
            clear_output()
            print("working ...")
            try:
                clear_output(wait=True)
                act(line.value)
            except CourseError as error:
                print(error)
            finally:
                press.disabled = False

    press.on_click(run)
    return ipywidgets.VBox([ipywidgets.HBox([line, press]), below])
