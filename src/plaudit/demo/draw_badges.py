"""Draws the demo's badges: ``python -m plaudit.demo.draw_badges`` writes them into ``badges/``.

A medal is a shape, a metal for its tier and a colour for its family. Refuses fonts and outside art.
"""

from collections.abc import Callable, Sequence
from math import cos, pi, sin
from pathlib import Path

from msgspec import Struct
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from plaudit.demo import icons
from plaudit.demo.icons import SCALE, SIZE, Icon, Pen, Point, star_points

FOLDER = Path(__file__).parent / "badges"
"""Where the finished badges lie in the package."""

EDGE = SIZE * SCALE
WHITE = 255
CENTRE = (128.0, 124.0)

Colour = tuple[int, int, int]
Shape = Callable[[float], Sequence[Point]]

BRONZE = ((255, 214, 170), (214, 140, 82), (150, 84, 40), (232, 166, 110), (120, 62, 26))
SILVER = ((255, 255, 255), (198, 208, 219), (130, 143, 158), (226, 233, 240), (104, 116, 131))
GOLD = ((255, 246, 196), (247, 203, 84), (190, 132, 22), (255, 222, 120), (150, 98, 10))
DIAMOND = ((255, 255, 255), (170, 232, 246), (72, 150, 190), (214, 246, 255), (40, 104, 150))

BLUE = ((86, 146, 255), (24, 56, 158))
GREEN = ((62, 201, 132), (8, 92, 74))
AMBER = ((255, 178, 62), (196, 78, 8))
CYAN = ((66, 190, 226), (12, 84, 134))
TEAL = ((52, 190, 186), (10, 82, 98))
RED = ((255, 124, 74), (178, 22, 44))
ROSE = ((255, 116, 160), (150, 24, 96))
VIOLET = ((164, 120, 255), (72, 30, 156))
INDIGO = ((126, 138, 255), (44, 38, 132))
NIGHT = ((88, 88, 128), (22, 20, 44))


class Medal(Struct, frozen=True):
    """One badge: the name of its file, and what it is made of."""

    name: str
    shape: Shape
    metal: Sequence[Colour]
    face: tuple[Colour, Colour]
    icon: Icon
    pips: int


def polygon(corners: int, turn: float = 0.0) -> Shape:
    """Give a regular polygon with a corner at the top, turned by radians."""

    def shape(radius: float) -> list[Point]:
        angles = [turn - pi / 2 + 2 * pi * i / corners for i in range(corners)]
        return [(CENTRE[0] + radius * cos(a), CENTRE[1] + radius * sin(a)) for a in angles]

    return shape


def rosette(petals: int, depth: float) -> Shape:
    """Give a circle with a waved edge."""

    def shape(radius: float) -> list[Point]:
        points = []
        for step in range(720):
            angle = pi * step / 360
            reach = radius * (1 - depth + depth * cos(petals * angle))
            points.append((CENTRE[0] + reach * cos(angle), CENTRE[1] + reach * sin(angle)))
        return points

    return shape


def shield(radius: float) -> list[Point]:
    """Give a coat of arms."""
    r, (x, y) = radius, CENTRE
    side = icons.curve(
        (x + 0.84 * r, y - 0.74 * r), (x + 0.9 * r, y + 0.24 * r), (x + 0.56 * r, y + 0.7 * r), (x, y + r)
    )
    crest = icons.curve(
        (x, y - 0.94 * r),
        (x + 0.3 * r, y - 0.74 * r),
        (x + 0.6 * r, y - 0.7 * r),
        (x + 0.84 * r, y - 0.74 * r),
    )
    right = [*crest, *side]
    return [*right, *((2 * x - px, py) for px, py in reversed(right))]


def burst(radius: float) -> list[Point]:
    """Give a star of many short rays."""
    return star_points(*CENTRE, radius, radius * 0.86, 16)


def squircle(radius: float) -> list[Point]:
    """Give a square with generous corners."""
    points = []
    for step in range(720):
        across, down = cos(pi * step / 360), sin(pi * step / 360)
        reach = 0.92 * radius / (abs(across) ** 5 + abs(down) ** 5) ** 0.2
        points.append((CENTRE[0] + reach * across, CENTRE[1] + reach * down))
    return points


