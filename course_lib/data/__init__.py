"""Where files are: the course's own folder, its datasets and bench results, a place for downloads."""

from course_lib.data.figures import figure, figures
from course_lib.data.places import bench_file, cache, datasets, home, keep

__all__ = ["bench_file", "cache", "datasets", "figure", "figures", "home", "keep"]
