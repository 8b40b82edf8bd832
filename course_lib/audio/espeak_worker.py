# SPDX-License-Identifier: GPL-3.0-or-later
#
# This one file loads eSpeak NG, which is under the GNU General Public License, version 3 or later, so
# this file is under that licence too. It runs as a process of its own and talks to the course through
# pipes; nothing of the course is imported here, and the course imports nothing of this file.
"""Speak with eSpeak NG: JSON in on standard input, JSON and sound out on standard output.

In:  {"utterances": [{"text": ..., "voice": ..., "rate": words a minute, "pitch": 0-99, "range": 0-99}]}
Out: for each utterance one line of JSON, {"samples": n, "rate": Hz, "events": [...]}, then n 16-bit
     samples, little-endian, one channel. An event is [kind, character, length, sample], kind "word" or
     "phoneme" (a phoneme's `character` is its name). Or one line {"error": ..., "voice": ...}.
"""

import ctypes
import json
import sys
from pathlib import Path

RETRIEVAL, PHONEME_EVENTS = 1, 1  # AUDIO_OUTPUT_RETRIEVAL, espeakINITIALIZE_PHONEME_EVENTS
CHARS_UTF8, POS_CHARACTER = 1, 1
RATE, PITCH, RANGE = 1, 3, 4
KINDS = {1: "word", 7: "phoneme"}


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


def start(library, data: Path) -> int:
    """Start the engine; returns samples a second."""
    rate = library.espeak_Initialize(RETRIEVAL, 0, str(data).encode(), PHONEME_EVENTS)
    if rate <= 0:
        raise OSError("espeak_Initialize failed: its data files are missing")
    return rate


def main() -> int:
    request = json.loads(sys.stdin.buffer.read())
    out = sys.stdout.buffer
    try:
        import espeakng_loader

        library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
        data = Path(espeakng_loader.get_data_path())
        rate = start(library, data)
    except (ImportError, OSError) as error:
        out.write(json.dumps({"error": "engine", "detail": str(error)}).encode() + b"\n")
        return 1

    pieces, events = [], []

    def collect(wave, count, event):
        if wave and count > 0:
            pieces.append(ctypes.string_at(wave, 2 * count))
        number = 0
        while event[number].type:  # type 0 ends the list
            e = event[number]
            if e.type == 1:
                events.append(["word", e.text_position - 1, e.length, e.sample])
            elif e.type == 7:
                events.append(["phoneme", e.id.string.decode("utf-8", "replace"), 0, e.sample])
            number += 1
        return 0

    callback = _CALLBACK(collect)
    library.espeak_SetSynthCallback(callback)
    for utterance in request["utterances"]:
        pieces.clear()
        events.clear()
        variant = utterance["voice"].partition("+")[2]
        # the engine passes over a variant it does not have, in silence
        known = not variant or (data / "voices" / "!v" / variant).is_file()
        if not known or library.espeak_SetVoiceByName(utterance["voice"].encode()) != 0:
            out.write(json.dumps({"error": "voice", "voice": utterance["voice"]}).encode() + b"\n")
            return 1
        library.espeak_SetParameter(RATE, int(utterance["rate"]), 0)
        library.espeak_SetParameter(PITCH, int(utterance.get("pitch", 50)), 0)
        library.espeak_SetParameter(RANGE, int(utterance.get("range", 50)), 0)
        if hasattr(library, "espeak_ng_SetRandSeed"):
            library.espeak_ng_SetRandSeed(ctypes.c_long(1))  # the same breathiness every time
        text = utterance["text"].encode()
        library.espeak_Synth(text, len(text) + 1, 0, POS_CHARACTER, 0, CHARS_UTF8, None, None)
        library.espeak_Synchronize()
        sound = b"".join(pieces)
        head = {"samples": len(sound) // 2, "rate": rate, "events": events}
        out.write(json.dumps(head).encode() + b"\n" + sound)
    return 0


if __name__ == "__main__":
    sys.exit(main())