def circle(radius: float) -> list[Point]:
    """Give a circle, a little smaller, so that it looks as large as the others."""
    return list(rosette(1, 0.0)(0.96 * radius))


HEXAGON = polygon(6)
HEPTAGON = polygon(7)
OCTAGON = polygon(8, pi / 8)

MEDALS = (
    Medal("commits-1", HEXAGON, BRONZE, BLUE, icons.commit, 1),
    Medal("commits-10", HEXAGON, SILVER, BLUE, icons.branch, 2),
    Medal("commits-100", HEXAGON, GOLD, BLUE, icons.merge, 3),
    Medal("commits-1000", HEXAGON, DIAMOND, BLUE, icons.network, 4),
    Medal("lines-1000", OCTAGON, BRONZE, GREEN, icons.code_lines(((0, 62), (20, 76), (0, 40))), 1),
    Medal("lines-10000", OCTAGON, SILVER, GREEN, icons.code_lines(((0, 56), (20, 76), (20, 48), (0, 34))), 2),
    Medal(
        "lines-100000",
        OCTAGON,
        GOLD,
        GREEN,
        icons.code_lines(((0, 62), (20, 76), (40, 56), (20, 58), (0, 36))),
        3,
    ),
    Medal("files-100", squircle, SILVER, AMBER, icons.folder, 1),
    Medal("files-1000", squircle, GOLD, AMBER, icons.folders, 2),
    Medal("numpy-1", shield, BRONZE, CYAN, icons.cube, 1),
    Medal("numpy-10", shield, SILVER, CYAN, icons.cube, 2),
    Medal("numpy-100", shield, GOLD, CYAN, icons.cube, 3),
    Medal("flask-1", shield, BRONZE, TEAL, icons.flask, 1),
    Medal("flask-10", shield, SILVER, TEAL, icons.flask, 2),
    Medal("streak-3", circle, BRONZE, RED, icons.flame(0.72), 1),
    Medal("streak-7", circle, SILVER, RED, icons.flame(0.86), 2),
    Medal("streak-14", circle, GOLD, RED, icons.flame(1.0), 3),
    Medal("founding", shield, GOLD, VIOLET, icons.banner, 0),
    Medal("both-projects", burst, SILVER, VIOLET, icons.rings, 0),
    Medal("all-rounder", burst, GOLD, NIGHT, icons.laurel, 0),
    Medal("pillar", burst, DIAMOND, NIGHT, icons.crown, 0),
    Medal("years-1", rosette(12, 0.03), BRONZE, ROSE, icons.calendar(1), 1),
    Medal("years-5", rosette(12, 0.03), SILVER, ROSE, icons.calendar(2), 2),
    Medal("years-10", rosette(12, 0.03), GOLD, ROSE, icons.calendar(3), 3),
    Medal("level-newcomer", HEPTAGON, BRONZE, TEAL, icons.rank(0), 0),
    Medal("level-contributor", HEPTAGON, BRONZE, INDIGO, icons.rank(1), 0),
    Medal("level-regular", HEPTAGON, SILVER, INDIGO, icons.rank(2), 0),
    Medal("level-core", HEPTAGON, SILVER, INDIGO, icons.rank(3), 0),
    Medal("level-maintainer", HEPTAGON, GOLD, INDIGO, icons.rank(2, star=True), 0),
    Medal("level-legend", HEPTAGON, DIAMOND, NIGHT, icons.rank(3, star=True), 0),
)


