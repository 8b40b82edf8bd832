"""A seal on a film: noticed when its pictures, its sound or its label are changed afterwards.

The seal stands in the label's field ReservedCode1, which the standard leaves to the producer for protecting the
label. Whoever holds the producer's key can check it, and nobody else can make another.
"""

import hashlib
import hmac
import json
import os
import re
import subprocess
from pathlib import Path

from course_lib.data.programs import ffmpeg
from course_lib.errors import CourseError

#: Everybody knows this one: such a seal finds accidents and careless changes, not a forger.
PUBLIC_KEY = "text-to-film-course: not a secret"


def seal(fields, fingerprint, key):
    """The seal for a label and the film it belongs to.

    HMAC with SHA-256 of one text: the fields without "ReservedCode1" (where the seal will stand) as JSON with
    sorted keys, a line end, the fingerprint.

    Args:
        fields: the label, a dict of strings.
        fingerprint: of the film's pictures and sound, a string.
        key: of the producer, a string.

    Returns:
        64 hexadecimal digits, a string.
    """
    kept = {name: value for name, value in fields.items() if name != "ReservedCode1"}
    text = json.dumps(kept, sort_keys=True) + "\n" + fingerprint
    return hmac.new(key.encode(), text.encode(), "sha256").hexdigest()


def is_sealed(fields: dict | None, fingerprint: str, key: str) -> bool:
    """Does the seal in a label fit the label and the film?"""
    if not fields or not isinstance(fields.get("ReservedCode1"), str):
        return False
    # compare_digest takes equally long wherever the first difference is: nothing can be learnt from the time
    return hmac.compare_digest(fields["ReservedCode1"].encode(), seal(fields, fingerprint, key).encode())


def label_key() -> str:
    """The producer's key: the variable COURSE_LABEL_KEY, or else the public one."""
    return os.environ.get("COURSE_LABEL_KEY") or PUBLIC_KEY


def fingerprint(path) -> str:
    """SHA-256 of a film's packed pictures, sound and subtitles; its metadata do not count.

    Raises:
        CourseError: it cannot be read.
    """
    command = [ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", "-i", str(Path(path))]
    command += ["-map", "0", "-c", "copy", "-f", "streamhash", "-hash", "sha256", "-"]
    done = subprocess.run(command, capture_output=True)
    found = re.findall(r"^\d+,(\w),SHA256=([0-9a-f]{64})\s*$", done.stdout.decode("utf-8", "replace"), re.M)
    if done.returncode != 0 or not found:
        raise CourseError(f"{path} cannot be read as a film.")
    return hashlib.sha256("\n".join(f"{kind} {code}" for kind, code in sorted(found)).encode()).hexdigest()
