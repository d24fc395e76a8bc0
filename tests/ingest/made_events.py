"""Small made-up files of legal events, in XML and TRS text."""

from tests.ingest.made import SPACES


def record(
    application: str = "201899000001",
    date: str = "20210105",
    code: str = "CF01",
    name: str = "专利权的终止",
    information: str = "",
    ident: str = "",
    status: str = "",
) -> str:
    """One `PRSRecord`; an empty text leaves its part out."""
    attributes = (f' PRSID="{ident}"' if ident else "") + (f' status="{status}"' if status else "")
    return (
        f"<business:PRSRecord{attributes}>"
        '<business:ApplicationReference dataFormat="original"><base:DocumentID>'
        f"<base:DocNumber>{application}</base:DocNumber>"
        "</base:DocumentID></business:ApplicationReference>"
        + (f"<business:PRSPublicationDate><base:Date>{date}</base:Date></business:PRSPublicationDate>" if date else "")
        + (f"<business:PRSCode>{code}</business:PRSCode>" if code else "")
        + (f"<business:PRSValue>{name}</business:PRSValue>" if name else "")
        + (f"<business:PRSInformation>{information}</business:PRSInformation>" if information else "")
        + "</business:PRSRecord>"
    )


def status(*records: str, produced: str = "") -> str:
    """A file of legal events."""
    made = f' dateProduced="{produced}"' if produced else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<business:PRS {SPACES}{made}>\n'
        + "\n".join(records)
        + "\n</business:PRS>"
    )
