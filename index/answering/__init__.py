"""What both engines answer with, and nothing of either: ranking, cursors, phrases of proximities, answers kept."""
