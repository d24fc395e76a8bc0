"""Industry taxonomies as versioned data, and the labels they give a record, each with its reasons."""
