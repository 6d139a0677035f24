"""What can go wrong outside the code; each error's text says what is wrong and what would be right.

Exception
├── UserError           whoever typed the command can mend it; the console shows its text, no stack trace
│   ├── SettingsProblem a setting has an impossible value
│   ├── DatabaseProblem the database cannot be reached, read or written, or is not ours
│   └── OperationProblem a file in api/operations is no route
├── StatementTimeout    a statement was stopped at its time limit; a client may ask for less
├── DatabaseUnavailable no server of the database answers just now; a client may ask again
├── VersionNotReached   the data are not as late as a client wants them
└── Overloaded          there is too much to do; a client may ask again in a moment
"""

RETRY_SECONDS = 1
"""What a client is told to wait that comes when there is too much to do, or no database: it is soon over."""


class UserError(Exception):
    """Something that whoever typed the command can mend."""


class SettingsProblem(UserError):
    """A setting has an impossible value; one line for each such setting."""


class DatabaseProblem(UserError):
    """The database cannot be reached, read or written, or is not one of Stancebase's."""


class OperationProblem(UserError):
    """A file in api/operations is no route; one line for each such file, which begins with file:line."""


class StatementTimeout(Exception):
    """A statement ran, or waited for its turn, longer than the limit, and was stopped."""

    def __init__(self, limit: float) -> None:
        """`limit`: the seconds that a statement may take (the setting `statement_seconds`)."""
        super().__init__(
            f"the database was stopped after {limit:g} s, the limit for one statement:"
            " ask for fewer records or less depth"
        )
        self.limit = limit


class DatabaseUnavailable(Exception):
    """No server of the database answers just now. The text is for clients: the reason is for the log."""

    def __init__(self) -> None:
        super().__init__(f"the database cannot be reached just now: ask again in {RETRY_SECONDS} s")


class VersionNotReached(Exception):
    """The data are of an earlier version than the client wants, or of another database."""

    def __init__(self, found: str, wanted: str) -> None:
        """Both versions as `identity-number`."""
        super().__init__(
            f"the data are of version {found}, and if-data-version-at-least wants {wanted}:"
            " send a version that this server has given as data-version"
        )


class Overloaded(Exception):
    """There is too much to do at the moment; nothing was begun for this request."""

    def __init__(self, reason: str) -> None:
        """`reason` says of what there is too much."""
        super().__init__(f"{reason}; try again in {RETRY_SECONDS} s")
