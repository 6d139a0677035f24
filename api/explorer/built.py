"""Our build of GraphiQL, as `make explorer` leaves it: a page, and files that a browser may keep for good."""

from importlib.resources import files
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api.answers.kept import is_among

DIST = Path(str(files("api"))) / "explorer" / "dist"

# All is of this server. The editor writes styles into the page as it goes, elements and attributes, which no hash
# can name beforehand; and the style sheets have small pictures in them.
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; font-src 'self';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)

# By what a browser takes, best first: the suffix that the build gives a packed file.
PACKED = {"br": ".br", "gzip": ".gz"}

# Not from the machine's own table, which may say otherwise: browsers run no script that is text/plain.
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".ttf": "font/ttf"}

# A file's name changes with what is in it.
FOR_GOOD = "public, max-age=31536000, immutable"


class Build:
    """A folder with `index.html`, and with the files that it loads in `explorer`; or nothing in it yet.

    It is looked into for each request: a build is seen at once, and its files have other names than those before.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` need not be there."""
        self._page, self._files = folder / "index.html", folder / "explorer"

    @property
    def exists(self) -> bool:
        """Whether there is a page."""
        return self._page.is_file()

    def page(self) -> str | None:
        """The page; None if it was not built."""
        try:
            return self._page.read_text("utf-8")
        except FileNotFoundError:
            return None

    def file(self, request: Request) -> Response:
        """One of the files, packed as the client takes it; a name that is none of theirs is not found."""
        name = request.path_params["name"]
        names = {path.name for path in self._files.iterdir()} if self._files.is_dir() else set()
        if name not in names or name.endswith(tuple(PACKED.values())):
            raise HTTPException(404)
        given = ",".join(request.headers.getlist("accept-encoding"))
        encoding = next((each for each in PACKED if takes(given, each) and name + PACKED[each] in names), "")
        tag = f'"{name}{PACKED.get(encoding, "")}"'
        headers = {"cache-control": FOR_GOOD, "etag": tag, "vary": "accept-encoding"}
        if is_among(tag.encode(), request.headers.get("if-none-match", "").encode("latin-1")):
            return Response(status_code=304, headers=headers)
        headers |= {"content-encoding": encoding} if encoding else {}
        # A worker may do what its own file's policy lets it.
        headers |= {"content-security-policy": POLICY}
        media_type = MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")
        return FileResponse(self._files / (name + PACKED.get(encoding, "")), headers=headers, media_type=media_type)


def takes(accept_encoding: str, encoding: str) -> bool:
    """Whether an Accept-Encoding names the packing, and does not refuse it with q=0."""
    for each in accept_encoding.lower().split(","):
        name, _, weight = each.replace(" ", "").partition(";q=")
        if name == encoding:
            return weight.strip("0.") != "" or weight == ""
    return False
