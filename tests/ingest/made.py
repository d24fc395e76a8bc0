"""Small made-up documents in the office's format, for tests that need a certain defect or constellation."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

SPACES = 'xmlns:base="http://www.sipo.gov.cn/XMLSchema/base" xmlns:business="http://www.sipo.gov.cn/XMLSchema/business"'
DOCTYPE = '<!DOCTYPE business:PatentDocumentAndRelated SYSTEM "/DTDS/ExternalStandards/ipphdb-entities.dtd"[]>'


def document(
    number: str = "199000001",
    kind: str = "A",
    date: str = "20200103",
    *,
    application: str = "201899000001",
    title: str = "一种示例装置",
    abstract: str = "本发明公开了一种示例装置。",
    claims: tuple[str, ...] = (),
    applicants: tuple[str, ...] = ("示例有限公司",),
    produced: str = "20200101",
    doctype: str = DOCTYPE,
    parties: str = "",
    symbols: tuple[str, ...] = ("H01M  10/42  (2006.01)",),
    country: str = "CN",
) -> str:
    """The XML of one publication. An empty text leaves its element out."""
    ident = (
        f"<base:DocumentID><base:WIPOST3Code>{country}</base:WIPOST3Code><base:DocNumber>{number}</base:DocNumber>"
        f"<base:Kind>{kind}</base:Kind><base:Date>{date}</base:Date></base:DocumentID>"
    )
    people = "".join(
        f'<business:Applicant sequence="{i}"><base:AddressBook lang="zh"><base:Name>{name}</base:Name><base:Address>'
        f"<base:Province>重庆市</base:Province><base:Text>400000 重庆市渝北区示例路{i}号</base:Text></base:Address>"
        f"</base:AddressBook></business:Applicant>"
        for i, name in enumerate(applicants, 1)
    )
    parts = [
        f'<business:PublicationReference dataFormat="standard">{ident}</business:PublicationReference>',
        f'<business:PublicationReference dataFormat="original">{ident}</business:PublicationReference>',
        application
        and f'<business:ApplicationReference applType="10" dataFormat="original"><base:DocumentID>'
        f"<base:WIPOST3Code>{country}</base:WIPOST3Code><base:DocNumber>{application}</base:DocNumber><base:Date>20180601</base:Date>"
        f"</base:DocumentID></business:ApplicationReference>",
        "<business:ClassificationIPCRDetails>"
        + "".join(
            f'<business:ClassificationIPCR sequence="{i}"><base:Text>{symbol}</base:Text></business:ClassificationIPCR>'
            for i, symbol in enumerate(symbols, 1)
        )
        + "</business:ClassificationIPCRDetails>",
        title and f"<business:InventionTitle>{title}</business:InventionTitle>",
        f"<business:Parties><business:ApplicantDetails>{people}</business:ApplicantDetails>{parties}</business:Parties>",
    ]
    texts = [
        abstract and f"<business:Abstract><base:Paragraphs>{abstract}</base:Paragraphs></business:Abstract>",
        claims
        and "<business:Claims>"
        + "".join(
            f'<business:Claim num="{i:04}"><business:ClaimText>{text}</business:ClaimText></business:Claim>'
            for i, text in enumerate(claims, 1)
        )
        + "</business:Claims>",
    ]
    return (
        f'<?xml version="1.0" encoding="utf-8" standalone="no"?>\n{doctype}\n'
        f'<business:PatentDocumentAndRelated {SPACES} dateProduced="{produced}" country="{country}" '
        f'docNumber="{number}" '
        f'kind="{kind}" datePublication="{date}"><business:BibliographicData>{"".join(filter(None, parts))}'
        f"</business:BibliographicData>{''.join(filter(None, texts))}</business:PatentDocumentAndRelated>"
    )


def zipped(entries: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of entries by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))     # the same bytes whenever it is made
            archive.writestr(info, content, method)
    return buffer.getvalue()


def delivery(folder: Path, entries: Mapping[str, str | bytes], name: str = "20200103-1-001.ZIP") -> Path:
    """A folder with one zip of entries."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(zipped(entries))
    return folder
