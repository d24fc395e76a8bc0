"""Shipped taxonomies, one file each: facts, with a mark on everything that is not verified."""
