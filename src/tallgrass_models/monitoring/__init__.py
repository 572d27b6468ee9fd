"""What keeps hours of sampling safe: the platform check."""
