"""The published clients sit their exam: nothing is changed but the base URL."""
