"""Sound: a voice, a room, a tune, and how loud they are. numpy and scipy only; the voice is a process."""

from course_lib.audio.loudness import loudness, master, true_peak
from course_lib.audio.mix import Scene, Sound, mix
from course_lib.audio.music import compose, music
from course_lib.audio.speech import RATE, VOICES, Speech, Word, speak, speak_all

__all__ = [
    "RATE",
    "VOICES",
    "Scene",
    "Sound",
    "Speech",
    "Word",
    "compose",
    "loudness",
    "master",
    "mix",
    "music",
    "speak",
    "speak_all",
    "true_peak",
]
