"""Exercises of lesson 08, audio."""

from course_lib.audio import acoustic, effects, spectral
from course_lib.audio.loudness import gated_loudness
from course_lib.exercises import answers_08 as answers
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.exercises.sources import begun
from course_lib.marking.arguments import torch_leaves, torch_tensors
from course_lib.marking.audio import transform_arguments

BANK_START = (
    "    bins = np.arange(1 + size // 2) * rate / size\n",
    "    rising = (bins - left) / (middle - left)\n",
    "    falling = (right - bins) / (right - middle)\n",
    "    return np.maximum(0, np.minimum(rising, falling))\n",
)

EXERCISES = [
    Exercise(
        "audio.spectral.stft",
        spectral.stft,
        cases=answers.sounds,
        points=15,
        minutes=15,
        difficulty=3,
        hints=[
            "Three things a frame: cut it out, multiply it by the window, transform it. Before all that the sound is made longer at both ends.",
            "`np.pad(samples, size // 2, mode='reflect')` mirrors the ends. The frames start at 0, hop, 2 hop, ... as long as a whole frame fits.",
            "`starts[:, None] + np.arange(size)` is a table of indices, one frame a row; `np.fft.rfft` transforms every row.",
        ],
        misconceptions=[
            Misconception(
                "the frames were not weighted with the window",
                "A frame cut out with a knife has two hard edges, and they sound at all frequencies. Multiply by the window first.",
                [("np.fft.rfft(frames * window)", "np.fft.rfft(frames)")],
            ),
            Misconception(
                "the ends of the sound were not mirrored",
                "Frame t should be *centred* on sample t * hop: the first one begins half a window before the sound does.",
                [('np.pad(samples, size // 2, mode="reflect")', "np.asarray(samples)")],
            ),
            Misconception(
                "the sound was continued by zeros",
                "Then the first frame hears a sound that jumps out of silence. Continue it by its mirror image.",
                [('mode="reflect"', 'mode="constant"')],
                variants=[[('mode="reflect"', 'mode="edge"')], [('mode="reflect"', 'mode="symmetric"')]],
            ),
            Misconception(
                "both halves of the spectrum were kept",
                "For real samples the upper half repeats the lower one mirrored: keep 1 + size // 2 bins.",
                [("np.fft.rfft(frames * window)", "np.fft.fft(frames * window)")],
            ),
            Misconception(
                "time runs along the columns",
                "Here a row is a moment: (frames, bins).",
                [("np.fft.rfft(frames * window)", "np.fft.rfft(frames * window).T")],
            ),
        ],
        alternatives=[answers.stft_with_a_loop, answers.stft_with_windows],
    ),
    Exercise(
        "audio.spectral.istft",
        spectral.istft,
        cases=answers.spectra,
        points=15,
        minutes=12,
        difficulty=3,
        skeleton=begun(
            spectral.istft,
            "        total[t * hop : t * hop + size] += frame\n",
            "        weight[t * hop : t * hop + size] += window**2\n",
        ),
        hints=[
            "Frame t covers the samples from t * hop on, as many as the window is long. Add it there.",
            "How often, and how strongly, did a sample count? The frame was weighted when it was cut out and once more here: by the window squared.",
        ],
        misconceptions=[
            Misconception(
                "the sum of windows was taken, not of their squares",
                "Each frame has been weighted twice: once when it was cut out, once when it goes back.",
                [("+= window**2", "+= window")],
            ),
            Misconception(
                "later frames overwrite earlier ones",
                "The frames overlap: add each to what is there already.",
                [("total[t * hop : t * hop + size] += frame", "total[t * hop : t * hop + size] = frame")],
            ),
            Misconception(
                "frames are laid one behind the other",
                "A frame begins `hop` samples after the one before, not `size` samples.",
                [
                    ("(len(frames) - 1) * hop + size", "(len(frames) - 1) * hop + size + len(frames) * size"),
                    (
                        "total[t * hop : t * hop + size] += frame",
                        "total[t * size : t * size + size] += frame",
                    ),
                    (
                        "weight[t * hop : t * hop + size] += window**2",
                        "weight[t * size : t * size + size] += window**2",
                    ),
                    (
                        "slice(size // 2, len(total) - size // 2)",
                        "slice(size // 2, (len(frames) - 1) * hop + size - size // 2)",
                    ),
                    (
                        "return total[kept] / weight[kept]",
                        "return total[kept] / np.maximum(weight[kept], 1e-8)",
                    ),
                ],
            ),
            Misconception(
                "the weight is counted once a frame, not by the window",
                "A sample in the middle of a frame counts fully, one at its edge hardly. Add the window squared, not 1.",
                [("+= window**2", "+= 1")],
            ),
        ],
        alternatives=[answers.istft_with_indices, answers.istft_backwards],
    ),
    Exercise(
        "audio.spectral.mel_filter_bank",
        spectral.mel_filter_bank,
        cases=answers.banks,
        points=15,
        minutes=14,
        difficulty=3,
        skeleton=begun(spectral.mel_filter_bank, *BANK_START),
        hints=[
            "Bin k of a transform of `size` samples lies at k * rate / size hertz, for k = 0 to size // 2.",
            "The rising line is 0 at `left` and 1 at `middle`: (bins - left) / (middle - left). The falling one is 1 at `middle` and 0 at `right`.",
            "A triangle is the lower of its two lines, and nowhere below 0. `left`, `middle`, `right` are columns: a row of bins makes the whole table at once.",
        ],
        misconceptions=[
            Misconception(
                "the bins were spread over the whole rate",
                "The highest bin is at half the rate: bin k lies at k * rate / size.",
                [("np.arange(1 + size // 2) * rate / size", "np.linspace(0, rate, 1 + size // 2)")],
            ),
            Misconception(
                "the triangles go below zero",
                "Outside its corners a band hears nothing, and certainly nothing negative.",
                [("np.maximum(0, np.minimum(rising, falling))", "np.minimum(rising, falling)")],
            ),
            Misconception(
                "the higher of the two lines was taken",
                "At each frequency the triangle is the *lower* of the rising and the falling line.",
                [("np.minimum(rising, falling)", "np.maximum(rising, falling)")],
            ),
            Misconception(
                "the corners are evenly spaced in hertz",
                "Bands as wide as the ear's: the corners are evenly spaced in *mel*, and then turned into hertz.",
                [
                    (
                        "corners = 700 * (10 ** (np.linspace(mel_low, mel_high, bands + 2) / 2595) - 1)",
                        "corners = np.linspace(low, high, bands + 2)",
                    )
                ],
            ),
            Misconception(
                "every triangle was divided by its area",
                "Some programs do that. Here every triangle reaches 1 at its middle.",
                [
                    (
                        "return np.maximum(0, np.minimum(rising, falling))",
                        "return np.maximum(0, np.minimum(rising, falling)) * 2 / (right - left)",
                    )
                ],
            ),
        ],
        alternatives=[answers.bank_with_loops, answers.bank_with_interpolation],
    ),
    Exercise(
        "audio.spectral.griffin_lim",
        spectral.griffin_lim,
        cases=answers.magnitudes,
        make=transform_arguments,
        points=15,
        minutes=12,
        difficulty=3,
        hints=[
            "A complex number of size m and angle a is m * exp(1j * a): that makes the first spectrum.",
            "One round: `to_sound`, then `to_spectrum`. The magnitudes that come back are not the wanted ones; the phases fit together better than before.",
            "`np.angle` gives the phases. After the last round one more `to_sound` gives the sound.",
        ],
        misconceptions=[
            Misconception(
                "the rounds change nothing",
                "Going to sound and back once more gives the same sound again. A round must mix old and new: the *phases* that came back, with the magnitudes that were *wanted*.",
                [("spectrum = magnitude * np.exp(1j * np.angle(again))", "spectrum = again")],
                variants=[
                    [("np.exp(1j * np.angle(again))", "np.exp(1j * angles)")],
                    [("range(iterations)", "range(0)")],
                ],
            ),
            Misconception(
                "the phases have the wrong sign",
                "exp(-1j a) is the mirror image in time: the frames run backwards.",
                [("np.exp(1j * np.angle(again))", "np.exp(-1j * np.angle(again))")],
            ),
            Misconception(
                "the magnitudes that came back were kept, and the phases guessed anew",
                "It is the other way round: the magnitudes are known, the phases are what is looked for.",
                [("magnitude * np.exp(1j * np.angle(again))", "np.abs(again) * np.exp(1j * angles)")],
            ),
            Misconception(
                "one round too many",
                "With iterations = 0 the first guess itself is wanted.",
                [("range(iterations)", "range(iterations + 1)")],
            ),
        ],
        alternatives=[answers.griffin_lim_by_ratio, answers.griffin_lim_keeping_sound],
        twins=["audio.spectral.fast_griffin_lim"],
    ),
    Exercise(
        "audio.acoustic.expand",
        acoustic.expand,
        cases=answers.stretched,
        points=15,
        minutes=12,
        difficulty=3,
        make=torch_leaves,
        hints=[
            "First for each frame the number of the sound that it belongs to: durations 2, 0, 1 give 0, 0, 2. `torch.repeat_interleave` does it.",
            "Sound k begins at the sum of the durations before it. A frame's place in its sound is its own number less that.",
            "`until` is what is left: durations[owner] - 1 - since. Divide both by 10, and put them behind the states with `torch.cat(..., 1)`.",
        ],
        misconceptions=[
            Misconception(
                "the whole list was repeated, not each sound",
                "a b a b instead of a a b b: each sound holds for its own frames before the next begins.",
                [
                    (
                        "torch.repeat_interleave(torch.arange(len(durations)), durations)",
                        "torch.arange(int(durations.sum())) % len(durations)",
                    )
                ],
            ),
            Misconception(
                "the frames are counted through the whole sentence",
                "A frame should know how far *its sound* has gone: subtract where that sound begins.",
                [("torch.arange(len(owner)) - begins[owner]", "torch.arange(len(owner))")],
            ),
            Misconception(
                "the frames left are counted one too many",
                "The last frame of a sound has none after it: 0.",
                [("durations[owner] - 1 - since", "durations[owner] - since")],
            ),
            Misconception(
                "the beginning of a sound includes its own frames",
                "The running sum of the durations says where a sound *ends*. It begins where the one before ends.",
                [("torch.cumsum(durations, 0) - durations", "torch.cumsum(durations, 0)")],
            ),
            Misconception(
                "the gradient was cut off",
                "The states are learnt through this stretch: no `detach`, no numpy.",
                [("states[owner]", "states.detach()[owner]")],
            ),
        ],
        alternatives=[answers.expand_with_lists, answers.expand_with_arange],
    ),
    Exercise(
        "audio.acoustic.masked_mel_loss",
        acoustic.masked_mel_loss,
        cases=answers.pictures,
        points=10,
        minutes=8,
        difficulty=2,
        make=torch_tensors,
        hints=[
            "Which frames are real? Frame t of sound k is, if t < lengths[k]: a comparison of a row with a column.",
            "Sum the distances of the real frames, and divide by how many there are, not by how many the padded table has.",
        ],
        misconceptions=[
            Misconception(
                "the padding was counted",
                "After a sound's end there is nothing to paint. What the model does there must cost nothing.",
                [("return (distance * real).sum() / real.sum()", "return distance.mean()")],
            ),
            Misconception(
                "it was divided by the padded number of frames",
                "The padding is left out of the sum, so leave it out of the count as well.",
                [("/ real.sum()", "/ real.numel()")],
            ),
            Misconception(
                "one frame too many is real",
                "A sound of 2 frames has frames 0 and 1.",
                [("frame < lengths[:, None]", "frame <= lengths[:, None]")],
            ),
            Misconception(
                "the differences were squared",
                "The squared distance lets one wild band outweigh a hundred good ones. Here their sizes are averaged.",
                [("(predicted - wanted).abs().mean(2)", "(predicted - wanted).square().mean(2)")],
            ),
            Misconception(
                "every sentence counts the same, however long",
                "The mean is over *frames*: a long sentence has more of them.",
                [
                    (
                        "return (distance * real).sum() / real.sum()",
                        "return ((distance * real).sum(1) / real.sum(1)).mean()",
                    )
                ],
            ),
        ],
        alternatives=[answers.loss_by_selection, answers.loss_with_a_loop],
    ),
    Exercise(
        "audio.effects.convolve",
        effects.convolve,
        cases=answers.rooms,
        points=10,
        minutes=10,
        difficulty=3,
        hints=[
            "The last sample sets off the room, too: the result is len(response) - 1 longer than the sound.",
            "Convolution in time is multiplication of spectra. `np.fft.rfft(x, size)` fills up with zeros to `size` first.",
            "`np.fft.irfft(spectrum, size)` needs the size as well: from the spectrum alone it cannot know whether it was odd.",
        ],
        misconceptions=[
            Misconception(
                "the tail wraps round to the beginning",
                "A spectrum belongs to a sound that repeats for ever. Without room for the tail it comes back in at the front: transform with more zeros.",
                [
                    (
                        "spectrum = np.fft.rfft(samples, length) * np.fft.rfft(response, length)",
                        "size = max(len(samples), len(response))\n"
                        "    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(response, size)",
                    ),
                    (
                        "np.fft.irfft(spectrum, length)",
                        "np.pad(np.fft.irfft(spectrum, size), (0, length - size))",
                    ),
                ],
            ),
            Misconception(
                "the tail was cut off",
                "The room goes on after the sound has stopped: n + m - 1 samples.",
                [("np.fft.irfft(spectrum, length)", "np.fft.irfft(spectrum, length)[: len(samples)]")],
            ),
            Misconception(
                "the response was turned round",
                "Then echoes come before their sound: that is a correlation.",
                [("np.fft.rfft(response, length)", "np.fft.rfft(response[::-1], length)")],
            ),
            Misconception(
                "the spectra were added",
                "Adding spectra adds sounds: voice and click side by side. Convolution multiplies them.",
                [("rfft(samples, length) * np", "rfft(samples, length) + np")],
            ),
        ],
        alternatives=[answers.convolve_with_a_loop, answers.convolve_by_library],
    ),
    Exercise(
        "audio.loudness.gated_loudness",
        gated_loudness,
        cases=answers.blocks,
        points=15,
        minutes=12,
        difficulty=3,
        hints=[
            "Powers are averaged, never decibels: compare and take means of `power`, and turn to LUFS last.",
            "-70 LUFS as a power: solve -70 = -0.691 + 10 log10(p). And 10 dB less is a tenth of the power.",
            "The second gate hangs on the mean of the blocks that passed the *first* one. Nothing left: `-np.inf`.",
        ],
        misconceptions=[
            Misconception(
                "the second gate is missing",
                "A long whisper between two sentences drags the number down: blocks 10 dB below the mean do not count.",
                [
                    (
                        "heard = above_silence[above_silence > above_silence.mean() / 10]",
                        "heard = above_silence",
                    )
                ],
            ),
            Misconception(
                "the second gate hangs on all blocks",
                "The mean for the second gate is taken after silence is gone, not before.",
                [("above_silence.mean() / 10", "power.mean() / 10")],
            ),
            Misconception(
                "decibels were averaged",
                "The mean of decibels lets silence count as much as sound. Average the powers, then take the logarithm.",
                [("10 * np.log10(heard.mean())", "np.mean(10 * np.log10(heard))")],
            ),
            Misconception(
                "power was taken for amplitude",
                "These are powers, already squared: 10 log10, not 20.",
                [
                    (
                        "return -0.691 + 10 * np.log10(heard.mean())",
                        "return -0.691 + 20 * np.log10(heard.mean())",
                    )
                ],
            ),
            Misconception(
                "the first gate is missing",
                "Silence is not soft sound: blocks at -70 LUFS or below go before any mean is taken.",
                [
                    (
                        "above_silence = power[power > 10 ** ((-70 + 0.691) / 10)]",
                        "above_silence = power[power > 0]",
                    )
                ],
            ),
        ],
        alternatives=[answers.gates_by_decibels, answers.gates_with_a_loop],
        # a block exactly at a gate: no recording has one
        equivalent=[
            "line 15:26 Gt -> GtE (power > 10 ** ((-70 + 0.691) / 10))",
            "line 18:26 Gt -> GtE (above_silence > above_silence.mean() / 1)",
        ],
    ),
    Exercise(
        "audio.effects.duck_gain",
        effects.duck_gain,
        cases=answers.talk,
        points=15,
        minutes=12,
        difficulty=3,
        hints=[
            "A loop over the moments with one number that is carried along: where the gain stands now.",
            "The goal is 1 - busy. Each moment: now + share * (goal - now), and which share it is depends on busy.",
            "It starts at the first moment's goal; with no moment at all the answer is empty.",
        ],
        misconceptions=[
            Misconception(
                "attack and release were exchanged",
                "When a voice comes the music must be down at once; it may take its time to come back.",
                [
                    (
                        "1 - np.exp(-1 / attack) if busy else 1 - np.exp(-1 / release)",
                        "1 - np.exp(-1 / release) if busy else 1 - np.exp(-1 / attack)",
                    )
                ],
            ),
            Misconception(
                "the gain goes up where somebody speaks",
                "1 is the full music: while somebody speaks the goal is 0.",
                [("now = 1 - speaking[0]", "now = speaking[0]"), ("((1 - busy) - now)", "(busy - now)")],
            ),
            Misconception(
                "it always starts with the full music",
                "If the film begins with a word the music is down already.",
                [("now = 1 - speaking[0] if len(speaking) else 1.0", "now = 1.0")],
            ),
            Misconception(
                "it jumps straight to its goal",
                "A gain that jumps is heard as a click, and as breathing between words: go only a part of the way each moment.",
                [("share * ((1 - busy) - now)", "((1 - busy) - now)")],
            ),
            Misconception(
                "the share and what is left of it were exchanged",
                "exp(-1 / attack) of the distance is *left* after a moment; the rest of it is gone.",
                [
                    (
                        "1 - np.exp(-1 / attack) if busy else 1 - np.exp(-1 / release)",
                        "np.exp(-1 / attack) if busy else np.exp(-1 / release)",
                    )
                ],
            ),
        ],
        alternatives=[answers.gain_by_branches, answers.gain_by_weights],
        twins=["audio.effects.duck"],
        equivalent=["line 15:48 + 1 (1.0)"],  # where there is no moment there is no gain
    ),
]
