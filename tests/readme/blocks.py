"""README.md in parts: its fenced blocks, each with the answer that follows it, and its tables and links."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")

FENCED = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")

ANSWERS = ("json", "text")


@dataclass(frozen=True)
class Block:
    """What stands between two fences; `line` is where it begins."""

    kind: str
    text: str
    line: int

    def __str__(self) -> str:
        return f"line-{self.line}"


@dataclass(frozen=True)
class Example:
    """A block that is run, and the block right below it, which shows what comes out; None if nothing is shown."""

    question: Block
    answer: Block | None

    def __str__(self) -> str:
        return str(self.question)


def line_at(position: int) -> int:
    """The number of the line at a position of the README."""
    return README.count("\n", 0, position) + 1


def read_blocks() -> tuple[list[Example], list[Block]]:
    """The examples; and what stands alone: an answer to no question."""
    examples: list[Example] = []
    alone: list[Block] = []
    end = 0
    for match in FENCED.finditer(README):
        block = Block(match["kind"], match["text"], line_at(match.start()))
        waiting = bool(examples) and examples[-1].answer is None and not README[end : match.start()].strip()
        if block.kind not in ANSWERS:
            examples.append(Example(block, None))
        elif waiting:
            examples[-1] = Example(examples[-1].question, block)
        else:
            alone.append(block)
        end = match.end()
    return examples, alone


EXAMPLES, ALONE = read_blocks()


def examples(*kinds: str) -> list[Example]:
    """The examples whose question is of one of these kinds."""
    return [example for example in EXAMPLES if example.question.kind in kinds]


def table(heading: str) -> list[list[str]]:
    """The cells of the table whose first line this is, without that line and the dashes below it."""
    lines = README.splitlines()
    assert lines.count(heading) == 1, f"README.md has no table that begins with {heading}"
    rows = []
    for line in lines[lines.index(heading) + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


def links() -> list[str]:
    """Where the README's links lead."""
    return [match["target"] for match in LINK.finditer(FENCED.sub("", README))]


def headings() -> set[str]:
    """The anchors of its headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", FENCED.sub("", README), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
