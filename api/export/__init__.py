"""Export: every hit of a search, or the whole store, streamed in six formats with a manifest."""
