"""Files on disk: atomic writes, declared tables and records, untrusted text, and the origin of the code."""
