"""Light by time and weather: the colours of the sky, of the sun or moon, of shade and of distance."""

from dataclasses import dataclass, replace

import numpy as np

from course_lib.scenery.vocabulary import stream


def rgb(*parts):
    """A colour as float32 (3,)."""
    return np.array(parts, np.float32)


@dataclass(frozen=True)
class Light:
    """All colours red, green, blue in [0, 1]."""

    top: np.ndarray  # sky overhead
    middle: np.ndarray
    low: np.ndarray  # sky at the horizon
    direct: np.ndarray  # light of the sun or moon
    ambient: np.ndarray  # light of the sky, in the shade too
    haze: np.ndarray  # colour that distance takes on
    thickness: float  # how soon distance is hazy
    disc: np.ndarray  # the sun or moon itself
    glow: float  # strength of the light around it
    visible: float  # is the disc seen? 1 clear, 0 overcast
    radius: float
    height: float  # of the disc above the horizon, in frame heights
    side: float  # -1: light falls from the left, +1 from the right
    time: str = "noon"
    weather: str = "clear"

    @property
    def night(self) -> bool:
        return self.time == "night"

    def on(self, albedo, shade):
        """A surface's colour under this light: `shade` is 1 in full light, 0 in shadow.

        albedo: (..., 3); shade: (...). Returns (..., 3).
        """
        shade = np.asarray(shade, np.float32)[..., None]
        return albedo * (self.ambient + self.direct * shade)

    def far(self, colour, amount):
        """Aerial perspective: the colour mixed with haze; amount in [0, 1]."""
        amount = np.asarray(amount, np.float32)[..., None]
        return colour + (self.haze - colour) * amount


CLEAR = {
    "dawn": Light(
        rgb(0.38, 0.50, 0.76), rgb(0.80, 0.72, 0.80), rgb(1.0, 0.83, 0.66), rgb(0.78, 0.54, 0.42),
        rgb(0.50, 0.50, 0.62), rgb(0.93, 0.79, 0.75), 1.25, rgb(1.0, 0.98, 0.88), 0.60, 1.0, 0.042, 0.10, 1,
    ),
    "noon": Light(
        rgb(0.15, 0.41, 0.80), rgb(0.38, 0.64, 0.93), rgb(0.77, 0.89, 0.97), rgb(0.68, 0.65, 0.58),
        rgb(0.44, 0.50, 0.60), rgb(0.70, 0.83, 0.95), 0.8, rgb(1.0, 1.0, 0.94), 0.45, 1.0, 0.040, 0.42, 1,
    ),
    "dusk": Light(
        rgb(0.20, 0.19, 0.45), rgb(0.66, 0.33, 0.46), rgb(1.0, 0.56, 0.22), rgb(0.82, 0.40, 0.18),
        rgb(0.33, 0.28, 0.42), rgb(0.84, 0.47, 0.38), 1.0, rgb(1.0, 0.90, 0.62), 0.72, 1.0, 0.055, 0.07, 1,
    ),
    "night": Light(
        rgb(0.018, 0.035, 0.115), rgb(0.05, 0.10, 0.24), rgb(0.13, 0.21, 0.38), rgb(0.30, 0.37, 0.50),
        rgb(0.185, 0.24, 0.385), rgb(0.13, 0.20, 0.36), 0.9, rgb(0.97, 0.96, 0.88), 0.42, 1.0, 0.052, 0.33, 1,
    ),
}  # fmt: skip

# weather: (how grey the sky is, its brightness, direct light, ambient light, haze, disc seen)
VEIL = {
    "clear": (0.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    "cloudy": (0.42, 0.93, 0.55, 1.05, 1.2, 0.75),
    "rain": (0.74, 0.70, 0.28, 1.1, 1.5, 0.0),
    "snow": (0.66, 0.98, 0.36, 1.10, 1.4, 0.0),
}
GREY = {
    "clear": rgb(1, 1, 1),
    "cloudy": rgb(0.97, 1.0, 1.05),
    "rain": rgb(0.90, 1.0, 1.10),
    "snow": rgb(1.0, 1.02, 1.06),
}


def make_light(time: str, weather: str, seed: int) -> Light:
    """The light of a clip; the seed shifts colours and the height of the sun a little."""
    random = stream(seed, "light")
    base = CLEAR[time]
    grey, bright, direct, ambient, haze, seen = VEIL[weather]
    tint = 1 + random.normal(0, 0.035, 3).astype(np.float32)

    def veiled(colour):
        level = float(colour @ rgb(0.3, 0.55, 0.15))
        # An overcast sky is even: its levels come together.
        return np.clip((colour + (level * GREY[weather] - colour) * grey) * bright * tint, 0, 1)

    low, middle, top = veiled(base.low), veiled(base.middle), veiled(base.top)
    if time == "dusk":
        ambient *= 1.25 if grey > 0.5 else 1.0
        grey *= 0.85
        bright *= 0.92
    if time == "night" and weather == "cloudy":
        ambient *= 1.4
    if time == "night" and grey > 0.5:
        # Clouds send the lights of the land back: a wet night is not black.
        low, middle, top = (
            low + rgb(0.09, 0.10, 0.13),
            middle + rgb(0.08, 0.09, 0.13),
            top + rgb(0.06, 0.07, 0.11),
        )
        ambient *= 1.5
    even = 0.55 * grey
    top, low = top + (middle - top) * even, low + (middle - low) * even
    return replace(
        base,
        top=top,
        middle=middle,
        low=low,
        direct=base.direct * direct,
        ambient=veiled(base.ambient) * (ambient / bright) * (0.9 if weather == "rain" else 1),
        haze=0.5 * (veiled(base.haze) + low),
        thickness=base.thickness * haze,
        visible=seen,
        glow=base.glow * (1.0, 0.75, 0.25, 0.25)[("clear", "cloudy", "rain", "snow").index(weather)],
        radius=base.radius * random.uniform(0.9, 1.2),
        height=base.height * random.uniform(0.85, 1.15),
        side=float(random.choice([-1.0, 1.0])),
        time=time,
        weather=weather,
    )


def grade(frame, time: str, mood: str):
    """Colour grading, in place: a little contrast and a cast by mood. frame: (height, width, 3)."""
    saturation, contrast, cast = {
        "joyful": (1.10, 1.03, (1.015, 1.005, 0.985)),
        "calm": (1.0, 1.0, (1.0, 1.0, 1.0)),
        "grand": (1.04, 1.07, (1.0, 0.995, 0.99)),
        "wistful": (0.86, 0.98, (0.985, 0.995, 1.02)),
    }[mood]
    level = frame @ rgb(0.3, 0.55, 0.15)
    middle = 0.25 if time == "night" else 0.5
    frame -= level[..., None]
    frame *= saturation * contrast
    frame += (middle + (level - middle) * contrast)[..., None]
    frame *= rgb(*cast)
    return frame
