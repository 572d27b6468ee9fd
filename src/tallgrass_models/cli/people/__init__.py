"""Commands for people, a module each, named as the command."""
