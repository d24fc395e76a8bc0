"""The card of a model as a page, Markdown and JSON; without a model a plain answer."""

import shutil
from pathlib import Path

from fastapi.testclient import TestClient

from store.settings import Settings
from taxonomy.learning import files, schemes, tables
from taxonomy.learning.training import train


def test_the_card_of_a_model(client: TestClient, settings: Settings, tmp_path: Path) -> None:
    assert client.get("/models/mine").status_code == client.get("/api/v1/models/mine").status_code == 404
    assert client.get("/models/..%2F..").status_code == 404
    rows = "".join(f"<b>甲</b>,电池{at}的正极\n乙|丙,药物{at}的片剂\n" for at in range(8))
    (tmp_path / "t.csv").write_text(f"label,text\n{rows}", "utf-8")
    found = tables.read(tmp_path / "t.csv", None)
    taxonomy = schemes.made_of("mine", found)
    model = files.save(settings, train(taxonomy, schemes.examples(taxonomy, found, "t.csv"), "one").model)
    page = client.get("/models/mine?lang=zh")
    assert page.status_code == 200 and "模型卡：mine" in page.text and "<b>甲" not in page.text
    assert client.get("/api/v1/models/mine").json()["examples"] == 16
    assert "/models/" not in client.get("/industries/416").text, "the link stands where there is a card"
    files.save(settings, model._replace(taxonomy="416"))
    try:
        assert 'href="/models/416"' in client.get("/industries/416").text
        assert 'href="/industries/416"' in client.get("/models/416").text
    finally:
        shutil.rmtree(settings.home / "models" / "416")
    text = client.get("/models/mine?format=md&lang=en").text
    assert text.startswith("# Model card: mine") and "乙\\|丙" in text
