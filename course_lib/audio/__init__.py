"""Sound: a voice, a room, a tune, and how loud they are. numpy and scipy only; the voice is a process."""

from course_lib.audio.speech import RATE, VOICES, Speech, Word, speak, speak_all

__all__ = ["RATE", "VOICES", "Speech", "Word", "speak", "speak_all"]
