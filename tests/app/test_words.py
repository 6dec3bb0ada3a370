"""What the kiosk says: the same in every language, whole sentences, and nothing that it hears left untranslated."""

import inspect
import re

import pytest

from app.words import LANGUAGES, places, words
from assets.errors import UsageError
from garments.designs import designs

HAN = re.compile("[一-鿿]")
ENDS = (".", "?", "!", "。", "？", "！")
NUMBERS_ONLY = {"say.height_value", "say.body_row", "say.tape_value"}
LINES = (
    "say.slip_head",
    "say.slip_size",
    "say.slip_second",
    "say.slip_height",
    "say.slip_row",
    "say.why_goes",
    "say.why_like",
    "say.why_answered",
    "say.mark_",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_sentences_with_the_same_values(language: str) -> None:
    english, told = words("en"), words(language)
    assert told.sentences.keys() == english.sentences.keys()
    for key, sentence in told.sentences.items():
        assert places(sentence) == places(english.sentences[key]), key
        assert sentence == sentence.strip() and sentence, key
    assert told.say("consent.version") == english.say("consent.version")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_is_a_whole_sentence(language: str) -> None:
    for key, sentence in words(language).sentences.items():
        whole = key.startswith(("say.", "consent.")) and key != "consent.version"
        if whole and key not in NUMBERS_ONLY and not key.startswith(LINES):
            assert sentence.endswith(ENDS), key
            assert not sentence[0].islower(), key
        if key.startswith("press."):
            assert not sentence.endswith(ENDS) and len(sentence) <= 28, key


def test_chinese_is_chinese() -> None:
    told = words("zh")
    for key, sentence in told.sentences.items():
        assert key == "consent.version" or HAN.search(sentence), key


def test_whatever_can_be_put_on_or_advised_has_a_name() -> None:
    from garments.comfort import WEIGHTS
    from garments.fit import LENGTHS
    from garments.taping import SEAT, SLEEVE, THIGH, TRUNK, WAISTBAND

    regions = {region for weights in WEIGHTS.values() for region in weights} | set(LENGTHS)
    regions |= {region.name for region in (*TRUNK, WAISTBAND, THIGH, SLEEVE, SEAT)}
    named = {key.removeprefix("name.") for key in words("en").sentences if key.startswith("name.")}
    assert set(designs()) | regions <= named


def test_what_is_said_before_the_camera_is_known_in_chinese() -> None:
    from body.gates import _STEP_BACK
    from body.live import track, turn

    source = inspect.getsource(turn.side_advice)
    said = {turn.GOOD, turn.ARMS_OFF, track.STEP_IN, "stand alone before the camera"}
    said |= set(re.findall(r'return "([^"]+)"', source))
    said |= {
        f"{text}: {_STEP_BACK}" for text in ("the trunk cannot be seen", "a part of the body is outside the picture")
    }
    told = words("zh")
    for sentence in said:
        assert told.heard(sentence) != told.say("heard.other"), sentence
    assert told.heard("something that nobody ever said") == told.say("heard.other")
    assert words("en").heard("Anything") == "Anything"


def test_values_are_put_in_by_name_and_a_language_that_is_not_there_is_refused() -> None:
    assert words("en").say("say.choose_row", size="M", percent=72) == "Size M, 72 % sure."
    assert words("zh").say("say.choose_row", size="M", percent=72) == "M 码，把握 72%。"
    with pytest.raises(KeyError):
        words("en").say("say.choose_row", size="M")
    with pytest.raises(UsageError, match="no language 'tlh'"):
        words("tlh")
