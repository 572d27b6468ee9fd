"""Commands for people, with a module for each, named as the command."""
