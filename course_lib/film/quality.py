"""How near one picture is to another: PSNR and SSIM."""

import numpy as np

from course_lib.errors import CourseError


def psnr(made: np.ndarray, truth: np.ndarray) -> float:
    """Peak signal-to-noise ratio: 10 log10(255^2 / mean squared difference), in decibels.

    Args:
        made, truth: uint8 of one shape.

    Returns:
        dB; 3 dB more are half the squared difference. Infinite for equal pictures.
    """
    _same_shape(made, truth)
    difference = np.mean((made.astype(np.float64) - truth) ** 2)
    return float(np.inf if difference == 0 else 10 * np.log10(255.0**2 / difference))


def ssim(made: np.ndarray, truth: np.ndarray) -> float:
    """Structural similarity of the brightness: means, spreads and covariance in small windows.

    After Wang, Bovik, Sheikh and Simoncelli, "Image Quality Assessment: From Error Visibility to Structural
    Similarity", 2004: Gaussian windows of deviation 1.5, K1 = .01, K2 = .03; the outer five pixels are left out.

    Args:
        made, truth: uint8 (height, width, 3), at least 11 pixels each way.

    Returns:
        At most 1, for equal pictures.
    """
    from scipy.ndimage import gaussian_filter

    _same_shape(made, truth)
    if made.ndim != 3 or min(made.shape[:2]) < 11:
        raise CourseError(f"SSIM takes (height, width, 3) of at least 11 x 11 pixels, not {made.shape}.")
    x, y = (picture @ np.array([0.299, 0.587, 0.114]) for picture in (made, truth))

    def smooth(values):
        return gaussian_filter(values, 1.5, truncate=5 / 1.5)[5:-5, 5:-5]

    mean_x, mean_y = smooth(x), smooth(y)
    var_x, var_y = smooth(x * x) - mean_x**2, smooth(y * y) - mean_y**2
    both = smooth(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * mean_x * mean_y + c1) * (2 * both + c2)
    return float(np.mean(top / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2))))


def _same_shape(made: np.ndarray, truth: np.ndarray) -> None:
    if made.shape != truth.shape:
        raise CourseError(f"two pictures of one shape are compared, not {made.shape} and {truth.shape}.")
