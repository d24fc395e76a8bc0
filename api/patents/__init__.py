"""Patents: one record by any written form of any of its numbers."""
