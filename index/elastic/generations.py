"""The indexes of a node on the cluster: numbered names, and an alias on the one in use.

```
zhuanti           alias of the index in use
zhuanti-000002    its mapping's _meta says what it was made with and what its last commit holds (see Note)
zhuanti-lock      the lease of whoever writes (index.elastic.lease)
```
A rebuild fills a new index beside the old one; moving the alias is the switch.
"""

import re
from dataclasses import dataclass
from typing import TypedDict

from index.elastic.connection import READ_PATIENCE, Cluster
from index.elastic.schema import Body, mapping, replicas, settings_of
from index.identity import Identity


class Note(TypedDict):
    """What the index says of itself: up to which outbox entry it is, how many commits it had, when the last was."""

    identity: Identity
    seq: int
    commits: int
    updated: str | None     # ISO time, UTC, seconds


@dataclass(frozen=True, slots=True)
class Generation:
    """One index of the cluster as it was when it was looked at."""

    name: str
    note: Note


def empty_note(identity: Identity) -> Note:
    return Note(identity=identity, seq=0, commits=0, updated=None)


def current(cluster: Cluster, wait: bool = False) -> Generation | None:
    """The index behind the alias; None before the first one. `wait` for a cluster that is just starting."""
    found: Body = cluster.ask(
        lambda client: client.indices.get_mapping(
            index=cluster.settings.prefix, filter_path="*.mappings._meta").body, missing={}, wait=wait,
        patience=cluster.settings.patience if wait else READ_PATIENCE)
    for name, entry in found.items():
        return Generation(name, entry["mappings"]["_meta"])
    return None


def begin(cluster: Cluster, identity: Identity, building: bool = True) -> Generation:
    """A new, empty index that is not yet in use. What an earlier, broken rebuild left is dropped first."""
    drop_unused(cluster)
    used = current(cluster)
    number = int(used.name.rpartition("-")[2]) + 1 if used else 1
    generation = Generation(f"{cluster.settings.prefix}-{number:06}", empty_note(identity))
    cluster.ask(lambda client: client.indices.create(
        index=generation.name, settings=settings_of(cluster.settings, building),
        mappings=mapping(dict(generation.note)),
        wait_for_active_shards=1, timeout="60s"), wait=True)
    return generation


def note(cluster: Cluster, generation: Generation, written: Note) -> Generation:
    """Says with the index what its last commit holds."""
    cluster.ask(lambda client: client.indices.put_mapping(index=generation.name, meta=dict(written)),
                patience=cluster.settings.patience, wait=True)
    return Generation(generation.name, written)


def switch(cluster: Cluster, generation: Generation) -> None:
    """Makes an index the one in use, for every process, in one step; the others are dropped."""
    alias = cluster.settings.prefix
    used = current(cluster)
    cluster.ask(lambda client: client.indices.put_settings(
        index=generation.name, settings=replicas(cluster.settings)), patience=cluster.settings.patience, wait=True)
    actions: list[Body] = [{"add": {"index": generation.name, "alias": alias}}]
    if used is not None and used.name != generation.name:
        actions.append({"remove": {"index": used.name, "alias": alias}})
    cluster.ask(lambda client: client.indices.update_aliases(actions=actions),
                patience=cluster.settings.patience, wait=True)
    drop_unused(cluster)


def drop_unused(cluster: Cluster) -> None:
    """Removes every other numbered index of ours; a search on one of them looks again and finds the one in use."""
    ours = re.compile(re.escape(cluster.settings.prefix) + r"-\d{6,}")
    found: Body = cluster.ask(lambda client: client.indices.get_alias(
        index=f"{cluster.settings.prefix}-*", expand_wildcards="all").body, missing={})
    for name, entry in found.items():
        if ours.fullmatch(name) and cluster.settings.prefix not in entry["aliases"]:
            cluster.ask(lambda client, name=name: client.indices.delete(       # type: ignore[misc]
                index=name, ignore_unavailable=True), patience=cluster.settings.patience, wait=True)
