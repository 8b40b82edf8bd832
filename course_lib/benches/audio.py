"""The learned voice: how near to its teacher, and how well understood; our own tools against the libraries'.

Without --train the shipped voices are measured (some minutes of one core). With --train both are first trained anew,
six minutes each, and written to datasets/weights.

A recogniser is needed, see `course_lib/audio/recogniser.py`: it is installed by hand, and its absence is a failure.
"""

import time

import numpy as np

SECONDS = {
    "zh": (330,),
    "en": (140, 200),
}  # of CPU time, on one thread: a training, and a second one from where it ended


def measure(train: bool = False):
    import torch

    torch.set_num_threads(1)
    if train:
        from course_lib.audio.acoustic import save, weights_file
        from course_lib.audio.voice_training import teach

        for language, rounds in SECONDS.items():
            voice = None
            for seconds in rounds:
                voice = teach(language, seconds, start=voice)
            save(voice, weights_file(language))
            write_card(language)
    yield from against_libraries()
    for language in SECONDS:
        yield from painted(language)
    yield from understood()


def row(metric, value, unit, n=1, seed=0, variant=""):
    return {"metric": metric, "value": value, "unit": unit, "n": n, "seed": seed, "variant": variant}


def against_libraries():
    """Largest differences on random sounds; loudness on twenty, from whispers to noise."""
    import pyloudnorm
    import torch
    from scipy import signal

    from course_lib.audio import effects, spectral
    from course_lib.audio.loudness import loudness

    random, window = np.random.default_rng(0), spectral.hann(1024)
    sound = random.normal(0, 0.2, 256 * 200)
    ours = spectral.stft(sound, window, 256)
    tensor, hann = torch.tensor(sound), torch.tensor(window)
    theirs = torch.stft(tensor, 1024, 256, window=hann, return_complex=True)
    yield row("stft: largest difference", np.abs(ours - theirs.numpy().T).max(), "", variant="torch")
    scipys = (
        signal.stft(sound, window=window, nperseg=1024, noverlap=768, boundary="even", padded=False)[2]
        * window.sum()
    )
    yield row("stft: largest difference", np.abs(ours - scipys.T).max(), "", variant="scipy")
    changed = ours * random.uniform(0, 1, ours.shape)  # no sound's spectrum any more
    back = torch.istft(torch.tensor(changed.T), 1024, 256, window=hann).numpy()
    yield row(
        "istft: largest difference",
        np.abs(spectral.istft(changed, window, 256) - back).max(),
        "",
        variant="torch",
    )
    magnitude = np.abs(ours)
    angles = random.uniform(-np.pi, np.pi, ours.shape)
    again = griffin_lim_of_torch(magnitude, angles, hann, 10)
    mine = spectral.griffin_lim(
        magnitude,
        angles,
        lambda one: spectral.istft(one, window, 256),
        lambda one: spectral.stft(one, window, 256),
        10,
    )
    yield row(
        "Griffin-Lim, 10 rounds: largest difference",
        np.abs(mine - again).max(),
        "",
        variant="torch's transforms",
    )
    room = effects.impulse_response(0.5)[:, 0]
    difference = np.abs(effects.convolve(sound, room) - signal.fftconvolve(sound, room)).max()
    yield row("convolution: largest difference", difference, "", variant="scipy")
    meter, worst = pyloudnorm.Meter(44_100), 0.0
    for _ in range(20):
        noise = random.normal(0, 10 ** random.uniform(-3, -0.7), (44_100 * 5, 2)) * np.repeat(
            random.random((50, 1)) < 0.6, 4_410, axis=0
        )
        worst = max(worst, abs(loudness(noise) - meter.integrated_loudness(noise)))
    yield row("loudness: largest difference", worst, "LU", n=20, variant="pyloudnorm")


def griffin_lim_of_torch(magnitude, angles, window, rounds):
    """Griffin-Lim with another library's transforms."""
    import torch

    wanted = torch.tensor(magnitude.T)
    spectrum = torch.polar(wanted, torch.tensor(angles.T))
    for _ in range(rounds):
        sound = torch.istft(spectrum, 1024, 256, window=window)
        again = torch.stft(sound, 1024, 256, window=window, return_complex=True)
        spectrum = torch.polar(wanted, again.angle())
    return torch.istft(spectrum, 1024, 256, window=window).numpy()


