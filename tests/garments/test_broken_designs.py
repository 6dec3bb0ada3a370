"""A design file with a bug is disabled with a message, and the rest lives."""

import sys
import threading

import pytest

import garments.designs as folder
from app.flat import nest
from assets.errors import InputRefused
from garments.garment import Cut, garment, sketched

WHOLE = """
NAME, TITLE, FABRIC, SUITED, NEEDS, OPTIONS = "{name}", "cloak", "linen", ("woven",), ("stature",), {{}}
def draft(measurements, options):
    return {result}
"""
BEYOND = "from garments.blocks.drafting import Option\n" + WHOLE.format(name="beyond", result="None").replace(
    "{}", "{'length': Option(1.0, 2.0, 3.0, 'm', 'length')}"
)
BUGS = {
    "unfinished": ("def draft(", "SyntaxError"),
    "missing_library": ("import no_such_library", "no_such_library"),
    "leaves": ("raise SystemExit(1)", "SystemExit"),
    "empty": ("NAME = 'empty'", "has no TITLE, FABRIC"),
    "endless": ("while True: pass", "it was not loaded within 0.5 s"),
    "asleep": ("import time; time.sleep(60.0)", "it was not loaded within 0.5 s"),
    "wordless": (WHOLE.format(name="", result="None"), "must be words"),
    "bare": (WHOLE.format(name="bare", result="None").replace("linen", "gossamer"), "'gossamer' is none of those"),
    "needy": (WHOLE.format(name="needy", result="None").replace('("stature",)', '"stature"'), "NEEDS must be a tuple"),
    "listed": (WHOLE.format(name="listed", result="None").replace("{}", "['length']"), "must be a dict"),
    "loose": (WHOLE.format(name="loose", result="None").replace("{}", "{'length': 0.5}"), "must be an Option"),
    "beyond": (BEYOND, "length lies outside its range: 1 of 2 to 3"),
    "idle": (WHOLE.format(name="idle", result="None") + "draft = 3\n", "its draft is no function"),
    "double": (WHOLE.format(name="tee", result="None"), "another design named tee"),
}


@pytest.fixture
def dropped(tmp_path, monkeypatch):
    """Puts files beside the designs and forgets them afterwards."""

    def drop(**files: str) -> None:
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path)])
        for cached in (folder.designs, folder._found):
            cached.cache_clear()

    yield drop
    monkeypatch.undo()
    for cached in (folder.designs, folder._found):
        cached.cache_clear()
    for name in list(sys.modules):
        if name.startswith("garments.designs.") and str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.mark.parametrize("name", BUGS)
def test_a_file_with_a_bug_is_disabled_and_says_why(dropped, name, monkeypatch):
    monkeypatch.setattr(folder, "LOADING", 0.5)
    before = set(folder.designs())
    text, reason = BUGS[name]
    dropped(**{name: text})
    assert set(folder.designs()) == before
    (told,) = folder.broken()
    assert told.name == name and reason in told.reason
    with pytest.raises(InputRefused, match=f"design {name} is disabled: .*"):
        folder.design(name)
    assert garment("tee").pattern.name == "tee"


@pytest.mark.parametrize(
    ("result", "reason"), [("1 / 0", "ZeroDivisionError"), ("None", "TypeError"), ("exit(3)", "SystemExit")]
)
def test_a_bug_in_drafting_is_the_design_s_own(dropped, result, reason):
    dropped(cloak=WHOLE.format(name="cloak", result=result))
    assert "cloak" in folder.designs()
    with pytest.raises(InputRefused, match=f"design cloak could not be drafted: {reason}"):
        garment("cloak")


MISMADE = {
    "panels": ('("front", "back")', "AttributeError"),
    "seams": ("None", "TypeError"),
    "lines": ('{"bust": ("front.bust",)}', "AttributeError"),
}


@pytest.mark.parametrize("part", MISMADE)
def test_a_pattern_of_other_things_than_its_parts_is_the_design_s_own_fault(dropped, part):
    """Each way to a garment says so: the whole one, and the sketch that girths are read from."""
    made, reason = MISMADE[part]
    result = f"replace(tee.draft(measurements, {{}}), {part}={made})"
    text = WHOLE.format(name="cloak", result=result).replace('("stature",)', "tee.NEEDS")
    dropped(cloak="from dataclasses import replace\nfrom garments.designs import tee\n" + text)
    with pytest.raises(InputRefused, match=f"design cloak could not be drafted: {reason}"):
        garment("cloak")
    if part != "seams":
        with pytest.raises(InputRefused, match=f"design cloak could not be drafted: {reason}"):
            sketched(Cut("cloak"))


NEVER = {"[k for k in iter(int, 1) if k]": r"0\.1", "__import__('time').sleep(60.0)": r"0\.3"}


@pytest.mark.parametrize("result", NEVER)
def test_a_draft_that_never_ends_is_ended_and_waited_for_no_longer(dropped, monkeypatch, result):
    """A loop is ended, and given less time; what sleeps on is not begun again."""
    monkeypatch.setattr(folder, "DRAFTING", 0.3)
    monkeypatch.setattr(folder, "AGAIN", 0.1)
    dropped(cloak=WHOLE.format(name="cloak", result=result))
    before = threading.active_count()
    for patience in (r"0\.3", NEVER[result]):
        with pytest.raises(InputRefused, match=rf"design cloak was not drafted within {patience} s") as refused:
            garment("cloak")
        refused.value.thread.join(0.5)
    assert threading.active_count() <= before + 1
    assert garment("tee").pattern.name == "tee"


def test_a_design_that_was_late_once_has_its_whole_time_again(dropped, monkeypatch):
    monkeypatch.setattr(folder, "DRAFTING", 0.6)
    monkeypatch.setattr(folder, "AGAIN", 0.1)
    result = "(sleep(waits.pop()), tee.draft(measurements, {}))[1]"
    text = WHOLE.format(name="cloak", result=result).replace('("stature",)', "tee.NEEDS")
    dropped(cloak="from time import sleep\nfrom garments.designs import tee\nwaits = [0.25, 0.0, 0.7]\n" + text)
    with pytest.raises(InputRefused) as refused:
        garment("cloak")
    refused.value.thread.join()
    garment("cloak"), garment("cloak")


def test_a_size_that_cannot_be_drafted_leaves_the_others_alone(dropped):
    from garments.comfort import sizes_of

    result = "tee.draft(measurements, {}) if measurements['bust_girth'] < 1.1 else 1 / 0"
    text = WHOLE.format(name="cloak", result=result).replace('("stature",)', "tee.NEEDS")
    dropped(cloak="from garments.designs import tee\n" + text)
    assert sizes_of("cloak", "female").names == ("XXS", "XS", "S", "M", "L")
    drawn, missing = nest(Cut("cloak"))
    assert [size for size, _ in drawn] == ["XXS", "XS", "S", "M", "L"]
    assert set(missing) == {"XL", "XXL"} and "ZeroDivisionError" in missing["XXL"]
    assert garment("cloak", "L").girths["bust"] == garment("tee", "L").girths["bust"]
    with pytest.raises(InputRefused, match="ZeroDivisionError"):
        garment("cloak", "XL")


def test_nothing_is_broken_as_it_ships():
    assert folder.broken() == ()
