"""The made-up applications as a delivery: data sets, dates, zips with check sums and indexes, and a few defects."""

import datetime as dt
import shutil
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from cli.demo.applications import Application, Published, draw
from cli.demo.document import file_name, render

SEED = 33618
_SETS = {
    "A": "CN-PA-TXTS-10-A_中国发明专利申请公布标准化全文文本数据",
    "B": "CN-PA-TXTS-10-B_中国发明专利授权公告标准化全文文本数据",
    "U": "CN-PA-TXTS-20-U_中国实用新型专利授权公告标准化全文文本数据",
    "S": "CN-PA-TXTS-30-S_中国外观设计专利授权公告标准化全文文本数据",
}
_NESTED = "B"               # grants come as one outer zip a date, the other sets as loose inner zips
_PER_ZIP = 400
_ZIP_DATE = (2020, 1, 1, 0, 0, 0)       # the same seed gives the same bytes
_DEFECTS = ("truncated", "truncated", "wrong_check_digit", "duplicate", "foreign_office")


@dataclass(frozen=True, slots=True)
class DemoFacts:
    """What the delivery holds, so that an ingest can be checked against it."""

    folder: Path                    # what to give to ingest
    applications: int               # records that an ingest must make
    publications: dict[str, int]    # sound publications by kind, each counted once
    entries: int                    # XML files of publications in the zips, sound and damaged
    duplicates: int                 # entries that repeat a publication
    truncated: int                  # entries cut off in the middle: to be rejected
    foreign: int                    # entries of another office: to be rejected
    wrong_check_digits: int         # entries that state a wrong check digit: a warning
    last_day: dt.date               # newest sound publication: the data date


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    date: dt.date
    name: str                       # 52 characters
    application: str
    number: str
    data: bytes
    second: bool = False            # goes into a second zip of its date


def write_demo(folder: Path, records: int = 2000, seed: int = SEED) -> DemoFacts:
    """Write a delivery of that many applications into a folder, in place of an earlier one there.

    The same arguments give the same files. Raises OSError where the folder cannot be written.
    """
    applications = draw(records, seed)
    entries, facts = _entries(applications, folder)
    for name in _SETS.values():
        if (folder / name).exists():
            shutil.rmtree(folder / name)
    entries.sort(key=lambda entry: (entry.kind, entry.date, entry.name, entry.second))
    for (kind, _), batch in groupby(entries, key=lambda entry: (entry.kind, entry.date.year)):
        _write_batch(folder / _SETS[kind] / "data", kind, list(batch))
    return facts


def _entries(applications: list[Application], folder: Path) -> tuple[list[_Entry], DemoFacts]:
    """All files, and what they are. The defects fall on applications spread over the whole."""
    step = max(1, len(applications) // (len(_DEFECTS) + 1))
    chosen = {step * place: defect for place, defect in enumerate(_DEFECTS, 1) if step * place < len(applications)}
    entries: list[_Entry] = []
    counts: Counter[str] = Counter()
    records: set[str] = set()
    last_day = dt.date.min
    for place, application in enumerate(applications):
        defect = chosen.get(place)
        for published in application.publications:
            newest = published is application.publications[-1]
            entry = _entry(application, published, defect if newest else None)
            entries.append(entry)
            if newest and defect in ("truncated", "foreign_office"):
                counts[defect] += 1
                continue
            counts[published.kind] += 1
            records.add(application.key)
            last_day = max(last_day, published.date)
            if newest and defect == "duplicate":
                later = render(application, published, published.date + dt.timedelta(days=7))
                entries.append(_Entry(entry.kind, entry.date, entry.name, entry.application, entry.number, later, True))
            if newest and defect in ("duplicate", "wrong_check_digit"):
                counts[defect] += 1
    kinds = {kind: counts[kind] for kind in _SETS}
    return entries, DemoFacts(folder, len(records), kinds, len(entries), counts["duplicate"], counts["truncated"],
                              counts["foreign_office"], counts["wrong_check_digit"], last_day)


def _entry(application: Application, published: Published, defect: str | None) -> _Entry:
    number, name = application.number, file_name(application, published)
    if defect == "wrong_check_digit":
        number = f"{application.key}.{'1' if application.number.endswith('0') else '0'}"
    data = render(application, published, published.date - dt.timedelta(days=6), number)
    if defect == "truncated":
        data = data[:len(data) * 2 // 3]
    elif defect == "foreign_office":
        data = data.replace(b"<base:WIPOST3Code>CN<", b"<base:WIPOST3Code>JP<")
        data = data.replace(b'country="CN"', b'country="JP"')
    return _Entry(published.kind, published.date, name, number, published.number, data)


def _write_batch(data_folder: Path, kind: str, batch: list[_Entry]) -> None:
    """One date folder, named by the last date in it: inner zips, a CRC file for each, and index files."""
    date = batch[-1].date.strftime("%Y%m%d")
    folder = data_folder / date
    folder.mkdir(parents=True)
    first = [entry for entry in batch if not entry.second]
    zips = [(f"{date}-{start // _PER_ZIP + 1}-001.ZIP", first[start:start + _PER_ZIP])
            for start in range(0, len(first), _PER_ZIP)]
    if second := [entry for entry in batch if entry.second]:
        zips.append((f"{date}-1-002.ZIP", second))
    paths: list[tuple[_Entry, str]] = []
    for zip_name, entries in zips:
        prefix = zip_name.split("-")[1]
        members = [(f"{prefix}/{entry.name}/{entry.name}.XML", entry) for entry in entries]
        _write_zip(folder / zip_name, ((path, entry.data) for path, entry in members), zipfile.ZIP_DEFLATED)
        crc = zlib.crc32((folder / zip_name).read_bytes())
        (folder / f"{zip_name[:-4]}-CRC.TXT").write_bytes(f"{zip_name},{crc:X}\r\n".encode())
        paths += [(entry, path) for path, entry in members]
    _write_indexes(folder, date, kind, paths)
    if kind == _NESTED:
        inner = sorted(folder.iterdir())
        _write_zip(folder / f"{date}.zip", ((path.name, path.read_bytes()) for path in inner), zipfile.ZIP_STORED)
        for path in inner:
            path.unlink()


def _write_zip(path: Path, members: Iterable[tuple[str, bytes]], method: int) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = method
            archive.writestr(info, data)


def _write_indexes(folder: Path, date: str, kind: str, paths: list[tuple[_Entry, str]]) -> None:
    """The listing (one path a line, backslashes, one extra character) and the XML index of a date."""
    listing = "".join(f"\\{date}\\{path.replace('/', chr(92))}\r\n" for _, path in paths)
    (folder / f"{date}-INDEX-001.TXT").write_bytes(listing.encode())
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f'<Index datePublication="{date}" patCnt="{len(paths)}">']
    lines += [f'  <DocList country="CN" ApplicationNum="{entry.application}" PublicationNum="{entry.number}" '
              f'PublicationDate="{entry.date:%Y%m%d}" />' for entry, _ in paths]
    (folder / f"{date}-INDEX-{kind}-001.XML").write_bytes("\n".join([*lines, "</Index>", ""]).encode())
