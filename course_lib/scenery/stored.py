"""A rendered set of clips as one file in the course's cache folder; made by several processes if asked for."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from course_lib.data import cache
from course_lib.errors import CourseError

PART = 64  # clips that are rendered at a time
MOST = 61  # processes that Windows can wait for


def stored(clips, version: int, progress: Callable | None = None, workers: int = 1) -> Path:
    """Where the rendered clips lie: a .npy file, uint8 (count, frames, height, width, 3); rendered first where it is missing.

    Args:
        clips: a `course_lib.scenery.clips.Clips`.
        version: of the renderer; files of another one are not used.
        progress: called with (clips done, clips in all) from time to time.
        workers: processes that render; each has to start first, which takes longer than a hundred clips do.

    Raises:
        CourseError: there is no room for it.
    """
    said = [version, clips.name, clips.split, clips.count, clips.size, clips.frames, clips.seed]
    mark = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
    target = cache() / f"clips-{clips.name}-{clips.split}-{mark}.npy"
    if target.exists():
        return target
    free = shutil.disk_usage(target.parent).free
    if free < clips.bytes:
        raise CourseError(
            f"{clips.count:,} clips take {clips.bytes / 2**30:.2f} GiB, and {target.parent} has {free / 2**30:.2f} left: "
            "make room, set COURSE_CACHE to another folder, or ask for fewer clips."
        )
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        shape = (clips.count, clips.frames, *clips.size, 3)
        np.lib.format.open_memmap(part, "w+", np.uint8, shape).flush()
        starts = range(0, clips.count, PART)
        tasks = [(part, type(clips), said[1:], k, min(k + PART, clips.count)) for k in starts]
        with closing(each(render_part, tasks, workers)) as finished:
            for done in finished:
                if progress:
                    progress(done, clips.count)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return target


def each(function: Callable, tasks: list, workers: int) -> Iterator:
    """What a function makes of each task, in their order; by several processes if `workers` is more than 1.

    Where processes cannot start, as from a script without `if __name__ == "__main__":`, this one does the rest.
    """
    done = 0
    if workers > 1:
        # "spawn": the copy of a process that has threads, as torch's, may hang
        with ProcessPoolExecutor(min(workers, len(tasks), MOST), get_context("spawn")) as pool:
            try:
                for found in pool.map(function, tasks):
                    done += 1
                    yield found
            except BrokenProcessPool:
                pass
            finally:
                pool.shutdown(cancel_futures=True)
    yield from map(function, tasks[done:])


def render_part(task: tuple) -> int:
    """Render clips `start` to `stop` of a set into its file; returns `stop`."""
    path, kind, (name, split, count, size, frames, seed), start, stop = task
    clips = kind(name, split, count, size=size, frames=frames, seed=seed)
    rows = np.load(path, mmap_mode="r+")
    rows[start:stop] = clips.videos(range(start, stop))
    rows.flush()
    return stop
