"""Who is at the command line, for the audit log."""

import getpass
import os


def operator_name() -> str:
    """Return the system's name of the user who runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number without a name
        return f"uid {os.getuid()}"
