"""A file that fits no route stops the server, and says where: file, line, and what would be right."""

import pytest

from api import app
from api.errors import OperationProblem, UserError
from api.rest.operation import operation_texts, read_operations
from api.settings import Settings
from schema.engine.operation import Engine
from schema.graph.schema import schema

GOOD = """# Things: what there is.
#
# More is said here,
# and here.
#
# And in a second paragraph.
#
# GET /api/v1/things/{slug}
# Example: /api/v1/things/nato?first=2
query things(
  $slug: String!
  # How many.
  $first: Int
) {
  entity(slug: $slug) { name stances(first: $first) { totalCount } }
}
"""

LIST = """# Things: what there is.
# GET /api/v1/things
# Example: /api/v1/things
query things($first: Int, $after: String) {
  entities(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { name }
  }
}
"""


def problem_of(**texts: str) -> str:
    with pytest.raises(OperationProblem) as refused:
        read_operations(texts, Engine(schema))
    return str(refused.value)


def test_a_file_is_read_as_it_says() -> None:
    (operation,) = read_operations({"things": GOOD}, Engine(schema))
    assert operation.comment.summary == "Things: what there is."
    assert operation.comment.description == "More is said here, and here.\n\nAnd in a second paragraph."
    assert operation.comment.path == "/api/v1/things/{slug}"
    assert list(operation.examples()) == [("/api/v1/things/nato?first=2", {"slug": "nato", "first": 2})]
    slug, first = operation.parameters.values()
    assert (slug.description, slug.in_path, slug.required) == ("Its key in files and addresses.", True, True)
    assert (first.description, first.in_path, first.required, first.is_page_size) == ("How many.", False, False, True)
    assert not operation.is_list


def test_a_page_of_a_list_is_known_by_its_type() -> None:
    (operation,) = read_operations({"things": LIST}, Engine(schema))
    assert operation.is_list


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("# Things: what there is.", "", 1, "begin with a comment whose first line says what the route answers"),
        ("# GET /api/v1/things/{slug}", "#", 1, "say in the comment where the route is, once: # GET /api/v1/things"),
        ("# More is said here,", "# GET /api/v1/others", 1, "say in the comment where the route is, once"),
        ("GET /api/v1/things/{slug}", "GET /things", 8, "'/things' is no path for a route; write it as /api/v1/things"),
        ("# Example: /api/v1/things/nato?first=2", "#", 8, "give an address to try: # Example: /api/v1/things/{slug}"),
        ("Example: /api/v1/things/", "Example: /api/v1/others/", 9, "'/api/v1/others/nato' is no address of"),
        ("nato?first=2", "a/b", 9, "'/api/v1/things/a/b' is no address of /api/v1/things/{slug}"),
        ("first=2", "last=2", 9, "the example is refused: there is no parameter 'last'; there are first."),
        ("first=2", "first=x", 9, "the example is refused: first: 'x' is not a whole number"),
        ("query things", "query {", 10, "Syntax Error"),
        ("query things", "query others", 10, "name the query as its file: query things"),
        ("query things", "query other { datasets { slug } } query things", 1, "have one query in the file"),
        ("name stances", "nme stances", 15, "Cannot query field 'nme' on type 'Entity'. Did you mean 'name'"),
        ("$first: Int", "$first: String", 13, "Variable '$first' of type 'String' used in position"),
        ("$slug: String!", "$key: String!", 15, "Variable '$slug' is not defined by operation 'things'."),
        ("$slug: String!", '$slug: String! = "nato"', 11, ""),
        ("# How many.", "", 13, ""),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(old: str, new: str, line: int, message: str) -> None:
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    if not message:
        assert read_operations({"things": text}, Engine(schema))
        return
    assert problem_of(things=text).startswith(f"api/operations/things.graphql:{line}: {message}")


NO_PATH = "'{key}' is in the path, and the query has no $key"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (GOOD.replace("{slug}", "{key}").replace("nato", "{key}"), 8, NO_PATH),
        (
            LIST.replace("$first: Int", "$filter: EntityFilter").replace("first: $first", "filter: $filter"),
            4,
            "$filter is EntityFilter; an address has only texts, numbers and lists",
        ),
        (
            LIST.replace("$first: Int", "$name: String").replace("first: $first", "filter: {name: {eq: $name}}"),
            4,
            "say in a comment above $name what it is",
        ),
        (LIST.replace("    totalCount\n", ""), 5, "begin a list with totalCount pageInfo { hasNextPage endCursor }"),
        (LIST.replace("    totalCount\n", "    total: totalCount\n"), 5, "begin a list with totalCount pageInfo"),
        (
            LIST.replace("things($first: Int,", "things($first: Int!,")
            .replace("v1/things\nq", "v1/things/3\nq")
            .replace("GET /api/v1/things", "GET /api/v1/things/{first}"),
            4,
            "$first is in the path, and has to be a String! or an ID!",
        ),
    ],
)
def test_what_no_address_can_say_is_told_with_its_line(text: str, line: int, message: str) -> None:
    assert problem_of(things=text).startswith(f"api/operations/things.graphql:{line}: {message}")


def test_all_files_are_looked_at() -> None:
    found = problem_of(things=GOOD, others=LIST.replace("query things", "query others"), broken="query {")
    (broken,) = found.splitlines()
    assert broken.startswith("api/operations/broken.graphql:1: begin with a comment")
    same = problem_of(things=LIST, others=LIST.replace("query things", "query others"))
    assert same == "api/operations/others.graphql:2: things.graphql is at /api/v1/things already"


def test_the_server_does_not_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = operation_texts()
    texts["stances"] = texts["stances"].replace("confidence", "certainty")
    monkeypatch.setattr(app, "operation_texts", lambda: texts)
    # The console command shows the text of such an error, and ends.
    assert issubclass(OperationProblem, UserError)
    with pytest.raises(OperationProblem, match=r"^api/operations/stances\.graphql:\d+: Cannot query field 'certainty'"):
        app.create_app(settings)
