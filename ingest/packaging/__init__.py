"""What lies in the paths given to ingest: folders, files, zips (also split), tars, gz, each inside another.

Entries are found and read in place; nothing is ever unpacked to disk under its name. An entry is known by where it
stands: the path of its archive in the delivery, and its own in the archive.
"""

from ingest.packaging.archive import OpenArchive
from ingest.packaging.names import classify, entry_path
from ingest.packaging.window import Archive
from ingest.packaging.zip_directory import Entry


def entry_name(entry: Entry) -> str:
    """The path of an entry with forward slashes and without a leading one."""
    return entry_path(entry.name)


__all__ = ["Archive", "Entry", "OpenArchive", "classify", "entry_name"]
