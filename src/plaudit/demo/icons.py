"""The pictures on the demo's badges: simple signs of one colour, drawn with a pen on a mask.

Coordinates are those of the finished 256 x 256 badge. Refuses fonts, text and emoji.
"""

from collections.abc import Callable, Sequence
from math import cos, pi, sin

from PIL import Image, ImageDraw

SCALE = 4
"""How much larger badges are drawn than they are kept, so that edges come out smooth."""

SIZE = 256
"""Edge of a finished badge in pixels."""

Point = tuple[float, float]
Icon = Callable[["Pen"], None]

INK = 255
HALF = 150
FAINT = 95
CLEAR = 0


class Pen:
    """Draws on a mask: how bright, is how much of the sign's colour shows."""

    def __init__(self) -> None:
        """Begin with an empty mask."""
        self.mask = Image.new("L", (SIZE * SCALE, SIZE * SCALE), CLEAR)
        self._draw = ImageDraw.Draw(self.mask)

    def dot(self, x: float, y: float, radius: float, ink: int = INK) -> None:
        """Fill a circle."""
        box = [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE]
        self._draw.ellipse(box, fill=ink)

    def stroke(self, points: Sequence[Point], width: float, ink: int = INK) -> None:
        """Draw a line with round ends and round corners."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, fill=ink, width=round(width * SCALE), joint="curve")
        for x, y in points:
            self.dot(x, y, width / 2, ink)

    def fill(self, points: Sequence[Point], ink: int = INK) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=ink)

    def bar(
        self, left: float, top: float, right: float, bottom: float, round_by: float, ink: int = INK
    ) -> None:
        """Fill a rectangle with round corners."""
        box = [left * SCALE, top * SCALE, right * SCALE, bottom * SCALE]
        self._draw.rounded_rectangle(box, radius=round_by * SCALE, fill=ink)

    def node(self, x: float, y: float, radius: float = 13, hole: float = 6) -> None:
        """Draw a ring, as commits are drawn in a graph."""
        self.dot(x, y, radius)
        self.dot(x, y, hole, CLEAR)


def curve(start: Point, pull_1: Point, pull_2: Point, end: Point, steps: int = 40) -> list[Point]:
    """Give points on a cubic Bezier curve."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
        x = a * start[0] + b * pull_1[0] + c * pull_2[0] + d * end[0]
        y = a * start[1] + b * pull_1[1] + c * pull_2[1] + d * end[1]
        points.append((x, y))
    return points


def star_points(x: float, y: float, outer: float, inner: float, rays: int = 5) -> list[Point]:
    """Give the corners of a star that stands on two rays."""
    corners = []
    for corner in range(2 * rays):
        radius = outer if corner % 2 == 0 else inner
        angle = -pi / 2 + corner * pi / rays
        corners.append((x + radius * cos(angle), y + radius * sin(angle)))
    return corners


def commit(pen: Pen) -> None:
    """One commit on its line."""
    pen.stroke([(72, 122), (184, 122)], 10)
    pen.dot(128, 122, 31, CLEAR)
    pen.node(128, 122, 26, 13)


def branch(pen: Pen) -> None:
    """A line of commits from which a branch leaves."""
    pen.stroke([(104, 72), (104, 162)], 9)
    pen.stroke(curve((104, 148), (104, 114), (154, 134), (154, 96)), 9)
    for x, y in ((104, 72), (104, 162), (154, 92)):
        pen.dot(x, y, 19, CLEAR)
        pen.node(x, y, 15, 7)


def merge(pen: Pen) -> None:
    """A branch that comes home."""
    pen.stroke([(102, 70), (102, 168)], 9)
    pen.stroke(curve((102, 82), (102, 106), (156, 84), (156, 119)), 9)
    pen.stroke(curve((156, 119), (156, 154), (102, 132), (102, 156)), 9)
    for x, y in ((102, 68), (102, 119), (156, 119), (102, 168)):
        pen.dot(x, y, 17, CLEAR)
        pen.node(x, y, 13, 6)


def network(pen: Pen) -> None:
    """Many commits, all joined."""
    ring = [(128 + 50 * cos(-pi / 2 + i * pi / 3), 122 + 50 * sin(-pi / 2 + i * pi / 3)) for i in range(6)]
    pen.stroke([*ring, ring[0]], 7)
    for point in ring:
        pen.stroke([(128, 122), point], 7)
    for x, y in ring:
        pen.dot(x, y, 15.5, CLEAR)
        pen.node(x, y, 12, 5)
    pen.dot(128, 122, 22, CLEAR)
    pen.node(128, 122, 18, 8)


