"""The two exceptions that every stage understands; foreign ones are translated to these at the boundary."""


class SkipItem(Exception):  # noqa: N818 -- the name says what the caller does
    """One item cannot be used: count it under `reason`, keep what names it, go on with the next.

    `reason` is a short stable word for the counts, such as `not_json`; the message is for a person.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class StopRun(Exception):  # noqa: N818 -- the name says what the caller does
    """Going on is useless or unlawful: leave what is stored as it is, print the message, exit with `code`.

    The message says what happened, where, and what to do. `code` is 2 for wrong use or settings, 1 otherwise.
    """

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code
