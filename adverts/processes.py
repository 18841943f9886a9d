"""Processes of this machine."""

import os


def is_running(process: int) -> bool:
    """Return whether a process of this number runs, of whatever user."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
