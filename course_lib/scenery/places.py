"""The seven places by name: each painter returns its layers back to front, and its skyline."""

from course_lib.scenery.city import city
from course_lib.scenery.hills import desert, grassland, snow_mountain
from course_lib.scenery.shores import lake, sea
from course_lib.scenery.woods import forest

PAINTERS = {
    "snow mountain": snow_mountain,
    "lake": lake,
    "grassland": grassland,
    "desert": desert,
    "sea": sea,
    "city": city,
    "forest": forest,
}


def paint_place(world):
    """The place's layers and effects, back to front, and its skyline: x -> y."""
    return PAINTERS[world.place](world)
