"""What the JSON files that rooms hand each other hold, key by key; a module for each room that makes some."""
