"""What can be held of the container files without a container engine: their structure, secrets, limits, names."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.main import group
from store.settings import SETTINGS, load

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")

# Of the Compose specification, what this file uses; a name that is spelled wrong is none of these.
TOP = {"services", "volumes"}
KEYS = {"build", "image", "restart", "init", "read_only", "tmpfs", "cap_drop", "security_opt", "stop_grace_period",
        "environment", "profiles", "depends_on", "command", "ports", "volumes", "mem_limit", "healthcheck", "shm_size",
        "ulimits", "user"}
HEALTH = {"test", "interval", "timeout", "retries", "start_period"}
CONDITIONS = {"service_healthy", "service_completed_successfully"}
DURATION = re.compile(r"\d+(s|m|h)")
SECRET = re.compile(r"PASSWORD|TOKEN|SECRET|API_KEY")

RUN_ONCE = {name for one in SERVICES.values() for name, how in one.get("depends_on", {}).items()
            if how["condition"] == "service_completed_successfully"}
PROFILES = sorted({profile for one in SERVICES.values() for profile in one["profiles"]})


def variables(text: str) -> list[tuple[str, str]]:
    """Every `${NAME…}` with what follows its name, but for comments."""
    code = "\n".join(line.split("#", 1)[0] if line.lstrip().startswith("#") else line for line in text.splitlines())
    return re.findall(r"\$\{([A-Z_]+)([^}]*)\}", code)


def test_names_of_the_specification() -> None:
    assert {key for key in COMPOSE if not key.startswith("x-")} == TOP
    assert {key for one in SERVICES.values() for key in one} <= KEYS
    assert {key for one in SERVICES.values() for key in one.get("healthcheck", {})} <= HEALTH


@pytest.mark.parametrize("name", SERVICES)
def test_service(name: str) -> None:
    one = SERVICES[name]
    assert one.get("image")
    if "build" in one:
        assert (ROOT / one["build"] / "Dockerfile").is_file()
    assert re.fullmatch(r"(\$\{[A-Z_]+:-)?\d+[mg]\}?", one["mem_limit"])
    assert one["profiles"] and set(one["profiles"]) <= set(PROFILES)
    for volume in one.get("volumes", ()):
        source = volume.split(":")[0]
        assert source in COMPOSE["volumes"] or source.startswith("${DELIVERIES")
    if name not in RUN_ONCE:
        assert one["restart"] == "unless-stopped"
        assert all(DURATION.fullmatch(one["healthcheck"][key]) for key in ("interval", "timeout", "start_period"))
        assert one["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
        assert DURATION.fullmatch(one["stop_grace_period"])


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_is_in_its_profile_and_can_say_that_it_is_ready(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        assert how["condition"] in CONDITIONS
        assert set(SERVICES[name]["profiles"]) <= set(SERVICES[other]["profiles"])
        if how["condition"] == "service_healthy":
            assert SERVICES[other]["healthcheck"]["test"]


def test_every_profile_is_a_whole_node() -> None:
    assert PROFILES == ["one", "three"]
    for profile, nodes in (("one", 1), ("three", 3)):
        names = [name for name, one in SERVICES.items() if profile in one["profiles"]]
        images = [SERVICES[name]["image"] for name in names if name not in RUN_ONCE]
        assert sum(image.startswith("elasticsearch:") for image in images) == nodes
        assert sum(image.startswith("postgres:") for image in images) == 1
        assert sum(image.startswith("zhuanti:") for image in images) == 2


def test_volumes_are_declared_and_used() -> None:
    used = {volume.split(":")[0] for one in SERVICES.values() for volume in one.get("volumes", ())}
    assert set(COMPOSE["volumes"]) == {source for source in used if not source.startswith("$")}


def test_secrets_come_from_the_environment_and_have_no_default() -> None:
    secret = {(name, rest) for name, rest in variables(TEXT) if SECRET.search(name)}
    assert {name for name, _ in secret} == {"POSTGRES_PASSWORD", "ELASTIC_PASSWORD", "METRICS_TOKEN"}
    assert all(rest.startswith(":?") for _, rest in secret)
    for one in SERVICES.values():
        for name, value in one.get("environment", {}).items():
            if SECRET.search(name):
                assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), name


def test_example_of_the_environment_names_every_variable() -> None:
    needed = {name for name, rest in variables(TEXT) if rest.startswith(":?")}
    assert set(re.findall(r"^([A-Z_]+)=(?=$)", EXAMPLE, re.MULTILINE)) == needed
    told = set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert told == {name for name, _ in variables(TEXT)}


def test_only_the_app_is_published_and_on_loopback_only() -> None:
    for name, one in SERVICES.items():
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", ()))
        assert bool(one.get("ports")) == name.startswith("app")


@pytest.mark.parametrize("name", [name for name, one in SERVICES.items() if one["image"].startswith("zhuanti:")])
def test_settings_and_command_of_the_app_are_ours(name: str) -> None:
    one = SERVICES[name]
    filled = {key: re.sub(r"\$\{[A-Z_]+:\?[^}]*\}", "secret-of-16-characters", value)
              for key, value in one["environment"].items()}
    given = {key: re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", value) for key, value in filled.items()}
    assert set(given) - {"PGPASSWORD"} <= {setting.name for setting in SETTINGS}
    assert load(given).engine == "elasticsearch"
    command = group.commands[one["command"][0]]
    assert {word for word in one["command"] if word.startswith("--")} <= {
        option for parameter in command.params for option in parameter.opts}
    assert one["read_only"] and one["cap_drop"] == ["ALL"]


def test_image_is_small_unprivileged_and_checked() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(stages) == 2 and all(stage.endswith("-slim") for stage in stages)
    last = DOCKERFILE.rsplit("FROM ", 1)[1]
    assert re.search(r"^USER zhuanti$", last, re.MULTILINE) and "HEALTHCHECK" in last
    assert re.search(r"^VOLUME /data$", last, re.MULTILINE) and "ZHUANTI_HOME=/data" in last
    assert "COPY api" not in last, "sources stay in the first stage"
    assert "--constraint constraints.txt" in DOCKERFILE


def test_what_is_copied_is_there_and_is_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    lines = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    copied = [word for line in lines for word in shlex.split(line)]
    assert all((ROOT / name).exists() and f"!{name}" in ignored for name in copied)
    packages = re.search(r"^include = \[(.*)\]$", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert packages is not None
    assert {name for name in copied if "." not in name} == set(re.findall(r'"(\w+)\*"', packages[1]))


def test_no_address_of_a_registry() -> None:
    for text in (TEXT, DOCKERFILE, EXAMPLE):
        assert not re.search(r"(?:image: |FROM )[a-z0-9-]+\.[a-z.]+/|index-url|https?://(?!localhost|127\.0\.0\.1|elasticsearch)",
                             text)
