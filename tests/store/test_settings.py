"""The settings: every one documented as it is, secrets never shown."""

from pathlib import Path

import pytest

from store.settings import SETTINGS, Setting, load

OPERATIONS = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text("utf-8")


@pytest.mark.parametrize("setting", SETTINGS, ids=[setting.name for setting in SETTINGS])
def test_setting_is_documented(setting: Setting) -> None:
    default = f"`{setting.default}`" if setting.default else "–"
    assert f"| `{setting.name}` | {default} | {setting.help_en} |" in OPERATIONS


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    secret = "a-secret-of-many-characters"
    settings = load({"ZHUANTI_HOME": str(tmp_path), "ZHUANTI_METRICS_TOKEN": secret, "ZHUANTI_OPERATOR_TOKEN": secret,
                     "ZHUANTI_DATABASE_URL": f"postgresql://zhuanti:{secret}@db/zhuanti",
                     "ZHUANTI_ELASTICSEARCH_PASSWORD": secret, "ZHUANTI_ELASTICSEARCH_API_KEY": secret})
    assert secret not in repr(settings)