def code_lines(rows: Sequence[tuple[float, float]]) -> Icon:
    """Lines of code: each row as the pixels it is indented by, and its length."""

    def draw(pen: Pen) -> None:
        gap = 21
        top = 123 - gap * (len(rows) - 1) / 2
        for place, (indent, length) in enumerate(rows):
            y = top + place * gap
            pen.stroke(
                [(80 + indent, y), (80 + indent + length, y)], 12, INK if place % 2 == 0 else HALF + 40
            )

    return draw


def _folder(pen: Pen, x: float, y: float, ink: int) -> None:
    pen.bar(x, y, x + 44, y + 30, 8, ink)
    pen.fill([(x + 34, y), (x + 46, y), (x + 58, y + 14), (x + 34, y + 14)], ink)
    pen.bar(x, y + 11, x + 96, y + 72, 9, ink)


def folder(pen: Pen) -> None:
    """One folder with a sheet in it."""
    _folder(pen, 80, 86, INK)
    pen.stroke([(92, 113), (164, 113)], 5, CLEAR)


def folders(pen: Pen) -> None:
    """A pile of folders."""
    _folder(pen, 92, 68, FAINT + 20)
    pen.bar(79, 87, 183, 170, 12, CLEAR)
    _folder(pen, 84, 82, HALF + 20)
    pen.bar(71, 104, 175, 190, 12, CLEAR)
    _folder(pen, 76, 99, INK)
    pen.stroke([(88, 126), (160, 126)], 5, CLEAR)


def cube(pen: Pen) -> None:
    """A cube of cells, as arrays are drawn."""
    x, y, w, h, deep = 128.0, 122.0, 52.0, 29.0, 56.0
    top = [(x, y - deep), (x + w, y - deep + h), (x, y - deep + 2 * h), (x - w, y - deep + h)]
    left = [top[3], top[2], (x, y + deep), (x - w, y + deep - h)]
    right = [top[2], top[1], (x + w, y + deep - h), (x, y + deep)]
    for face, ink in ((top, INK), (left, HALF + 20), (right, FAINT + 10)):
        pen.fill(face, ink)
        for share in (1 / 3, 2 / 3):
            _across(pen, face, share)
    for edge in ((top[2], top[1]), (top[2], top[3]), (top[2], left[2])):
        pen.stroke(edge, 5, CLEAR)


def _across(pen: Pen, face: Sequence[Point], share: float) -> None:
    """Cut a face of four corners both ways at a share of its edges."""
    a, b, c, d = face

    def between(p: Point, q: Point) -> Point:
        return (p[0] + (q[0] - p[0]) * share, p[1] + (q[1] - p[1]) * share)

    pen.stroke([between(a, b), between(d, c)], 3, CLEAR)
    pen.stroke([between(a, d), between(b, c)], 3, CLEAR)


def flask(pen: Pen) -> None:
    """A laboratory flask, half full."""
    body = [(113, 78), (143, 78), (143, 108), (175, 160), (170, 173), (86, 173), (81, 160), (113, 108)]
    pen.fill(body)
    pen.stroke([*body, body[0]], 8)
    inner = [(119, 80), (137, 80), (137, 111), (165, 158), (162, 165), (94, 165), (91, 158), (119, 111)]
    pen.fill(inner, CLEAR)
    pen.fill([(110, 129), (146, 129), (165, 158), (162, 165), (94, 165), (91, 158)], HALF + 40)
    pen.stroke([(106, 74), (150, 74)], 9)
    for bubble_x, bubble_y, radius in ((120, 150, 6), (139, 143, 4.5), (134, 157, 3.5)):
        pen.dot(bubble_x, bubble_y, radius, CLEAR)
    for bubble_x, bubble_y, radius in ((131, 117, 4), (124, 101, 3)):
        pen.dot(bubble_x, bubble_y, radius, HALF + 40)


def flame(grown: float) -> Icon:
    """A flame, larger the longer the streak (1 is the largest)."""

    def draw(pen: Pen) -> None:
        _tongue(pen, grown, INK)
        _tongue(pen, grown * 0.5, CLEAR)
        _tongue(pen, grown * 0.36, HALF + 40)

    return draw


def _tongue(pen: Pen, size: float, ink: int) -> None:
    foot = 126 + 54 * 0.98

    def at(x: float, y: float) -> Point:
        return (128 + x * size, foot + (y - 54) * size)

    right = curve(at(6, -64), at(12, -34), at(46, -18), at(46, 14))
    bottom = curve(at(46, 14), at(46, 40), at(26, 54), at(0, 54))
    left = curve(at(0, 54), at(-26, 54), at(-46, 38), at(-46, 12))
    side = curve(at(-46, 12), at(-46, -8), at(-34, -18), at(-28, -34))
    notch = curve(at(-28, -34), at(-24, -22), at(-20, -16), at(-12, -12))
    tip = curve(at(-12, -12), at(-14, -34), at(-6, -50), at(6, -64))
    pen.fill([*right, *bottom, *left, *side, *notch, *tip], ink)


