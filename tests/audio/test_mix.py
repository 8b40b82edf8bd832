"""Effects, ambience, the audible label, and all of it together."""

import numpy as np
import pytest

from course_lib.audio import RATE, Scene, Speech, loudness, mix, true_peak
from course_lib.audio.ambience import ambience, sources
from course_lib.audio.cue import cue, find_cue
from course_lib.audio.effects import band, bell, duck, envelope, fade, reverb
from course_lib.scenery.vocabulary import PLACES, TIMES, WEATHERS


def power(sound, low, high):
    mono = sound if sound.ndim == 1 else sound.mean(axis=1)
    spectrum = np.abs(np.fft.rfft(mono)) ** 2
    frequencies = np.fft.rfftfreq(len(mono), 1 / RATE)
    return spectrum[(frequencies >= low) & (frequencies < high)].sum()


def test_ducking_goes_down_under_the_voice_and_comes_back():
    music = np.ones((6 * RATE, 2))
    voice = np.zeros(6 * RATE)
    voice[2 * RATE : 4 * RATE] = 0.3 * np.random.default_rng(0).standard_normal(2 * RATE)
    level = 20 * np.log10(duck(music, voice, depth=12)[:, 0])
    assert level[: int(1.7 * RATE)] == pytest.approx(0, abs=0.1)
    assert level[int(2.1 * RATE) : int(4 * RATE)].max() < -9
    assert level[3 * RATE] == pytest.approx(-12, abs=0.2)
    assert level[int(5.8 * RATE)] > -2


def test_filters_do_what_they_say():
    noise = np.random.default_rng(1).standard_normal(2 * RATE)
    assert power(band(noise, high=500), 2_000, 20_000) < 0.05 * power(band(noise, high=500), 20, 500)
    raised = bell(noise, 1_000, 12)
    gain = 10 * np.log10(power(raised, 950, 1_050) / power(noise, 950, 1_050))
    assert gain == pytest.approx(12, abs=0.5)
    assert 10 * np.log10(power(raised, 8_000, 12_000) / power(noise, 8_000, 12_000)) == pytest.approx(
        0, abs=0.3
    )


def test_reverb_adds_a_tail_and_keeps_the_length():
    click = np.zeros(RATE)
    click[100] = 1
    wet = reverb(click, seconds=0.6, wet=0.3)
    assert wet.shape == (RATE, 2)
    assert wet[100, 0] == pytest.approx(0.7)
    early, late = (np.sqrt((wet[a:b] ** 2).mean()) for a, b in ((2_000, 6_000), (22_000, 26_000)))
    assert early > 100 * late > 0


def test_fade_and_envelope():
    sound = fade(np.ones(RATE), 0.1, 0.2)
    assert sound[0] == sound[-1] == 0
    assert sound[RATE // 2] == 1
    assert envelope(np.ones(1_000) * 0.5) == pytest.approx(0.5)


def test_every_scene_has_its_own_sound():
    for place in PLACES:
        for time in TIMES:
            for weather in WEATHERS:
                assert sources({"place": place, "time": time, "weather": weather})
    sea = ambience({"place": "sea", "time": "noon", "weather": "clear"}, 4, 0)
    rain = ambience({"place": "city", "time": "noon", "weather": "rain"}, 4, 0)
    assert sea.shape == rain.shape == (4 * RATE, 2)
    assert power(rain, 2_000, 8_000) / power(rain, 0, 500) > 3 * power(sea, 2_000, 8_000) / power(sea, 0, 500)
    night = ambience({"place": "forest", "time": "night", "weather": "clear"}, 4, 0)
    day = ambience({"place": "forest", "time": "noon", "weather": "snow"}, 4, 0)
    assert power(night, 3_800, 4_800) > 2 * power(day, 3_800, 4_800)  # crickets
    assert np.array_equal(sea, ambience({"place": "sea", "time": "noon", "weather": "clear"}, 4, 0))


def test_the_cue_is_found_where_it_is_and_only_there():
    random = np.random.default_rng(2)
    sound = 0.01 * random.standard_normal((8 * RATE, 2))
    assert find_cue(sound)[1] < 0.5
    chime = cue()
    sound[int(1.3 * RATE) : int(1.3 * RATE) + len(chime)] += chime
    at, likeness = find_cue(sound)
    assert likeness > 0.9
    assert at == pytest.approx(1.32, abs=0.03)
    # a steady tone of the same pitch is not the cue
    tone = 0.1 * np.sin(2 * np.pi * 1760 * np.arange(6 * RATE) / RATE)
    assert find_cue(tone)[1] < 0.8
    assert find_cue(np.zeros(100))[1] < 0


@pytest.fixture(scope="module")
def sound():
    t = np.arange(RATE * 2) / RATE
    voice = 0.4 * np.sin(2 * np.pi * 300 * t) * (np.sin(2 * np.pi * 3 * t) > 0)
    said = Speech(voice.astype(np.float32), [])
    scenes = [Scene({"place": "sea"}, 0, 5), Scene({"place": "city", "weather": "rain"}, 4.4, 9)]
    return mix(9.0, [(3.5, said)], scenes, "grand", seed=1, cue_at=0.5)


def test_the_mix_keeps_its_promises(sound):
    assert sound.mix.dtype == np.float32
    assert sound.mix.shape == (9 * RATE, 2)
    assert loudness(sound.mix) == pytest.approx(-16, abs=0.3)
    assert true_peak(sound.mix) < -1.0
    assert find_cue(sound.mix)[1] > 0.8
    assert set(sound.stems) == {"voice", "music", "ambience", "cue"}


def test_the_voice_stands_clear_of_everything_else(sound):
    speaking = slice(int(3.6 * RATE), int(5.4 * RATE))
    under = sum(sound.stems[name] for name in ("music", "ambience"))
    voice = (sound.stems["voice"][speaking] ** 2).mean()
    assert 10 * np.log10(voice / (under[speaking] ** 2).mean()) > 10
