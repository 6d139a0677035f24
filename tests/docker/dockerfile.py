"""A Dockerfile as a list of stages, each with its instructions: enough of the language for ours."""

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Instruction:
    """A word in capitals, and what stands behind it on the same logical line."""

    word: str
    rest: str


@dataclass
class Stage:
    """What one FROM begins."""

    image: str
    name: str | None
    instructions: list[Instruction] = field(default_factory=list)

    def all(self, word: str) -> list[str]:
        """What stands behind each instruction of that word."""
        return [each.rest for each in self.instructions if each.word == word]


def stages() -> list[Stage]:
    """The stages of docker/Dockerfile in their order."""
    lines = (ROOT / "docker" / "Dockerfile").read_text("utf-8")
    text = "\n".join(line for line in lines.splitlines() if not line.startswith("#"))
    found: list[Stage] = []
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip():
            continue
        word, _, rest = line.strip().partition(" ")
        assert re.fullmatch("[A-Z]+", word), line
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            found.append(Stage(image, name or None))
        else:
            found[-1].instructions.append(Instruction(word, " ".join(rest.split())))
    return found


EXPLORER, BUILD, FINAL = stages()


def variables(stage: Stage) -> dict[str, str]:
    """What its ENV instructions set."""
    return dict(pair.split("=", 1) for line in stage.all("ENV") for pair in line.split(" "))
