"""The table of body measures, and measured values with their doubt and their source.

Names and definitions follow the landmarks of ISO 8559-1 (garment sizing; clause numbers as quoted by third parties) and
of the ANSUR II survey (US Army NATICK/TR-15/007, public), told in our own words. The tape's own error is what ANSUR
allows between two trained observers; where ANSUR has no such measure, that of the most alike one.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, cast

from assets.errors import InputRefused, UsageError
from assets.units import show

Kind = Literal["height", "girth", "length", "breadth", "mass"]
Source = Literal["tape", "photo", "statistics", "scan", "body"]


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """One line of the table: title in English and Chinese, definition, manner. `low`, `high`: what an adult can have;
    `tape_sd`: error of a careful tape [m or kg]."""

    name: str
    title: str
    chinese: str
    kind: Kind
    low: float
    high: float
    tape_sd: float
    definition: str
    how: str
    iso: str = ""

    @property
    def unit(self) -> str:
        """The SI unit of its values."""
        return "kg" if self.kind == "mass" else "m"


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """A value [m or kg], its standard deviation in the same unit, and how it was obtained."""

    name: str
    value: float
    sd: float
    source: Source


class Measurements(Mapping[str, Measurement]):
    """Measured values by name, in the table's order; frozen. `numbers()` gives plain SI numbers."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Measurement] | tuple[Measurement, ...] = ()) -> None:
        found = items.values() if isinstance(items, Mapping) else items
        by_name = {item.name: item for item in found}
        self._items = MappingProxyType({name: by_name[name] for name in MEASURES if name in by_name})

    def __getitem__(self, name: str) -> Measurement:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __reduce__(self) -> tuple:
        return Measurements, (tuple(self.values()),)

    def value(self, name: str) -> float:
        """The value [m or kg] of a measure, by its name or an alias. Raises UsageError for an unknown one."""
        return self[canonical(name)].value

    def numbers(self) -> dict[str, float]:
        """Plain values [m or kg] by name, as drafting wants them."""
        return {name: item.value for name, item in self.items()}

    def with_(self, *items: Measurement) -> "Measurements":
        """A copy in which these stand in place of what was there."""
        return Measurements({**self, **{item.name: item for item in items}})


def given(name: str, value: float, source: Source = "tape", sd: float | None = None) -> Measurement:
    """A measurement that somebody states; checked against the plausible range. The sd is the tape's unless given."""
    measure = MEASURES[canonical(name)]
    check(measure.name, value)
    return Measurement(measure.name, float(value), measure.tape_sd if sd is None else sd, source)


def check(name: str, value: float) -> None:
    """Raises InputRefused when no adult has such a measure: most often a slip in the number or in its unit."""
    measure = MEASURES[canonical(name)]
    if measure.low <= value <= measure.high:
        return
    unit = "kg" if measure.kind == "mass" else "m" if value > 3.0 else "cm"
    low, high = (show(limit, unit, 1 if unit == "m" else 0) for limit in (measure.low, measure.high))
    raise InputRefused(
        f"a {measure.title.lower()} of {show(value, unit)} cannot be: adults have {low} to {high}; "
        "check the number and its unit"
    )


def canonical(name: str) -> str:
    """The table's name for a name or an alias ("chest", "Hip", "inside leg"). Raises UsageError with near names."""
    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    if plain in MEASURES:
        return plain
    if plain in ALIASES:
        return ALIASES[plain]
    near = difflib.get_close_matches(plain, [*MEASURES, *ALIASES], 3, 0.55)
    hint = f"did you mean {' or '.join(near)}?" if near else "some that are: chest, waist, hip, height, weight, inseam"
    raise UsageError(f"{name!r} is not a body measure: {hint}")


_HOW = {
    "height": "Barefoot, standing straight, feet together; measured straight up from the floor.",
    "level": "Standing, feet together, breathing quietly; the tape level and just touching.",
    "limb": "Standing, muscles relaxed; the tape at a right angle to the limb and just touching.",
    "root": "The tape follows the line of a close round neckline.",
    "loop": "Standing straight, arms hanging; a closed tape that touches and does not press.",
    "length": "Standing; the tape lies along the body's surface.",
    "span": "Standing; straight from point to point, the tape along the limb.",
    "breadth": "Standing; straight through the air, as a caliper does.",
    "scales": "On scales, unclothed or in light clothes.",
}
_FIRST_WORDS = {"height": "From the floor to ", "girth": "Round "}
_KINDS = {"level": "girth", "limb": "girth", "root": "girth", "loop": "girth", "span": "length", "scales": "mass"}