def painted(language: str):
    """Distance of the pictures from the teacher's, on sentences that were not in the practice."""
    from course_lib.audio import sentences, voice_training
    from course_lib.audio.acoustic import load

    model = load(language)
    texts = sentences.TEST[language]
    table = model.note["table"] or {}
    test = voice_training.lessons_of(language, texts, table)
    frames = np.concatenate([one.mel for one in test])
    mean = float(np.abs(frames - model.mean.numpy()).mean())
    yield row("mel L1", voice_training.mel_distance(model, test), "ln", len(test), variant=language)
    yield row("mel L1 of the mean spectrum", mean, "ln", len(test), variant=language)
    yield row("duration error", voice_training.duration_error(model, test), "ms", len(test), variant=language)
    parameters = sum(weight.numel() for weight in model.parameters())
    yield row("parameters", parameters, "", variant=language)
    for name in ("sentences", "speech_seconds", "steps", "cpu_seconds"):
        yield row(f"training: {name}", model.note[name], "", variant=language)


def understood():
    """Share of words (English) or syllables without tone (Chinese) that the recogniser hears wrong."""
    from course_lib.audio import sentences, speech
    from course_lib.audio.recogniser import Recogniser, error
    from course_lib.data import keep

    ear = Recogniser(keep() / "whisper-base")
    for language in SECONDS:
        texts = sentences.TEST[language]
        for name, voice in (("teacher", "f2"), ("learned", "learned")):
            begin = time.process_time()
            said = speech.speak_all(texts, voice)
            spent = time.process_time() - begin
            heard = [ear.heard(one.samples, speech.RATE, language) for one in said]
            wrong = error(texts, heard, language)
            yield row("recognition error", wrong, "share", len(texts), variant=f"{language}, {name}")
            if language == "zh":
                toned = error(texts, heard, language, tones=True)
                yield row(
                    "recognition error with tones", toned, "share", len(texts), variant=f"{language}, {name}"
                )
            if name == "learned":
                yield row(
                    "CPU seconds a second of speech",
                    spent / sum(one.seconds for one in said),
                    "s",
                    len(texts),
                    variant=language,
                )


def write_card(language: str) -> None:
    """A card beside the weights."""
    import platform

    import torch

    from course_lib.audio.acoustic import load, weights_file

    path = weights_file(language)
    model = load(language)
    note, name = model.note, {"zh": "Chinese", "en": "English"}[language]
    size = sum(weight.numel() for weight in model.parameters())
    front = "pinyin with tones" if language == "zh" else "the teacher's phonemes and stress"
    path.with_suffix(".md").write_text(
        f"""# Card: {path.name}

The course's own {name} voice: `course_lib.audio.speak(text, "learned")`, or `course_lib.audio.acoustic.load("{language}").draw(phonemes)`.

| | |
|---|---|
| input | {front}: what sounds a sentence has |
| output | the length of each sound; 80 mel bands, 86 frames a second; Griffin-Lim makes sound of them |
| design | GRU both ways over sounds, stretched by durations, GRU both ways over frames; {size:,} parameters, 16-bit floats, {path.stat().st_size / 1e6:.2f} MB |
| data | {note["sentences"]} sentences ({note["speech_seconds"]} s), spoken by {note["teacher"]}: captions, everyday sentences from a grammar, drills of invented words (`course_lib/audio/sentences.py`) |
| training | {note["steps"]:,} steps of 16 crops of 96 frames, seed {note["seed"]}: {note["cpu_seconds"]} s of one thread of a {platform.machine()} CPU, torch {torch.__version__} |
| made by | `python course.py bench audio --train` |
| licence | Apache-2.0. The teacher, eSpeak NG, is GPL-3; its sound is not in this file |

On {"48"} sentences that were not in the practice: distance of log-mel bands {note["mel_distance"]:.3f} (natural logarithm), length of a sound within {note["duration_error_ms"]:.1f} ms on average. How well a recogniser understands it stands in `bench/audio.json`.

## What it is not for

- It speaks as its teacher does, mistakes included, and hoarser: Griffin-Lim has to guess the phases.
- {"Foreign words are read by the English voice." if language == "zh" else "Spelling is turned into phonemes by the teacher; without eSpeak NG it cannot read English."}
- It imitates a synthesiser, no person.
""",
        encoding="utf-8",
    )
