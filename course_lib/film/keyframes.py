"""Pictures of a film from key frames: one for each shot, chosen by a judge, with the camera moving slowly over it."""

import numpy as np
import torch
from PIL import Image

from course_lib.gan.keyframe_data import to_bytes
from course_lib.scenery import captions as grammar

CLOSER = 1.12  # the camera sees so much less at the end of a shot than at its beginning


class SlowZoom:
    """A still picture that the camera comes closer to; `picture` is uint8 (height, width, 3)."""

    def __init__(self, picture: np.ndarray, size: tuple[int, int], seconds: float):
        self.picture, self.size, self.seconds = Image.fromarray(picture), size, seconds

    def frame(self, second: float) -> np.ndarray:
        """The picture at a moment of the shot: uint8 (height, width, 3)."""
        share = min(max(second / self.seconds, 0.0), 1.0)
        closer = 1 + (CLOSER - 1) * share
        wide, high = self.picture.size
        goal = self.size[1] / self.size[0]  # cut to the film's shape first
        across, down = min(wide, high * goal) / closer, min(high, wide / goal) / closer
        left, top = (wide - across) / 2, (high - down) / 2
        return np.asarray(
            self.picture.resize(
                (self.size[1], self.size[0]), Image.Resampling.BICUBIC, (left, top, left + across, top + down)
            )
        )


class KeyframeSource:
    """A `clips.ClipSource` that asks a key-frame generator.

    Args:
        model: a `gan.keyframe_model.KeyframeModel`.
        judge: a `gan.keyframe_judge.StillJudge`; of `tries` pictures the one is taken in which it is surest to see
            what the shot should show.
        weights: name of the generator's weights, for the record.
        tries: pictures drawn for each shot.
    """

    name = "gan"

    def __init__(self, model, judge, weights: str = "keyframe-scenery", tries: int = 12):
        self.model, self.judge, self.weights, self.tries = model, judge, weights, tries
        self.sure = []  # how sure the judge was of each shot's picture

    def key_frame(self, attributes: dict, seed: int) -> tuple[torch.Tensor, float]:
        """(picture (3, size, size), how sure the judge is that it shows the attributes, 0 to 1)."""
        wanted = {name: attributes[name] for name in self.judge.words}
        said = [grammar.caption(wanted, ("zh", "en")[k % 2], k) for k in range(self.tries)]
        made = self.model.sample(said, seed)
        table = self.judge.probabilities(made)
        sure = np.prod(
            [table[name][:, words.index(wanted[name])] for name, words in self.judge.words.items()],
            axis=0,
        )
        return made[int(sure.argmax())], float(sure.max())

    def clip(self, shot, size, seconds, view=0) -> SlowZoom:
        """See `ClipSource.clip`."""
        picture, sure = self.key_frame(shot.attributes, shot.seed + view)
        self.sure.append(sure)
        return SlowZoom(to_bytes(picture[None])[0], size, seconds)

    def credit(self, language: str) -> str:
        """See `ClipSource.credit`."""
        if language == "zh":
            return f"画面：由神经网络（GAN）生成的单幅画面，权重 {self.weights}"
        return f"Pictures: single frames made by a neural network (GAN), weights {self.weights}"
