"""Commands of the workflow, with a module for each, named as the rule."""
