"""The truth: settings, messages, and the database with one door per subject.

Lowest room of the house: every other package may import it, it imports none of them.
"""