# name | title | Chinese title (garment trade, GB/T 16160's words where it has them) | kind and manner | plausible range
# [cm, kg] | error of a tape [mm, g] | definition | ISO 8559-1 clause
_TABLE = """
stature | Height | 身高 | height | 130-230 | 6 | the top of the head, without hair
cervicale_height | Back neck height | 颈椎点高 | height | 105-205 | 7 | the bone that stands out at the nape (C7)
front_neck_height | Front neck height | 颈窝点高 | height | 100-195 | 7 | the pit of the throat
acromial_height | Shoulder height | 肩峰点高 | height | 100-200 | 7 | the outer tip of the shoulder bone
bust_height | Bust height | 胸高 | height | 85-175 | 11 | the point of the bust or the nipple
waist_height | Waist height | 腰高 | height | 70-155 | 11 | the waist, midway from lowest rib to hip bone
navel_height | Navel height | 脐高 | height | 70-150 | 9 | the navel
hip_height | Hip height | 臀高 | height | 55-130 | 10 | where the seat stands out most
crotch_height | Inside leg | 会阴高 | height | 50-120 | 10 | the crotch, along the inside of the leg
knee_height | Knee height | 膝高 | height | 30-72 | 6 | the middle of the kneecap
ankle_height | Ankle height | 外踝高 | height | 3-13 | 4 | the outer ankle bone
head_girth | Head girth | 头围 | level | 45-70 | 5 | the head where it is largest, above the brows
neck_girth | Neck girth | 颈围 | limb | 25-65 | 6 | the neck just below the larynx
neck_base_girth | Neck base girth | 颈根围 | root | 28-72 | 11 | the neck's root: nape, sides, pit of the throat
shoulder_girth | Shoulder girth | 肩围 | level | 75-190 | 14 | shoulders and hanging arms, over the deltoids
upper_chest_girth | Upper chest girth | 上胸围 | level | 55-185 | 14 | the trunk at the armpits
bust_girth | Bust or chest girth | 胸围 | level | 55-200 | 14 | the trunk at the bust points, bridging hollows | 5.3.4
underbust_girth | Underbust girth | 下胸围 | level | 50-180 | 14 | the trunk directly below the bust
waist_girth | Waist girth | 腰围 | level | 42-200 | 12 | the waist, midway from lowest rib to hip bone | 5.3.10
least_waist_girth | Smallest waist | 最小腰围 | level | 42-200 | 12 | the trunk where smallest between bust and hip
navel_girth | Navel girth | 脐围 | level | 45-210 | 12 | the trunk at the navel
high_hip_girth | High hip girth | 中臀围 | level | 50-210 | 12 | the trunk midway between waist and hip
hip_girth | Hip girth | 臀围 | level | 60-210 | 12 | the seat where it stands out most | 5.3.13
trunk_girth | Trunk girth | 躯干围 | loop | 110-240 | 17 | the trunk upright: mid-shoulder, front, crotch, back
armscye_girth | Armscye girth | 臂根围 | loop | 24-80 | 11 | the arm's root over the shoulder tip, through the armpit
upper_arm_girth | Upper arm girth | 上臂围 | limb | 17-75 | 6 | the relaxed upper arm where it is largest
elbow_girth | Elbow girth | 肘围 | limb | 17-55 | 6 | the elbow over the tip of the bone
forearm_girth | Forearm girth | 前臂围 | limb | 16-50 | 6 | the relaxed forearm where it is largest
wrist_girth | Wrist girth | 腕围 | limb | 11-28 | 5 | the wrist over both bones
hand_girth | Hand girth | 掌围 | limb | 14-30 | 4 | the hand over the knuckles, without the thumb
thigh_girth | Thigh girth | 大腿根围 | level | 30-110 | 6 | one thigh just below the fold of the seat
mid_thigh_girth | Mid-thigh girth | 大腿中部围 | level | 28-100 | 6 | one thigh halfway from crotch to knee
knee_girth | Knee girth | 膝围 | level | 24-75 | 6 | the knee at the middle of the kneecap
calf_girth | Calf girth | 腿肚围 | limb | 22-70 | 4 | the calf where it is largest
ankle_girth | Ankle girth | 踝上围 | limb | 15-42 | 4 | the leg where it is smallest, above the ankle bones
shoulder_length | Shoulder length | 小肩宽 | length | 7-22 | 3 | From the side of the neck's root to the shoulder tip
across_back_shoulder_width | Across-back shoulder | 总肩宽 | length | 27-65 | 8 | From tip to tip over the nape | 5.4.3
back_width | Back width | 背宽 | length | 24-65 | 11 | Across the back at mid-armhole, from arm to arm
front_width | Front width | 前胸宽 | length | 22-65 | 11 | Across the front at mid-armhole, from arm to arm
back_neck_to_waist | Back neck to waist | 背长 | length | 28-62 | 8 | From the nape down the spine to the waist | 5.4.5
scye_depth | Armscye depth | 腋深 | length | 9-38 | 8 | From the nape down the spine to the armpits' level
front_neck_to_waist | Front neck to waist | 前中心长 | length | 22-60 | 8 | From the throat's pit to the front waist
front_waist_length | Front waist length | 前腰节长 | length | 28-75 | 8 | From the neck's side over the bust to waist
side_neck_to_bust | Side neck to bust | 胸位长 | length | 16-52 | 8 | From the side of the neck's root to the bust point
waist_to_hip | Waist to hip | 腰至臀长 | length | 8-42 | 10 | From the waist down the side to the hip girth
waist_to_knee | Waist to knee | 腰至膝长 | length | 38-90 | 10 | From the waist over the hip to the mid-kneecap
outseam | Outside leg | 腿外侧长 | length | 72-165 | 10 | From the waist at the side over the hip to the floor
body_rise | Body rise | 上裆长 | length | 14-55 | 10 | From the level of the waist down to that of the crotch
crotch_length | Crotch length | 前后裆长 | length | 40-140 | 15 | From the front waist through the crotch to the back
arm_length | Arm length | 全臂长 | span | 40-85 | 10 | From shoulder tip over elbow to wrist bone | 5.7.8
upper_arm_length | Upper arm length | 上臂长 | span | 22-50 | 6 | From shoulder tip to the tip of the elbow
under_arm_length | Under-arm length | 臂内侧长 | span | 32-75 | 10 | From the armpit along the arm to the wrist
back_neck_to_wrist | Back neck to wrist | 颈椎点至腕长 | length | 58-120 | 12 | Over shoulder tip and elbow | 5.4.17
hand_length | Hand length | 手长 | span | 13-25 | 4 | From the wrist to the tip of the middle finger, stretched
bust_point_distance | Bust point distance | 乳间距 | breadth | 12-42 | 10 | From one point of the bust to the other
foot_length | Foot length | 足长 | breadth | 18-36 | 3 | From the heel to the longest toe
biacromial_breadth | Shoulder bone breadth | 肩峰宽 | breadth | 26-52 | 8 | From one shoulder tip to the other
shoulder_breadth | Shoulder breadth over the arms | 最大肩宽 | breadth | 30-90 | 8 | Between the outer sides of the arms
chest_breadth | Chest breadth | 胸部宽 | breadth | 18-65 | 8 | Across the trunk at bust height, without the arms
chest_depth | Chest depth | 胸部厚 | breadth | 13-65 | 4 | From front to back of the trunk at bust height
navel_breadth | Waist breadth at the navel | 腰部宽 | breadth | 17-75 | 10 | Across the trunk at the navel
navel_depth | Waist depth at the navel | 腰部厚 | breadth | 12-75 | 12 | From front to back of the trunk at the navel
hip_breadth | Hip breadth | 臀部宽 | breadth | 22-75 | 6 | Across the hips where they are widest
hip_depth | Hip depth | 臀部厚 | breadth | 13-70 | 6 | From front to back where the seat stands out most
mass | Weight | 体重 | scales | 30-250 | 1000 | Body mass
"""