def mask_of(points: Sequence[Point], soften: float = 7.0) -> Image.Image:
    """Fill an outline and round its corners."""
    pen = Pen()
    pen.fill(points)
    blurred = pen.mask.filter(ImageFilter.GaussianBlur(soften * SCALE))
    return blurred.point([255 if value > WHITE // 2 else 0 for value in range(256)])


def ramp(vertical: float) -> Image.Image:
    """Give a ramp from black to white: straight down at 1, from left to right at 0, aslant between."""
    down = Image.linear_gradient("L").resize((EDGE, EDGE), Image.Resampling.BICUBIC)
    return Image.blend(down.transpose(Image.Transpose.ROTATE_90), down, vertical)


def coloured(grey: Image.Image, stops: Sequence[Colour]) -> Image.Image:
    """Colour a ramp by stops that lie evenly between black and white."""
    last = len(stops) - 1

    def channel(which: int) -> list[int]:
        table = []
        for value in range(256):
            place = min(last - 1, value * last // 255)
            share = value * last / 255 - place
            low, high = stops[place][which], stops[place + 1][which]
            table.append(round(low + (high - low) * share))
        return table

    return Image.merge("RGB", [grey.point(channel(which)) for which in range(3)])


def draw(medal: Medal) -> Image.Image:
    """Draw one badge, finished."""
    outer = mask_of(medal.shape(114))
    groove = mask_of(medal.shape(101))
    face = mask_of(medal.shape(97))
    picture = Image.new("RGBA", (EDGE, EDGE), (0, 0, 0, 0))
    _shadow(picture, outer)
    picture.paste(coloured(ramp(0.5), medal.metal), (0, 0), outer)
    _bevel(picture, outer, medal.metal)
    picture.paste(coloured(ImageChops.invert(ramp(0.5)), medal.metal), (0, 0), groove)
    picture.paste(coloured(ramp(0.85), medal.face), (0, 0), face)
    _gloss(picture, face)
    _sign(picture, medal, face)
    return picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def _shadow(picture: Image.Image, outer: Image.Image) -> None:
    fallen = ImageChops.offset(outer, 0, 4 * SCALE).filter(ImageFilter.GaussianBlur(3.5 * SCALE))
    picture.paste((10, 12, 24, 255), (0, 0), fallen.point([value * 9 // 20 for value in range(256)]))
    picture.putalpha(fallen.point([value * 9 // 20 for value in range(256)]))
    solid = Image.new("L", (EDGE, EDGE), 255)
    picture.putalpha(ImageChops.lighter(picture.getchannel("A"), ImageChops.multiply(outer, solid)))


def _bevel(picture: Image.Image, outer: Image.Image, metal: Sequence[Colour]) -> None:
    """Darken the lower rim's edge and light the upper one."""
    step = round(2.2 * SCALE)
    lit = ImageChops.subtract(outer, ImageChops.offset(outer, step // 2, step))
    dark = ImageChops.subtract(outer, ImageChops.offset(outer, -step // 2, -step))
    picture.paste((*metal[0], 255), (0, 0), lit.point([value * 4 // 5 for value in range(256)]))
    picture.paste((*metal[-1], 255), (0, 0), dark.point([value * 4 // 5 for value in range(256)]))


def _gloss(picture: Image.Image, face: Image.Image) -> None:
    """Lay light over the upper half of the face, and shade along its rim."""
    light = Image.new("L", (EDGE, EDGE), 0)
    ImageDraw.Draw(light).ellipse([-0.15 * EDGE, -0.62 * EDGE, 1.15 * EDGE, 0.48 * EDGE], fill=34)
    picture.paste((255, 255, 255, 255), (0, 0), ImageChops.multiply(light, face))
    inside = face.filter(ImageFilter.GaussianBlur(5 * SCALE))
    rim = ImageChops.multiply(ImageChops.invert(inside), face)
    picture.paste((8, 10, 30, 255), (0, 0), rim.point([value * 3 // 5 for value in range(256)]))


def _sign(picture: Image.Image, medal: Medal, face: Image.Image) -> None:
    pen = Pen()
    medal.icon(pen)
    for place in range(medal.pips):
        x = 128 + (place - (medal.pips - 1) / 2) * 15
        pen.fill([(x, 189), (x + 5.5, 194.5), (x, 200), (x - 5.5, 194.5)])
    fallen = ImageChops.offset(pen.mask, 0, round(2.5 * SCALE)).filter(ImageFilter.GaussianBlur(2 * SCALE))
    shade = ImageChops.multiply(fallen, face).point([value * 2 // 5 for value in range(256)])
    picture.paste((6, 8, 26, 255), (0, 0), shade)
    picture.paste(coloured(ramp(1.0), ((255, 255, 255), (255, 255, 255), (236, 240, 248))), (0, 0), pen.mask)


def main() -> None:
    """Draw every badge into the package."""
    FOLDER.mkdir(exist_ok=True)
    for medal in MEDALS:
        draw(medal).save(FOLDER / f"{medal.name}.png", optimize=True)


if __name__ == "__main__":
    main()
