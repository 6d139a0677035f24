"""GraphiQL in a real browser, with every other host blocked."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import expect

from api.explorer.examples import EXAMPLES
from tests.explorer.conftest import Open

QUERY = "query name($slug: String!) {\n  entity(slug: $slug) { name }\n}\n"
SHARED = {"query": QUERY, "variables": '{\n  "slug": "rai"\n}'}
TWO = {"query": "query first { __typename }\n\nquery second { datasets { slug } }", "operationName": "second"}

DOCUMENTATION, BUILDER, HISTORY = "Documentation Explorer", "GraphiQL Explorer", "History"
PANES = [DOCUMENTATION, BUILDER, HISTORY]

TELEPHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True, "is_mobile": True}


def test_the_examples_are_tabs_and_the_first_one_is_answered(opened: Open) -> None:
    desk = opened()
    assert desk.page.locator(".graphiql-tab-button").all_inner_texts() == list(EXAMPLES)
    assert json.loads(desk.text("variables.json"))["slug"] == "allow-strikes-inside-russia"
    assert desk.run()["data"]["proposition"]["slug"] == "allow-strikes-inside-russia"


def test_another_tab_has_a_query_of_its_own(opened: Open) -> None:
    desk = opened()
    desk.press("search")
    desk.wait_for("operation.graphql", "query search")
    assert desk.page.locator(".graphiql-tab-button[aria-current=true]").all_inner_texts() == ["search"]
    assert desk.run()["data"]["search"]["totalCount"] > 0


def test_a_query_is_run_with_the_variables_that_are_typed(opened: Open) -> None:
    desk = opened(f"?{urlencode({'query': QUERY})}")
    desk.press("Variables")
    desk.page.locator(".graphiql-editor-tool .monaco-editor").first.click()
    desk.page.keyboard.insert_text('{"slug": "rai"}')
    desk.wait_for("variables.json", "rai")
    assert desk.run() == {"data": {"entity": {"name": "RAI"}}}


def test_the_keyboard_alone_will_do(opened: Open) -> None:
    desk = opened(f"?{urlencode(SHARED)}")
    assert desk.run_by_keyboard() == {"data": {"entity": {"name": "RAI"}}}


def test_a_mistake_is_told_in_the_answer(opened: Open) -> None:
    desk = opened(f"?{urlencode({'query': QUERY})}")
    assert desk.run()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_the_documentation_says_what_a_field_is(opened: Open) -> None:
    desk = opened()
    desk.press(f"Show {DOCUMENTATION}")
    desk.page.get_by_role("link", name="Query", exact=True).click()
    documentation = desk.page.locator(".graphiql-doc-explorer")
    expect(documentation).to_contain_text("stances")
    expect(documentation).to_contain_text("All actors.")


def test_the_query_builder_adds_a_field_by_keyboard(opened: Open) -> None:
    desk = opened(f"?{urlencode(SHARED)}")
    desk.press(f"Show {BUILDER}")
    field = desk.page.get_by_role("checkbox", name="slug", exact=True)
    expect(field).not_to_be_checked()
    field.focus()
    desk.page.keyboard.press("Space")
    expect(field).to_be_checked()
    desk.wait_for("operation.graphql", "slug\n")
    assert desk.run() == {"data": {"entity": {"name": "RAI", "slug": "rai"}}}


def test_what_was_run_is_in_the_history(opened: Open) -> None:
    desk = opened(f"?{urlencode(SHARED)}")
    desk.run()
    desk.press(f"Show {HISTORY}")
    expect(desk.page.locator(".graphiql-history-item-label")).to_have_text("name")


@pytest.mark.parametrize(
    ("shared", "answer"),
    [(SHARED, {"entity": {"name": "RAI"}}), (TWO, {"datasets": [{"slug": "nato-strikes-2024"}]})],
    ids=["with variables", "with an operation's name"],
)
def test_a_link_brings_the_query_to_another_browser(shared: dict[str, str], answer: object, opened: Open) -> None:
    desk = opened(f"?{urlencode(shared)}", permissions=["clipboard-read", "clipboard-write"])
    desk.press("Copy a link to this query")
    expect(desk.page.get_by_role("status")).to_have_text("Link copied")
    link = desk.page.evaluate("navigator.clipboard.readText()")
    assert link == desk.page.url
    given = {name: value for name, [value] in parse_qs(urlsplit(link).query).items()}
    assert given == {"operationName": "name"} | shared

    other = opened(f"?{urlsplit(link).query}")
    texts = other.text("operation.graphql"), other.text("variables.json")
    assert texts == (shared["query"], shared.get("variables", ""))
    assert other.run_by_keyboard() == {"data": answer}


def test_without_a_clipboard_the_link_is_in_the_address_bar(opened: Open) -> None:
    desk = opened()
    desk.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    desk.press("Copy a link to this query")
    expect(desk.page.get_by_role("status")).to_have_text("The link is in the address bar")
    assert parse_qs(urlsplit(desk.page.url).query)["query"] == [desk.text("operation.graphql")]


def test_the_link_that_the_server_prints_opens_its_query(opened: Open) -> None:
    desk = opened("?q=%7B%20__typename%20%7D")
    assert desk.text("operation.graphql") == "{ __typename }"
    assert desk.run() == {"data": {"__typename": "Query"}}


def test_what_was_written_is_there_again_the_next_time(opened: Open) -> None:
    desk = opened()
    desk.page.locator(".graphiql-query-editor .monaco-editor").click()
    desk.page.keyboard.press("Control+A")
    desk.page.keyboard.insert_text("query mine { __typename }")
    expect(desk.page.locator(".graphiql-tab-button").first).to_have_text("mine")
    # It is kept a little later than it is shown.
    desk.page.wait_for_function("() => localStorage.getItem('graphiql:tabState')?.includes('query mine')")
    desk.open()
    assert desk.text("operation.graphql") == "query mine { __typename }"
    assert desk.page.locator(".graphiql-tab-button").all_inner_texts() == ["mine", *EXAMPLES[1:]]


BACKGROUND = "getComputedStyle(document.querySelector('.graphiql-container')).backgroundColor"
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(33, 42, 59)"


def test_it_is_light_or_dark_as_the_browser_is_until_one_chooses(opened: Open) -> None:
    assert opened(color_scheme="light").page.evaluate(BACKGROUND) == LIGHT
    desk = opened(color_scheme="dark")
    assert desk.page.evaluate(BACKGROUND) == DARK
    desk.press("Open settings dialog")
    desk.press("Light")
    assert desk.page.evaluate(BACKGROUND) == LIGHT
    desk.press("System")
    assert desk.page.evaluate(BACKGROUND) == DARK
    desk.press("Light")
    desk.open()
    assert desk.page.evaluate(BACKGROUND) == LIGHT


def test_it_can_be_used_on_a_telephone(opened: Open) -> None:
    desk = opened(f"?{urlencode(SHARED)}", **TELEPHONE)
    button = desk.page.get_by_role("button", name="Execute query")
    expect(button).to_be_in_viewport(ratio=1)
    button.tap()
    assert desk.answer() == {"data": {"entity": {"name": "RAI"}}}
    response = desk.page.locator(".graphiql-response")
    response.scroll_into_view_if_needed()
    expect(response).to_be_in_viewport(ratio=0.9)
    for pane in PANES:
        desk.page.get_by_role("button", name=f"Show {pane}").tap()
        expect(desk.page.locator(".graphiql-plugin")).to_be_visible()
        assert desk.page.evaluate("document.documentElement.scrollWidth") == 375


@pytest.mark.parametrize(
    "look",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, TELEPHONE],
    ids=["light", "dark", "telephone"],
)
def test_axe_finds_nothing_wrong(look: dict[str, object], opened: Open) -> None:
    desk = opened(**look)
    desk.run()
    assert desk.violations() == []
    for pane in PANES:
        desk.press(f"Show {pane}")
        expect(desk.page.locator(".graphiql-plugin")).to_be_visible()
        assert desk.violations(".graphiql-plugin") == [], pane
    for dialog in ("Open short keys dialog", "Open settings dialog"):
        desk.press(dialog)
        expect(desk.page.get_by_role("dialog")).to_be_visible()
        assert desk.violations("[role=dialog]") == [], dialog
        desk.page.keyboard.press("Escape")
