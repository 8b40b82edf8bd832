"""Films of twenty sentences in two languages: what they cost and whether they keep what is promised.

All twenty are made at a small size (their sound is the same as at full size); the standing example is also
made at full size, where its CPU seconds count ffmpeg and the voice too.
"""

import re
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from course_lib.audio.loudness import loudness, true_peak
from course_lib.audio.speech import RATE
from course_lib.data.programs import ffmpeg
from course_lib.film import make_film, read_label

TIBET = "今天去了西藏，风景真的很美，我想和朋友们分享这个时刻。"
_PARAGRAPHS_ZH = (
    "清晨，我们从城里出发，沿着公路一路向西。天还没有亮，路边的树林里静静的，只有鸟在叫。"
    "大家都很兴奋，谁也不想睡。\n中午，我们到了草原。天很蓝，白云慢慢地飘，远处有羊群和骏马。"
    "孩子们在草地上跑，笑声传得很远。我们坐下来喝茶，看着风吹过草尖。\n"
    "傍晚，太阳落到雪山后面，晚霞把湖面染成了金色。我想起了小时候的故乡，也想念不在身边的人。"
    "夜里下起了小雨，我们在帐篷里听着雨声，慢慢地睡着了。"
)
_PARAGRAPHS_EN = (
    "We left the city before dawn, while the streets were still empty and quiet. Nobody spoke much. "
    "The lights went by one after the other, and then there were none.\n"
    "At noon we came to the desert. The dunes were taller than houses, and the wind had drawn fine lines on "
    "every one of them. We walked for an hour and met nobody but a camel and its shadow.\n"
    "In the evening it rained on the coast. We sat by the window of a small café, watched the boats come home, "
    "and remembered the friends who used to travel with us."
)
#: Unknown places, none, only a mood, one word, mixed scripts, figures, three paragraphs.
SENTENCES = (
    TIBET,
    "昨天在克拉玛依看到了日落。",
    "妈妈做的饭最好吃。",
    "开心！",
    "大海",
    "我想念从前的日子，也想念你。",
    "2024年10月1日，3个朋友在上海的夜景里拍了128张照片。",
    "下雨的城市，霓虹灯下人来人往，我一个人走回家。",
    "小船慢慢划过西湖，月亮升起来了。",
    "今天WiFi坏了😀，我们就去森林里露营，听了一晚上的虫鸣！",
    "大雪中的草原一片安静……",
    _PARAGRAPHS_ZH,
    "Today we reached Tibet; the view is breathtaking, and I wish you were here.",
    "Last summer I visited Little Rock with my sister.",
    "It is what it is.",
    "Lonely.",
    "Happy birthday to my best friend!",
    "A boat crosses the sea at sunset, while seagulls cry and the waves come in.",
    "3.5 km to go: no rain, no clouds, just sand dunes & 40% battery left.",
    _PARAGRAPHS_EN,
)


