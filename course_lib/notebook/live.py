"""A picture that changes while something trains, with a bar below it: in JupyterLab, on Colab, and still there when saved."""

import base64
import html
import io

import numpy as np


def sheet(pictures: np.ndarray, columns: int = 8, scale: int = 2, gap: int = 1) -> np.ndarray:
    """Pictures side by side in rows.

    Args:
        pictures: uint8 (n, height, width, 3), or float in [-1, 1].
        scale: every pixel becomes so many pixels each way.
        gap: white pixels between pictures, before scaling.

    Returns:
        uint8 (rows * (height + gap) * scale, columns * (width + gap) * scale, 3), empty places white.
    """
    if pictures.dtype != np.uint8:
        pictures = ((np.clip(pictures, -1, 1) + 1) * 127.5).round().astype(np.uint8)
    n, height, width, _ = pictures.shape
    rows = -(-n // columns)
    whole = np.full((rows * (height + gap), columns * (width + gap), 3), 255, np.uint8)
    for k, picture in enumerate(pictures):
        y, x = k // columns * (height + gap), k % columns * (width + gap)
        whole[y : y + height, x : x + width] = picture
    return whole.repeat(scale, axis=0).repeat(scale, axis=1)


class Live:
    """Show pictures again and again in the same place.

    Example:
        >>> live = Live(columns=8)
        >>> live(pictures, "step 40", share=0.5)

    Args:
        columns, scale: see `sheet`.
    """

    def __init__(self, columns: int = 8, scale: int = 2):
        self.columns, self.scale, self._handle = columns, scale, None

    def __call__(self, pictures: np.ndarray, text: str, share: float = 1.0) -> None:
        """Show `pictures`, `text` below them, and a bar that is filled to `share` (0 to 1)."""
        from IPython.display import display
        from PIL import Image

        whole, buffer = sheet(pictures, self.columns, self.scale), io.BytesIO()
        Image.fromarray(whole).save(buffer, "JPEG", quality=85)
        data, filled = base64.b64encode(buffer.getvalue()).decode(), round(100 * min(1.0, max(0.0, share)))
        box = (
            f'<img alt="{html.escape(text)}" style="width:{whole.shape[1]}px;max-width:100%" src="data:image/jpeg;base64,{data}">'
            f'<div><progress max="100" value="{filled}" aria-label="training"></progress> {html.escape(text)}</div>'
        )
        bundle = {"text/html": box, "text/plain": text}
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)
