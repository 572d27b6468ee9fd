"""Commands of the workflow, a module each, named as the rule."""