def measure(train: bool = False):
    """Yield the rows of bench/film.json."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [checked(text, Path(folder, f"{n}.mp4"), short_side=144) for n, text in enumerate(SENTENCES)]
        count = len(rows)
        for metric, unit in (("loudness", "LUFS"), ("true peak", "dBTP"), ("audio minus video", "s")):
            found = [row[metric] for row in rows]
            yield {"metric": f"{metric}, lowest", "value": min(found), "unit": unit, "n": count, "seed": 0}
            yield {"metric": f"{metric}, highest", "value": max(found), "unit": unit, "n": count, "seed": 0}
        late = max(row["subtitle error"] for row in rows)
        yield {"metric": "subtitle against speech, worst", "value": late, "unit": "s", "n": count, "seed": 0}
        complete = sum(row["label complete"] for row in rows)
        yield {
            "metric": "films with all three labels",
            "value": complete,
            "unit": "films",
            "n": count,
            "seed": 0,
        }
        longest = max(row["seconds"] for row in rows)
        yield {"metric": "longest film", "value": longest, "unit": "s", "n": count, "seed": 0}
        full = checked(TIBET, Path(folder, "full.mp4"), short_side=720)
        for metric, unit in (("CPU time", "CPU s"), ("seconds", "s"), ("megabytes", "MB")):
            yield {
                "metric": f"film, {metric}",
                "value": full[metric],
                "unit": unit,
                "seed": 0,
                "variant": "1280x720",
            }
        yield from putting_together(Path(folder))
        small = rows[0]["CPU time"]
        yield {"metric": "film, CPU time", "value": small, "unit": "CPU s", "seed": 0, "variant": "256x144"}

    yield from upscaling(train)


def upscaling(train: bool):
    """The upscaler against cubic interpolation; with `train` it is trained anew first."""
    import torch

    from course_lib.film import superres, superres_scores, superres_training

    torch.set_num_threads(1)
    path = superres.weights_file()
    if train:
        begin = time.process_time()
        training = superres_training.Training()
        superres_training.fit(training)
        training.model.note = {
            "scenes": str(len(training.pairs[4][0])),
            "steps": str(training.steps),
            "cpu_seconds": str(round(time.process_time() - begin)),
        }
        superres.save(training.model, path)
    model = superres.read(path)
    found = list(superres_scores.rows(model))
    yield from found
    if train:
        superres_scores.write_card(path, model, found)
    yield {"metric": "upscaler: weights", "value": path.stat().st_size / 1e6, "unit": "MB"}
    cost = {
        "metric": "upscaler: training",
        "value": float(model.note["cpu_seconds"]),
        "unit": "CPU s",
        "seed": 0,
    }
    yield cost
    clip = np.zeros((48, 64, 64, 3), np.uint8)
    for factor in superres.FACTORS:
        begin = time.process_time()
        superres.enlarge(clip, factor, model)
        cost = time.process_time() - begin
        yield {
            "metric": "upscaler: 48 pictures of 64 x 64",
            "value": cost,
            "unit": "CPU s",
            "variant": f"x{factor}",
        }


def putting_together(folder: Path):
    """What it costs to put a film of ten seconds together and encode it: bare ffmpeg, our loop, moviepy.

    Bare ffmpeg gets the finished pictures and the finished sound. The other two get the clips, make every picture, mix the sound;
    ours also masters it, checks its peaks after encoding, adds the subtitle track, and seals the file.
    The least of three runs each, side by side.
    """
    from course_lib.film import plan as plans
    from course_lib.film.example import ten_seconds
    from course_lib.film.plan_moviepy import as_moviepy

    plan, media = ten_seconds(512, drawn=90)
    ready, sound = list(plans.pictures(plan, media)), plans.finished_sound(plan, media)
    ways = {
        "bare ffmpeg": lambda: bare(ready, sound, plan["fps"], folder),
        "our loop": lambda: plans.save(plan, media, folder / "ours.mp4"),
        "moviepy": lambda: with_moviepy(as_moviepy({**plan, "blend": "numbers"}, media), plan["fps"], folder),
    }
    costs = {name: [] for name in ways}
    for _ in range(3):
        for name, make in ways.items():
            before = cpu_seconds()
            make()
            costs[name].append(cpu_seconds() - before)
    size = "10 s, 512x512"
    for name, found in costs.items():
        yield {
            "metric": f"put together: {name}",
            "value": min(found),
            "unit": "CPU s",
            "n": 3,
            "variant": size,
        }
    ratio = min(costs["our loop"]) / min(costs["bare ffmpeg"])
    yield {
        "metric": "put together: our loop to bare ffmpeg",
        "value": ratio,
        "unit": "times",
        "n": 3,
        "variant": size,
    }
    plan["blend"] = "numbers"
    film, apart = as_moviepy(plan, media), []
    for number, picture in enumerate(plans.pictures(plan, media)):
        other = film.get_frame(number / plan["fps"])
        apart.append(np.abs(picture.astype(int) - other).max())
    yield {"metric": "moviepy against our loop, largest difference", "value": max(apart), "unit": "of 255",
           "n": len(apart), "variant": size}  # fmt: skip


def bare(pictures: list[np.ndarray], sound: np.ndarray, fps: int, folder: Path) -> None:
    """Finished pictures and sound to one file, by ffmpeg, with the settings of our own films."""
    from course_lib.film.publish import SOUND_CODEC, VIDEO_CODEC

    height, width = pictures[0].shape[:2]
    wave = folder / "sound.raw"
    wave.write_bytes(np.ascontiguousarray(sound, "<f4").tobytes())
    command = [
        ffmpeg(),
        "-y",
        "-v",
        "error",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        f"{width}x{height}",
    ]
    command += ["-r", str(fps), "-i", "pipe:0", "-f", "f32le", "-ar", str(RATE), "-ac", "2", "-i", str(wave)]
    command += [*VIDEO_CODEC, *SOUND_CODEC, str(folder / "bare.mp4")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    for picture in pictures:
        process.stdin.write(picture.data)
    process.stdin.close()
    if process.wait() != 0:
        raise RuntimeError("bare ffmpeg failed")


def with_moviepy(film, fps: int, folder: Path) -> None:
    """The same settings, by moviepy."""
    from course_lib.film.publish import VIDEO_CODEC

    at = VIDEO_CODEC.index("-preset")
    film.write_videofile(str(folder / "moviepy.mp4"), fps=fps, codec="libx264", preset=VIDEO_CODEC[at + 1], audio_codec="aac",
                         audio_bitrate="192k", audio_fps=RATE, ffmpeg_params=[*VIDEO_CODEC[at + 2 :]], logger=None,
                         temp_audiofile_path=str(folder))  # fmt: skip


def checked(text: str, path: Path, short_side: int) -> dict:
    """Make a film and measure the finished file."""
    before = cpu_seconds()
    film = make_film(text, path, short_side=short_side)
    cost = cpu_seconds() - before
    sound, pictures = decode(path)
    label = read_label(path)
    return {
        "CPU time": cost,
        "seconds": film.seconds,
        "megabytes": path.stat().st_size / 1e6,
        "loudness": loudness(sound),
        "true peak": true_peak(sound),
        "audio minus video": len(sound) / RATE - pictures / film.timeline.fps,
        "subtitle error": subtitle_error(film),
        "label complete": not label.missing,
    }


def cpu_seconds() -> float:
    """CPU seconds of this process and of the ones it started."""
    return time.process_time() + _children()


def _children() -> float:
    try:
        import resource
    except ImportError:  # Windows counts no children
        return 0.0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def decode(path: Path) -> tuple[np.ndarray, int]:
    """The sound of a film, float32 (n, 2), and how many pictures it holds."""
    start = [ffmpeg(), "-hide_banner", "-nostdin", "-i", str(path)]
    raw = subprocess.run(
        [*start, "-map", "0:a", "-f", "f32le", "-ar", str(RATE), "-"], capture_output=True, check=True
    ).stdout
    counted = subprocess.run([*start, "-map", "0:v", "-f", "null", "-"], capture_output=True, check=True)
    pictures = int(re.findall(r"frame=\s*(\d+)", counted.stderr.decode("utf-8", "replace"))[-1])
    return np.frombuffer(raw, "<f4").reshape(-1, 2), pictures


def subtitle_error(film) -> float:
    """The largest distance of a subtitle's begin from a begin of sound in the voice's stem, in seconds.

    The first subtitle of each shot is compared: a later one begins in the middle of the speech.
    """
    voice = np.abs(film.sound.stems["voice"]).max(axis=1)
    worst = 0.0
    for take in film.shots:
        cue = next(c for c in film.subtitles if c.start >= take.speech_at - 0.5)
        begin = max(0, round((take.speech_at - 0.3) * RATE))
        loud = np.flatnonzero(voice[begin:] > 0.02 * voice.max())
        worst = max(worst, abs(cue.start - (begin + loud[0]) / RATE))
    return worst
