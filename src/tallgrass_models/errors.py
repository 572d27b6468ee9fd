"""The one exception class for problems that a user can mend."""


class UserError(Exception):
    """A problem that the user can mend, such as a wrong setting, a damaged input file or a missing result.

    The text names the file, the key or the row, and says what to do. It may have several lines, one for each problem.
    ``cli.main`` is the one place that turns it into a message and an exit code.
    """
