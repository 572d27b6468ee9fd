"""Forms in which a model is sampled, as files name them."""

from __future__ import annotations

#: Forms of a model: the frame of the parties, that of the halves, the textbook form, and the frame of the parties
#: although another assignment of sides holds mass too.
PARTIES_FRAME, HALVES, TEXTBOOK, UNDECIDED = "parties", "halves", "textbook", "undecided"
FORMS = (PARTIES_FRAME, HALVES, TEXTBOOK, UNDECIDED)

#: What the evidences of the assignments leave of a doubt about the sides: none, the difference is small, or it is known
#: too poorly to count.
CLEAR, CLOSE, UNKNOWN = "clear", "close", "unknown"
DOUBTS = (CLEAR, CLOSE, UNKNOWN)
