"""Stories of members and of roll calls: data of the page that its scripts tell them from."""
