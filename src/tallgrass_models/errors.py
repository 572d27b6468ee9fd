"""The one exception class for what a user can mend."""


class UserError(Exception):
    """Something the user can mend: a setting, an input file, a missing result.

    The text names the file, the key or the row, and what to do; it may have several lines, one per problem.
    ``cli.main`` is the one place that turns it into a message and an exit code.
    """
