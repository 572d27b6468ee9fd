"""Forms in which a model is sampled, as files name them."""

from __future__ import annotations

#: Forms of a model: the frame of the parties, that of the halves, the textbook form, and the frame of the parties
#: although another assignment of sides holds mass too.
PARTIES_FRAME, HALVES, TEXTBOOK, UNDECIDED = "parties", "halves", "textbook", "undecided"
FORMS = (PARTIES_FRAME, HALVES, TEXTBOOK, UNDECIDED)