def _measure(line: str) -> Measure:
    name, title, chinese, manner, extent, error, definition, iso = ([part.strip() for part in line.split("|")] + [""])[
        :8
    ]
    kind = cast(Kind, _KINDS.get(manner, manner))
    low, high = (float(limit) * (1.0 if kind == "mass" else 0.01) for limit in extent.split("-"))
    definition = f"{_FIRST_WORDS.get(kind, '')}{definition}."
    return Measure(name, title, chinese, kind, low, high, float(error) / 1000, definition, _HOW[manner], iso)


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {measure.name: measure for measure in map(_measure, _TABLE.strip().splitlines())}
)

_ALIASES = """
stature: height tall body_height              mass: weight body_weight
bust_girth: chest bust chest_girth            underbust_girth: underbust band
upper_chest_girth: upper_chest                waist_girth: waist natural_waist
least_waist_girth: smallest_waist minimum_waist min_waist
navel_girth: navel omphalion                  high_hip_girth: high_hip belly abdomen
hip_girth: hip hips seat                      thigh_girth: thigh
mid_thigh_girth: mid_thigh                    knee_girth: knee
calf_girth: calf                              ankle_girth: ankle
neck_girth: neck collar                       neck_base_girth: neck_base
head_girth: head                              upper_arm_girth: upper_arm biceps bicep
elbow_girth: elbow                            wrist_girth: wrist
forearm_girth: forearm                        hand_girth: hand palm
armscye_girth: armscye armhole scye           trunk_girth: trunk torso
crotch_height: inseam inside_leg inner_leg    crotch_length: rise crotch
outseam: outside_leg side_length              body_rise: seat_rise
arm_length: arm sleeve                        foot_length: foot
back_neck_to_wrist: sleeve_from_nape          under_arm_length: inside_arm
back_neck_to_waist: back_length nape_to_waist front_waist_length: front_length
across_back_shoulder_width: shoulder shoulders shoulder_width
"""


def _aliases() -> Iterator[tuple[str, str]]:
    name = ""
    for word in _ALIASES.split():
        if word.endswith(":"):
            name = word[:-1]
        else:
            yield word, name


ALIASES: Mapping[str, str] = MappingProxyType(dict(_aliases()))
