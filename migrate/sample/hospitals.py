"""The hospitals: twelve with names of their own, more made from word lists. All names are invented."""

# ruff: noqa: SIM905 - word lists read better as words

from __future__ import annotations

from itertools import product

__all__ = ["ORGANISATION", "SITES", "hospital_codes", "hospital_names", "hospital_site"]

ORGANISATION = "northmere.example"
SITES = ("DC-North", "DC-South")

_NAMED = (
    ("Northmere General", "ngh"),
    ("St. Aldric", "sam"),
    ("Harrow Lake", "hlh"),
    ("Brightwater Children's", "bch"),
    ("Sainte-Odile", "sor"),
    ("Fern Valley", "fvc"),
    ("Kestrel Point", "kpm"),
    ("Maple Bend", "mbh"),
    ("St. Ansgar Heart", "sah"),
    ("Larkfield", "lrh"),
    ("Copper Ridge", "crh"),
    ("Winterset Women's", "wwh"),
)
_FIRST = (
    "Alder Ash Birch Cedar Clover Coral Dove Eagle Elm Falcon Flint Fox Glen Gold Granite Hawk Hazel Heron Holly Iron Ivy "
    "Juniper Laurel Linden Lynx Marble Meadow Mill Oak Otter Pearl Pine Quarry Raven Reed River Robin Rose Rowan Sage Silver "
    "Slate Spruce Star Stone Summit Swan Thorn Timber Willow Wren"
).split()
_SECOND = (
    "Bay Bend Bluff Bridge Brook Cove Creek Crossing Dale Falls Field Ford Forest Gap Garden Grove Harbor Haven Heights Hill "
    "Hollow Island Knoll Lake Landing Ledge Mesa Mound Park Pass Plain Point Pond Prairie Ranch Ridge Shore Spring Square "
    "Terrace Trail Vale Valley View Village Vista Wood Yard"
).split()


def hospital_names(count: int) -> list[str]:
    """`count` different names; the first twelve are always the same."""
    made = [name for name, _ in _NAMED][:count]
    for turn in range(1, 1 + count // (len(_FIRST) * len(_SECOND)) + 1):
        for second, first in product(_SECOND, _FIRST):
            if len(made) >= count:
                return made
            made.append(f"{first} {second}" if turn == 1 else f"{first} {second} {turn}")
    return made


def hospital_codes(count: int) -> list[str]:
    """`count` different codes of three letters (four beyond 17,576), as they stand in server names."""
    named = [code for _, code in _NAMED]
    letters = "abcdefghijklmnopqrstuvwxyz"
    used = {*named, "hsy"}
    codes = named[:count]
    for width in (3, 4):
        for parts in product(letters, repeat=width):
            if len(codes) >= count:
                return codes
            code = "".join(parts)
            if code not in used:
                codes.append(code)
    return codes


def hospital_site(hospital: int) -> int:
    """Index into `SITES` of the data center that houses the hospital: seven of twelve are in the north."""
    return 0 if hospital % 12 < 7 else 1
