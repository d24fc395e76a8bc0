"""A small home made through the real pipeline: thirty-odd made-up publications, labelled and indexed."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from cli.ingesting import take_in
from ingest.progress import Silent
from store.settings import Settings, load
from tests.ingest import made

COMPANY = "嘉陵示例电池有限公司"
UNIVERSITY = "南山示例大学"
HEAT_A, HEAT_B = "CN199000001A", "CN199000001B"
HEAT = "CN201819900001.7"
GRAPHENE = "CN199000002A"
MANY = 30

PUBLICATIONS = {
    "heat-a.XML": made.document(
        "199000001", "A", "20200103", application="201819900001", title="新能源汽车电池热管理系统",
        abstract="本发明公开了一种新能源汽车的电池热管理系统，包括液冷板。",
        claims=("1.一种电池热管理系统，其特征在于包括液冷板。",),
        applicants=(COMPANY,), symbols=("B60L  58/26  (2019.01)", "H01M  10/613  (2014.01)")),
    "heat-b.XML": made.document(
        "199000001", "B", "20220104", application="201819900001", title="新能源汽车电池热管理系统",
        abstract="", claims=("1.一种电池热管理系统，其特征在于包括液冷板和水泵。",),
        applicants=(COMPANY, UNIVERSITY), symbols=("B60L  58/26  (2019.01)", "H01M  10/613  (2014.01)")),
    "graphene.XML": made.document(
        "199000002", "A", "20210505", application="201919900002", title="石墨烯复合材料的制备方法",
        abstract="一种石墨烯复合材料的制备方法。", applicants=(UNIVERSITY,), symbols=("C01B  32/184  (2017.01)",)),
    "formula.XML": made.document(
        "199000003", "A", "20210606", application="201919900003", title="=HYPERLINK(1)的显示方法",
        abstract="一种显示方法。", applicants=("+示例公司",), symbols=("G09G  3/00  (2006.01)",)),
} | {
    f"many-{number}.XML": made.document(
        f"1991{number:05}", "A", f"2021{number % 12 + 1:02}15", application=f"20191991{number:04}",
        title=f"编号{number}的搅拌装置", abstract="一种搅拌装置，包括叶片。", applicants=(f"示例{number % 3}厂",),
        symbols=("B01F  27/00  (2022.01)",))
    for number in range(MANY)
}


def make_home(folder: Path, **given: Any) -> Settings:
    """Settings of a new home under the folder, some of them given, with everything ingested and indexed."""
    settings = replace(load({"ZHUANTI_HOME": str(folder / "home")}), **given)
    delivery = made.delivery(folder / "delivery", PUBLICATIONS)
    take_in(settings, (delivery,), workers=1, dry_run=False, index=True, progress=Silent())
    return settings


def copied(settings: Settings, folder: Path) -> Settings:
    """The same home once more, to be changed; a tenth of the time of making one."""
    shutil.copytree(settings.home, folder / "home")
    return load({"ZHUANTI_HOME": str(folder / "home")})
