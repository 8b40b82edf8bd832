"""English for the world's words: for each attribute and word, ways to say it, and sentence plans.

A phrase may be limited: ``("phrase", {"weather": ("clear",)})`` is used only with that weather, so that no
sentence has a blazing sun in the rain.
"""

CLEAR = {"weather": ("clear",)}
DRY = {"weather": ("clear", "cloudy")}
GREEN = {"weather": ("clear", "cloudy", "rain", None)}
SEEN = {"motion": ("rising", "drifting", "crossing")}
STILL = {"weather": ("clear",), "motion": ("pan left", "pan right", "zoom in", "rising", "crossing", None)}

# A thing that can stand after "show me", and the same after "over", "across", "towards".
PLACE = {
    "snow mountain": [
        "a snowy mountain",
        "snow-capped peaks",
        "a mountain covered in snow",
        "high white mountains",
    ],
    "lake": ["a lake", "a quiet lake", "a lake among the hills", "a mountain lake"],
    "grassland": ["a grassland", "a wide meadow", ("green rolling pastures", GREEN), "the open steppe"],
    "desert": ["a desert", "desert dunes", "a sea of sand dunes", "an empty desert"],
    "sea": ["the sea", "the open sea", "the ocean", "a wide ocean"],
    "city": ["a city", "a city skyline", "a big city", "a town full of tall buildings"],
    "forest": ["a forest", "a deep forest", "the woods", "a wood of tall trees"],
}
THE_PLACE = {
    "snow mountain": [
        "the snowy mountain",
        "the snow-capped peaks",
        "the white summits",
        "the snowy mountains",
    ],
    "lake": ["the lake", "the quiet lake", "the mountain lake"],
    "grassland": ["the grassland", "the meadows", ("the green pastures", GREEN), "the steppe"],
    "desert": ["the desert", "the dunes", "the sand dunes", "the desert sands"],
    "sea": ["the sea", "the ocean", "the open sea"],
    "city": ["the city", "the skyline", "the rooftops of the city", "the towers of the city"],
    "forest": ["the forest", "the woods", "the treetops", "the tall trees"],
}
WHERE = {
    "snow mountain": [
        "in the snowy mountains",
        "at the foot of the snowy mountain",
        "among snow-capped peaks",
    ],
    "lake": ["by the lake", "on the shore of the lake", "at the lakeside"],
    "grassland": ["on the grassland", "out on the steppe", ("in the green meadows", GREEN)],
    "desert": ["in the desert", "among the dunes", "out in the sand dunes"],
    "sea": ["by the sea", "at the seaside", "on the coast"],
    "city": ["in the city", "downtown", "among the tall buildings"],
    "forest": ["in the forest", "in the woods", "among the tall trees"],
}
TIME = {
    "dawn": ["at dawn", "at daybreak", "at first light", "early in the morning", "just as the day breaks"],
    "noon": ["at noon", "at midday", "in the middle of the day", ("under the midday sun", CLEAR)],
    "dusk": [
        "at dusk",
        "in the evening twilight",
        "at the close of the day",
        ("at sunset", DRY),
        ("in the last light of the sun", CLEAR),
    ],
    "night": ["at night", "by night", "late at night", "after dark", ("on a starry night", CLEAR)],
}
HOUR = {
    "dawn": ["dawn", "early morning", "daybreak"],
    "noon": ["noon", "midday", "the middle of the day"],
    "dusk": ["dusk", "evening", "twilight"],
    "night": ["night", "late at night", "night-time"],
}
DAYPART = {
    "dawn": ["early morning", "morning at daybreak"],
    "noon": ["day around noon", "day at noon"],
    "dusk": ["evening", "evening at dusk"],
    "night": ["night"],
}
KIND_OF = {
    "clear": ["a clear", "a fine", ("a cloudless", STILL)],
    "cloudy": ["a cloudy", "an overcast", "a grey"],
    "rain": ["a rainy", "a wet", "a drizzly"],
    "snow": ["a snowy", "a white, snowy"],
}
WEATHER = {
    "clear": ["under a clear sky", "in fine weather", "in clear weather", ("under a cloudless sky", STILL)],
    "cloudy": ["under a cloudy sky", "under heavy clouds", "beneath an overcast sky", "in cloudy weather"],
    "rain": ["in the rain", "in a steady drizzle", "in falling rain", "in rainy weather"],
    "snow": ["in falling snow", "in a snowfall", "with snowflakes in the air", "in drifting snowflakes"],
}
IT_IS = {
    "clear": [
        "the sky is clear",
        "the weather is fine",
        "the air is clear",
        ("there is not a cloud in the sky", STILL),
    ],
    "cloudy": ["the sky is overcast", "clouds cover the sky", "it is cloudy", "the sky is full of clouds"],
    "rain": ["it is raining", "rain is falling", "a light rain falls", "the rain comes down"],
    "snow": ["it is snowing", "snow is falling", "snowflakes are coming down", "it snows"],
}
MOTION = {
    "pan left": ["the camera pans left", "the camera turns slowly to the left", "the view slides to the left", "the picture moves left"],
    "pan right": ["the camera pans right", "the camera turns slowly to the right", "the view slides to the right", "the picture moves right"],
    "zoom in": ["the camera zooms in", "the camera moves closer", "the view draws nearer", "we slowly close in"],
    "rising": [
        ("the sun rises", {"time": ("dawn", None)}), ("the sun comes up", {"time": ("dawn", None)}),
        ("the sun climbs into the sky", {"time": ("dawn", None)}), ("the moon rises", {"time": ("dusk", "night")}),
        ("the moon comes up", {"time": ("dusk", "night")}), ("the moon climbs into the sky", {"time": ("dusk", "night")}),
    ],
    "drifting": ["clouds drift by", "the clouds float past", "clouds sail across the sky", "the clouds are drifting"],
    "crossing": ["a boat crosses the water", "a sailing boat glides past", "a little boat sails by", "a boat is crossing"],
}  # fmt: skip
WITH = {
    "pan left": ["the camera panning left", "a slow pan to the left", "the view sliding to the left"],
    "pan right": ["the camera panning right", "a slow pan to the right", "the view sliding to the right"],
    "zoom in": ["the camera zooming in", "a slow zoom in", "the view drawing nearer"],
    "rising": [
        ("the sun rising", {"time": ("dawn", None)}), ("the sun coming up", {"time": ("dawn", None)}),
        ("the moon rising", {"time": ("dusk", "night")}), ("the moon coming up", {"time": ("dusk", "night")}),
    ],
    "drifting": ["clouds drifting by", "drifting clouds", "clouds floating past"],
    "crossing": ["a boat crossing the water", "a sailing boat gliding past", "a little boat sailing by"],
}  # fmt: skip
OVER = {
    "pan left": ["the camera pans left across {the}", "the view moves left over {the}"],
    "pan right": ["the camera pans right across {the}", "the view moves right over {the}"],
    "zoom in": ["the camera moves in on {the}", "the camera zooms in on {the}", "we come closer and closer to {the}"],
    "rising": [
        ("the sun rises over {the}", {"time": ("dawn", None)}), ("the sun comes up over {the}", {"time": ("dawn", None)}),
        ("the moon rises over {the}", {"time": ("dusk", "night")}), ("the moon comes up over {the}", {"time": ("dusk", "night")}),
    ],
    "drifting": ["clouds drift over {the}", "clouds float above {the}", "the clouds sail over {the}"],
    "crossing": ["a boat crosses {the}", "a sailing boat glides across {the}", "a small boat sails over {the}"],
}  # fmt: skip

