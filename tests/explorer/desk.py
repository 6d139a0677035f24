"""GraphiQL as its user sees it: what is in its editors, what it answers, and what can be done with it."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

AXE = Path(__file__).parent.parent.parent / "api/explorer/graphiql/node_modules/axe-core/axe.min.js"

# The editors show only the lines that fit; their models have all of them.
TEXT = "name => window.__MONACO?.editor.getModels().find(model => model.uri.path.endsWith(name))?.getValue()"

# Milliseconds, for a machine that is busy with something else.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

RUN = "Execute query (Ctrl-Enter)"


class Desk:
    """The page."""

    def __init__(self, page: Page, server: str) -> None:
        self.page, self._server = page, server
        page.set_default_timeout(PATIENCE)

    def open(self, query: str = "") -> None:
        """Open GraphiQL's address with a query string; done when it has the schema."""
        self.page.goto(f"{self._server}/graphql{query}")
        expect(self.page.locator(".graphiql-query-editor .view-line").first).to_be_visible()
        expect(self.page.get_by_role("button", name="Re-fetch GraphQL schema")).to_be_enabled()

    def text(self, name: str) -> Any:
        """The text of an editor: operation.graphql, variables.json or response.json."""
        return self.page.evaluate(TEXT, name)

    def wait_for(self, name: str, part: str) -> str:
        """The text of an editor, as soon as this is part of it."""
        self.page.wait_for_function(f"([name, part]) => ({TEXT})(name)?.includes(part)", arg=[name, part])
        text: str = self.text(name)
        return text

    def answer(self) -> Any:
        """What the server answered."""
        return json.loads(self.wait_for("response.json", "}"))

    def run(self) -> Any:
        """Press the button that runs the query: the answer."""
        self.page.get_by_role("button", name=RUN).click()
        return self.answer()

    def press(self, button: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=button, exact=True).click()

    def run_by_keyboard(self) -> Any:
        """Without the mouse, go to the editor with Tab, into it with Enter, and run what is there: the answer."""
        for _ in range(60):
            if self.page.evaluate("document.activeElement.matches('.graphiql-query-editor .graphiql-editor')"):
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".graphiql-query-editor .monaco-editor.focused")).to_be_visible()
        self.page.keyboard.press("Control+Enter")
        return self.answer()

    def violations(self, within: str = "html") -> list[str]:
        """What axe finds wrong with this part of the page as it is now, each with where."""
        self.page.evaluate(AXE.read_text("utf-8"))
        part = self.page.locator(within)
        found = part.evaluate("part => axe.run(part, {resultTypes: ['violations']})")["violations"]
        return [f"{each['id']}: {[node['html'][:200] for node in each['nodes'][:3]]}" for each in found]
