"""Classifiers: what rules and people say of some records, learned and carried over to others; silent where unsure."""
