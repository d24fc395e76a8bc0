"""A document as bytes for the store: JSON, compressed by zstd with a dictionary trained on the node's own data.

Every frame names its dictionary, so old frames stay readable after a new dictionary has been trained.
"""

from collections.abc import Mapping, Sequence

import orjson
import sqlalchemy as sa
import zstandard

from ingest.record import Document, Event
from store.documents import dictionaries

LEVEL = 3
DICTIONARY_SIZE = 112_640       # bytes; zstd's own default
ENOUGH_TO_TRAIN = 400           # documents; below, a dictionary would be larger than what it saves


class Stored(Document):
    """A document together with where it was found inside its delivery."""

    archive: str | None
    entry: str


def train(samples: Sequence[bytes]) -> bytes | None:
    """A dictionary made from JSON texts of documents; None where they are too few to learn from."""
    if len(samples) < ENOUGH_TO_TRAIN:
        return None
    return zstandard.train_dictionary(DICTIONARY_SIZE, list(samples)).as_bytes()


def as_json(document: Stored) -> bytes:
    return orjson.dumps(document)


class Packer:
    """Compresses with one dictionary, or without any. Not to be shared between threads."""

    def __init__(self, dictionary: bytes | None) -> None:
        shared = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._compressor = zstandard.ZstdCompressor(level=LEVEL, dict_data=shared)

    def pack(self, text: bytes) -> bytes:
        return self._compressor.compress(text)


class Unpacker:
    """Opens frames of any of the store's dictionaries, given as {zstd's id: dictionary}.

    Not to be shared between threads.
    """

    def __init__(self, dictionaries: Mapping[int, bytes]) -> None:
        self._openers = {ident: zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(data))
                         for ident, data in dictionaries.items()}
        self._openers[0] = zstandard.ZstdDecompressor()

    def knows(self, body: bytes) -> bool:
        """Whether the frame's dictionary is at hand (another process may have trained a new one)."""
        return frame_dictionary(body) in self._openers

    def text(self, body: bytes) -> bytes:
        """The JSON text of a document."""
        return self._openers[frame_dictionary(body)].decompress(body)

    def unpack(self, body: bytes) -> Stored:
        document: Stored = orjson.loads(self.text(body))
        return document

    def event(self, body: bytes) -> Event:
        event: Event = orjson.loads(self.text(body))
        return event


class Opener:
    """Opens frames of one store; looks its dictionaries up when another process has trained a new one.

    Not to be shared between threads.
    """

    def __init__(self) -> None:
        self._unpacker = Unpacker({})

    def unpack(self, connection: sa.Connection, body: bytes) -> Stored:
        return self._for(connection, body).unpack(body)

    def event(self, connection: sa.Connection, body: bytes) -> Event:
        return self._for(connection, body).event(body)

    def _for(self, connection: sa.Connection, body: bytes) -> Unpacker:
        if not self._unpacker.knows(body):
            self._unpacker = Unpacker(dictionaries(connection))
        return self._unpacker


def dictionary_id(dictionary: bytes) -> int:
    """zstd's own id of a dictionary, which every frame made with it names."""
    return zstandard.ZstdCompressionDict(dictionary).dict_id()


def frame_dictionary(body: bytes) -> int:
    """The id of the dictionary that a frame was made with; 0 for none."""
    return zstandard.get_frame_parameters(body).dict_id