FORMS = {
    "place": ("place", PLACE), "the": ("place", THE_PLACE), "where": ("place", WHERE), "time": ("time", TIME),
    "hour": ("time", HOUR), "daypart": ("time", DAYPART), "kind": ("weather", KIND_OF), "weather": ("weather", WEATHER),
    "it_is": ("weather", IT_IS), "motion": ("motion", MOTION), "with": ("motion", WITH), "over": ("motion", OVER),
}  # fmt: skip

# Plain, spoken, a request, a diary, a note for a film crew.
PLANS = [
    "{place} {time} {weather}, {with}.",
    "{place} {time}, {weather}: {motion}.",
    "{time}, {place} {weather}; {motion}.",
    "{time}, {over}, {weather}.",
    "{over} {time}, {weather}.",
    "{it_is} {where} {time}, and {motion}.",
    "{time}, {it_is} and {over}.",
    "it is {hour} {where}; {it_is}, and {motion}.",
    "on {kind} {daypart}, {over}.",
    "on {kind} {daypart} {where}, {motion}.",
    "show me {place} {time}, {weather}, with {with}.",
    "show me how {over} {time}, {weather}.",
    "I want to see {place} {time} while {it_is} and {motion}.",
    "please film {place} {time} {weather}: {with}.",
    "I am {where} {time}; {it_is}, and {motion}.",
    "we are {where} {time}, {weather}, and {motion}.",
    ("look, {over}! It is {hour}, and {it_is}.", SEEN),
    "a short film: {place}, {hour}, {it_is}, {motion}.",
]
# When a sentence need not say everything: what is given is strung together.
LOOSE = {
    ("place",): ["{place}.", "show me {place}.", "I am {where}."],
    ("time",): ["{time}.", "it is {hour}."],
    ("weather",): ["{it_is}.", "something {weather}."],
    ("motion",): ["{motion}.", "show me how {motion}."],
    ("place", "time"): [
        "{place} {time}.",
        "{time}, {place}.",
        "I am {where} {time}.",
        "show me {place} {time}.",
    ],
    ("place", "weather"): ["{place} {weather}.", "{it_is} {where}.", "show me {place} {weather}."],
    ("place", "motion"): ["{over}.", "{place}, with {with}.", "I am {where}, and {motion}."],
    ("time", "weather"): ["{it_is} {time}.", "{time}, {it_is}.", "on {kind} {daypart}."],
    ("time", "motion"): ["{motion} {time}.", "{time}, {motion}."],
    ("weather", "motion"): ["{it_is}, and {motion}.", "{motion} {weather}."],
    ("place", "time", "weather"): [
        "{place} {time}, {weather}.",
        "{it_is} {where} {time}.",
        "on {kind} {daypart}, {place}.",
        "show me {place} {time} {weather}.",
    ],
    ("place", "time", "motion"): ["{over} {time}.", "{time}, {over}.", "{place} {time}, with {with}."],
    ("place", "weather", "motion"): [
        "{over}, {weather}.",
        "{it_is} {where}, and {motion}.",
        "{place} {weather}, with {with}.",
    ],
    ("time", "weather", "motion"): ["{time}, {it_is}, and {motion}.", "on {kind} {daypart}, {motion}."],
}
MOOD = {
    "joyful": ["It is a joyful scene.", "Everything feels bright and happy.", "What a cheerful sight!"],
    "calm": ["Everything is calm.", "It is peaceful and quiet.", "A calm, gentle mood."],
    "grand": ["It is a grand, majestic sight.", "How magnificent!", "The scene is vast and grand."],
    "wistful": [
        "It feels a little wistful.",
        "A touch of melancholy is in the air.",
        "It makes me homesick.",
    ],
}
