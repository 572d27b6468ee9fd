"""Numbers, lists and sentences in words, which steps log and pages show."""