def calendar(stars: int) -> Icon:
    """A sheet of a calendar with a star for the first year, more for more."""

    def draw(pen: Pen) -> None:
        pen.bar(80, 80, 176, 170, 13)
        pen.bar(88, 106, 168, 162, 7, CLEAR)
        for x in (104, 152):
            pen.stroke([(x, 72), (x, 88)], 15, CLEAR)
            pen.stroke([(x, 71), (x, 87)], 8)
        for across, down, size in _STARS[stars]:
            pen.fill(star_points(across, down, size, size * 0.45))

    return draw


_STARS: dict[int, tuple[tuple[float, float, float], ...]] = {
    1: ((128, 136, 24),),
    2: ((110, 135, 17), (146, 135, 17)),
    3: ((106, 142, 14), (128, 126, 14), (150, 142, 14)),
}


def banner(pen: Pen) -> None:
    """A flag planted first."""
    pen.stroke([(99, 76), (99, 170)], 9)
    top = curve((103, 80), (120, 68), (138, 94), (172, 80))
    bottom = curve((172, 128), (138, 142), (120, 116), (103, 128))
    pen.fill([*top, *bottom])
    pen.fill(star_points(137, 105, 18, 8), CLEAR)
    pen.stroke([(88, 172), (110, 172)], 9)


def rings(pen: Pen) -> None:
    """Two rings, one through the other."""
    for x, ink in ((106, INK), (150, HALF + 50)):
        pen.dot(x, 122, 41, ink)
    pen.dot(150, 122, 28, CLEAR)
    _ring(pen, 106, INK)
    _arc_over(pen)


def _ring(pen: Pen, x: float, ink: int) -> None:
    circle = [(x + 34 * cos(i * pi / 60), 122 + 34 * sin(i * pi / 60)) for i in range(121)]
    pen.dot(x, 122, 28, CLEAR)
    pen.stroke(circle, 18, CLEAR)
    pen.stroke(
        [(150 + 34 * cos(i * pi / 60), 122 + 34 * sin(i * pi / 60)) for i in range(121)], 12, HALF + 50
    )
    pen.stroke(circle, 12, ink)


def _arc_over(pen: Pen) -> None:
    """Let the second ring pass over the first where they meet below."""
    arc = [(150 + 34 * cos(i * pi / 60), 122 + 34 * sin(i * pi / 60)) for i in range(58, 83)]
    pen.stroke(arc[8:-4], 17, CLEAR)
    pen.stroke(arc, 12, HALF + 50)


def rank(chevrons: int, *, star: bool = False) -> Icon:
    """A badge of rank: chevrons, with a star above them or, where there are none, a seed to begin with."""
    gap = 24 if star else 27

    def draw(pen: Pen) -> None:
        top = 128 - gap * (chevrons - 1) / 2 + (17 if star else 0)
        for place in range(chevrons):
            y = top + place * gap
            pen.stroke([(86, y + 12), (128, y - 14), (170, y + 12)], 14, INK if place % 2 == 0 else HALF + 50)
        if star:
            pen.fill(star_points(128, top - 45, 26, 11.5))
        if not chevrons:
            pen.dot(128, 124, 42, FAINT)
            pen.dot(128, 124, 31, CLEAR)
            pen.dot(128, 124, 22)

    return draw


def crown(pen: Pen) -> None:
    """A crown of five points."""
    pen.fill([(78, 98), (103, 122), (128, 78), (153, 122), (178, 98), (168, 148), (88, 148)])
    for x, y in ((78.0, 94.0), (128.0, 74.0), (178.0, 94.0)):
        pen.dot(x, y, 8.5)
    pen.bar(88, 155, 168, 168, 6)
    for x in (108, 128, 148):
        pen.dot(x, 136, 4.5, CLEAR)


def laurel(pen: Pen) -> None:
    """A star between two branches of laurel."""
    pen.fill(star_points(128, 116, 32, 14))
    for side in (-1, 1):
        for step in range(6):
            angle = pi / 2 - side * (0.32 + step * 0.36)
            _leaf(pen, 128 + 56 * cos(angle), 120 + 56 * sin(angle), angle - side * 1.15)
    pen.dot(128, 176, 5)


def _leaf(pen: Pen, x: float, y: float, angle: float) -> None:
    along, across = (cos(angle), sin(angle)), (-sin(angle), cos(angle))

    def at(forward: float, aside: float) -> Point:
        return (x + forward * along[0] + aside * across[0], y + forward * along[1] + aside * across[1])

    pen.fill(
        [
            *curve(at(-13, 0), at(-6, -9), at(6, -9), at(14, 0), steps=12),
            *curve(at(14, 0), at(6, 9), at(-6, 9), at(-13, 0), steps=12),
        ]
    )
