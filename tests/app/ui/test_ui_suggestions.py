"""The side panel under real hands: suggestions with reasons, nothing twice, what is counted; questions, the rows that
answers were taken from, and where these lead."""

from dataclasses import replace

import pytest

pytest.importorskip("PySide6")

from PySide6.QtWidgets import QLabel, QPushButton

from app.project import Wish
from app.shop import clicks
from tests.app.driver import Driver

FIELD = "Ask about the person and the garment shown"


def texts(driver: Driver) -> list[str]:
    panel = driver.window.findChild(type(suggestions(driver)))
    return [each.text() for each in panel.findChildren(QLabel)]


def suggestions(driver: Driver):
    from app.ui.suggestions import Suggestions

    return driver.window.findChild(Suggestions)


def test_a_table_of_who_took_what_is_learned_from_behind_everything_else(driver: Driver, tmp_path) -> None:
    from app.shop import learning

    rows = [f"p{person},{id},2025-0{1 + person % 9}-11" for person in range(12) for id in ("a", "b")]
    table = tmp_path / "sold.csv"
    table.write_text("\n".join(("user_id,item_id,date", *rows)))
    panel, said = suggestions(driver), []
    driver.until(lambda: panel.told is not None)
    before = panel.told
    driver.studio.said.connect(said.append)
    driver.room("Shop").learn([str(table)])
    assert "learn" in driver.studio.running, "its progress is in the status line"
    driver.until(lambda: any("24 interactions of 12 customers" in words for words in said), 60.0)
    told = learning.state()
    assert told is not None and told.customers == 12
    driver.until(lambda: panel.told is not before)
    driver.room("Shop").learn([str(tmp_path / "gone.csv")])
    driver.until(lambda: "learn" not in driver.studio.running and any("gone.csv" in words for words in said), 60.0)
    assert learning.state() == told, "what was learned stays"


def test_what_the_catalogue_offers_is_there_with_its_reasons_and_is_tried_on(driver: Driver) -> None:
    panel = suggestions(driver)
    driver.until(lambda: panel.told is not None and "tee one" in texts(driver))
    assert any("72 % sure" in text for text in texts(driver)) and any(
        "Not enough data" in text for text in texts(driver)
    )
    driver.click("Try on tee one")
    driver.until(lambda: any(wish.article == "tee one" for wish in driver.studio.project.wishes))
    driver.until(lambda: panel.told is not None and "tee one" not in {one.id for one in panel.told.options})
    articles, places = clicks.counted()
    assert articles["tee one"].taken == 1 and places[0].taken == 1
    driver.window.do("undo")
    driver.current()


def test_an_answer_gives_reasons_and_others_show_nothing_twice(driver: Driver) -> None:
    panel = suggestions(driver)
    driver.until(lambda: panel.told is not None and len(panel.told.options) == 2)
    panel.answer("colour", "warm")
    driver.until(lambda: "As you said: warm" in texts(driver))
    panel.answer("colour", "warm")
    driver.until(lambda: "As you said: warm" not in texts(driver))
    driver.click("Other suggestions")
    driver.until(lambda: panel.told is not None and not panel.told.options)
    assert "Nothing more of the catalogue fits." in texts(driver)


def ask(driver: Driver, text: str):
    panel = driver.window.advice.questions
    driver.find(FIELD).setText(text)  # QTest types no Chinese
    driver.find(FIELD).returnPressed.emit()
    driver.until(lambda: panel.reply is not None and panel.reply.question == text)
    return panel


def test_each_answer_has_its_rows_and_each_row_leads_to_where_it_stands(driver: Driver) -> None:
    window = driver.window
    panel = ask(driver, "what is my waist?")
    assert panel.reply.known and "± 1.6 cm (statistics)" in panel.reply.text
    driver.click("Show where it stands: Body · Waist girth")
    driver.until(lambda: driver.studio.pointed_at == "waist_girth")
    driver.until(lambda: driver.in_room("Body"))
    panel = ask(driver, "between M and L?")
    assert panel.reply.text.startswith("M: 72 % sure") and panel.reply.about == "tee"
    driver.click("Show where it stands: Size · L")
    assert window.focusWidget() is driver.find("T-shirt size L: 26 percent")
    ask(driver, "is it tight at the waist?")
    driver.click("Show where it stands: Fit · waist")
    driver.until(lambda: driver.in_room("Fit"))
    panel = ask(driver, "这条裙子是什么面料？")
    driver.click(f"Show where it stands: {panel.title('fabric:royal_target/density')}")
    driver.until(lambda: driver.in_room("Fabric"))


def test_what_goes_with_it_leads_to_the_shop_and_what_nobody_knows_is_said(driver: Driver) -> None:
    panel = ask(driver, "what goes with it?")
    link = next(link for link in panel.reply.links if link.startswith("catalogue:"))
    driver.click(f"Show where it stands: {panel.title(link)}")
    driver.until(lambda: driver.in_room("Shop"))
    shop = driver.window.rooms.panels["Shop"]
    driver.until(lambda: shop.goods.current() is not None)
    assert f"catalogue:{shop.goods.current().id}" == link
    panel = ask(driver, "will it shrink?")
    assert not panel.reply.known and panel.reply.text.startswith("I don't know: ")
    assert not [each for each in panel.findChildren(QPushButton) if each.isVisible()]
    panel = ask(driver, "会缩水吗？")
    assert panel.reply.text.startswith("我不知道：")


def test_an_answer_of_before_the_last_change_says_so_and_is_given_anew(driver: Driver) -> None:
    studio, panel = driver.studio, ask(driver, "how tall am I?")
    before = panel.reply
    studio.evidence("Height", replace(studio.project.evidence, height=1.8))
    assert panel.outdated and not panel.old.isHidden()
    driver.until(lambda: panel.reply is not before and not panel.outdated)
    assert panel.reply.text != before.text and panel.old.isHidden()
    studio.wishes("Both", (*studio.project.wishes, Wish("tee")))
    driver.current()
    assert ask(driver, "how sure are you of the T-shirt?").reply.about == "tee"
    driver.find(FIELD).clear()
    assert panel.reply is None and not panel.rows.count()


def test_rows_stay_while_colours_change(driver: Driver) -> None:
    panel = suggestions(driver)
    driver.until(lambda: panel.told is not None and not panel.busy)
    before = panel.layout().itemAt(0).widget()
    (wish, *others) = driver.studio.project.wishes
    for step, colour in enumerate(("#FFFFFF", "#25304B", "#9C2B2E")):
        driver.studio.wishes(f"Colour {step}", (replace(wish, colour=colour), *others))
        driver.until(lambda: not panel.busy)
    assert panel.layout().itemAt(0).widget() is before, "each move of a print's slider made all of them anew"
