"""Models: what each says of itself, its card."""
