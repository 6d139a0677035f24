"""Names of nobody and nowhere: a number in, a pronounceable made-up name out, another one for each number."""

from seeds.synthetic.chance import Chance

ONSETS = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z"]
NUCLEI = ["a", "e", "i", "o", "u"]
SYLLABLES = [onset + nucleus for onset in ONSETS for nucleus in NUCLEI]
# What the second and last syllable end in, so that names do not all sound alike.
CODAS = ("", "n", "r", "l", "s")

GIVEN = [first + second for first in ("Ta", "Mé", "Ri", "Jo", "Ba", "Lu", "Ke") for second in ("vo", "la", "no", "ska")]

# Two letters that search folds onto their plain forms.
ACCENTED = str.maketrans({"e": "é", "o": "ö"})


def word(number: int) -> str:
    """The made-up word of that number: at least two syllables; no two numbers have the same."""
    count = len(SYLLABLES)
    coda, number = number % len(CODAS), number // len(CODAS)
    # Neighbouring numbers begin with different syllables: the last one drawn is spoken first.
    syllables = [SYLLABLES[number * 37 % count] + CODAS[coda]]
    number //= count
    while True:
        syllables.append(SYLLABLES[number % count])
        number = number // count - 1
        if number < 0:
            return "".join(reversed(syllables))


def place(number: int) -> str:
    """The name of a town or country."""
    return word(number).capitalize()


def person(number: int, chance: Chance) -> tuple[str, str]:
    """The slug and the name of a person; the slug is plain ASCII, the name may have accents."""
    given = chance.one_of(GIVEN)
    family = word(number)
    spelt = family.translate(ACCENTED) if chance.happens(10) else family
    return f"{slugged(given)}-{family}", f"{given} {spelt.capitalize()}"


def slugged(name: str) -> str:
    """A name of this module as it stands in a slug."""
    return name.lower().replace("é", "e").replace("ö", "o").replace(" ", "-")
