"""One small film of the standing example, made once for all tests of its parts and of its file."""

import pytest

from course_lib.benches.film import TIBET
from course_lib.film import prepare_film


@pytest.fixture(scope="session")
def film(tmp_path_factory):
    """The standing example at 256 x 144, saved."""
    path = tmp_path_factory.mktemp("film") / "西藏 film.mp4"
    return prepare_film(TIBET, short_side=144, seed=2).save(path)
