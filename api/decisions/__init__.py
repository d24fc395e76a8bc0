"""Decisions: what people say of labels, kept one by one or in bulk, listed, undone, and what each batch gained."""
