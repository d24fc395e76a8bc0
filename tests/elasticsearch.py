"""A genuine Elasticsearch of the tests' own on loopback: one node for all tests, or a cluster that may lose nodes.

The server is the smallest distribution that there is as a Maven package (`mvn` brings it, a JDK from 21 on runs it);
ZHUANTI_TEST_ELASTICSEARCH_URL names another server instead. It refuses to run as root, so a root starts it as `nobody`.
It has no scripts, no `GET /` and no analysers of one's own: nothing that this program uses.
"""

import base64
import json
import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from store.settings import ElasticSettings
from tests.conftest import need

VERSION = "9.2.4"
GROUP = "org.elasticsearch.distribution.integ-test-zip"
ACCOUNT = "nobody"
READY_SECONDS = 300
QUICK = ("-Xms640m", "-Xmx640m", "-XX:TieredStopAtLevel=1")
"""Options of Java for a node that lives for some minutes: the better compiler would cost more than it brings."""

_OLDEST_JAVA = 21


class Missing(Exception):
    """What a server of our own would need and is not here."""


@dataclass(frozen=True)
class Nodes:
    """Running nodes: a folder of their files, the ports for HTTP and among themselves, node 1 first."""

    folder: Path
    java: str
    ports: tuple[tuple[int, int], ...]
    secret: str = ""        # password of the user `admin`; with one, the nodes speak TLS
    java_options: tuple[str, ...] = QUICK

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(f"http{'s' if self.secret else ''}://127.0.0.1:{http}" for http, _ in self.ports)

    @property
    def authority(self) -> Path:
        """The certificate that clients must trust."""
        return self.folder / "certificate.pem"

    def up(self, node: int) -> None:
        """Starts a node (from 1) with the data it had; `wait` says when it has joined."""
        home = self.folder / f"node-{node}"
        if not home.exists():
            self._write_config(node)
        with (home / "console.log").open("ab") as log:
            process = subprocess.Popen(
                [self.folder / "server" / "bin" / "elasticsearch"], cwd=home, env=self._environment(node), stdout=log,
                stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, **_unprivileged())
        (home / "pid").write_text(str(process.pid))
        _own[process.pid] = process
        _end_with_the_run(process.pid, self.folder)

    def kill(self, node: int, how: signal.Signals = signal.SIGKILL) -> None:
        """Ends a node at once, as a crash would, and waits until it is gone."""
        path = self.folder / f"node-{node}" / "pid"
        if not path.exists():
            return
        group = int(path.read_text())
        path.unlink()
        with suppress(ProcessLookupError):
            os.killpg(group, how)
        if group in _own:
            _own.pop(group).wait(30)
        for _ in range(600):
            if not _lives(group):
                return
            time.sleep(0.05)
        raise TimeoutError(f"node {node} does not end")

    def wait(self, members: int) -> None:
        """Waits until every running node sees so many members and all copies of all shards stand."""
        for node in range(1, len(self.ports) + 1):
            if (self.folder / f"node-{node}" / "pid").exists():
                self._wait(node, members)

    def stop(self) -> None:
        for node in range(1, len(self.ports) + 1):
            self.kill(node)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self, node: int, members: int) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            with suppress(OSError, ValueError):
                answer = self._asked(node, f"/_cluster/health?wait_for_nodes={members}&timeout=1s")
                pending = answer["unassigned_shards"] + answer["initializing_shards"] + answer["relocating_shards"]
                if answer["number_of_nodes"] == members and not pending:
                    return
            time.sleep(0.2)
        console = (self.folder / f"node-{node}" / "console.log").read_text(errors="replace")
        raise TimeoutError(f"node {node} is not ready\n{console[-3000:]}")

    def _asked(self, node: int, path: str) -> dict[str, int]:
        request = urllib.request.Request(f"{self.urls[node - 1]}{path}")
        trusted = None
        if self.secret:
            token = base64.b64encode(f"admin:{self.secret}".encode()).decode()
            request.add_header("Authorization", f"Basic {token}")
            trusted = ssl.create_default_context(cafile=self.authority)
        with urllib.request.urlopen(request, timeout=5, context=trusted) as answer:
            found: dict[str, int] = json.load(answer)
            return found

    def _environment(self, node: int) -> dict[str, str]:
        home = self.folder / f"node-{node}"
        return {"PATH": os.environ["PATH"], "HOME": str(home), "ES_JAVA_HOME": self.java,
                "ES_PATH_CONF": str(home / "config"), "ES_TMPDIR": str(home / "tmp")}

    def _write_config(self, node: int) -> None:
        home = self.folder / f"node-{node}"
        shutil.copytree(self.folder / "server" / "config", home / "config")
        (home / "tmp").mkdir()
        http, transport = self.ports[node - 1]
        names = [f"node-{place}" for place in range(1, len(self.ports) + 1)]
        seeds = [f"127.0.0.1:{port}" for _, port in self.ports]
        joining = ["discovery.type: single-node"] if len(self.ports) == 1 else [
            f"discovery.seed_hosts: {json.dumps(seeds)}", f"cluster.initial_master_nodes: {json.dumps(names)}"]
        secured = str(bool(self.secret)).lower()
        if self.secret:
            for name in ("certificate.pem", "key.pem"):
                shutil.copy(self.folder / name, home / "config")
        (home / "config" / "elasticsearch.yml").write_text("\n".join([
            f"cluster.name: zhuanti-tests-{self.folder.name}", f"node.name: node-{node}", "network.host: 127.0.0.1",
            f"http.port: {http}", f"transport.port: {transport}", f"path.data: {home}/data", f"path.logs: {home}/logs",
            "cluster.routing.allocation.disk.threshold_enabled: false", f"xpack.security.enabled: {secured}",
            *(["xpack.security.transport.ssl.enabled: false", "xpack.security.http.ssl.enabled: true",
               "xpack.security.http.ssl.certificate: certificate.pem", "xpack.security.http.ssl.key: key.pem"]
              if self.secret else []), *joining]) + "\n")
        options = home / "config" / "jvm.options.d"
        options.mkdir(exist_ok=True)
        (options / "tests.options").write_text("\n".join(self.java_options) + "\n")
        _give_away(home)
        if self.secret:
            subprocess.run(
                [self.folder / "server" / "bin" / "elasticsearch-users", "useradd", "admin", "-p", self.secret, "-r",
                 "superuser"], check=True, capture_output=True, env=self._environment(node), **_unprivileged())


def _lives(group: int) -> bool:
    """Whether a process of the group runs. One that has ended stays in the list until who started it asks for it,
    which another worker of the test run may do late or never."""
    for process in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, its_group = process.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                return True
    return False


def _end_with_the_run(group: int, folder: Path) -> None:
    """A node whose test run is killed does not stay: a small watcher ends it, and removes its files."""
    run = os.getppid() if os.environ.get("PYTEST_XDIST_WORKER") else os.getpid()
    script = f"while kill -s 0 {run} && kill -s 0 -- -{group}; do sleep 2; done 2>/dev/null; " \
             f"kill -s 0 {run} 2>/dev/null || {{ kill -s KILL -- -{group}; rm -rf {shlex.quote(str(folder))}; }}"
    watcher = subprocess.Popen(["sh", "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    _own[watcher.pid] = watcher


_own: dict[int, "subprocess.Popen[bytes]"] = {}
"""The nodes and watchers that this process has started; another process may end them."""


def started(nodes: int = 1, secret: str = "", java_options: tuple[str, ...] = QUICK) -> Nodes:
    """A new cluster of so many nodes that have found each other. Raises Missing."""
    java, package = _java(), _package()
    folder = Path(tempfile.mkdtemp(prefix="es-"))
    folder.chmod(0o755)         # the unprivileged account must get in
    shutil.unpack_archive(package, folder)
    (folder / f"elasticsearch-{VERSION}").rename(folder / "server")
    for program in (folder / "server" / "bin").iterdir():
        program.chmod(0o755)
    if secret:
        _make_certificate(folder)
    _give_away(folder)
    ports = _free_ports(2 * nodes)
    cluster = Nodes(folder, java, tuple(zip(ports[::2], ports[1::2], strict=True)), secret, java_options)
    try:
        for node in range(1, nodes + 1):
            cluster.up(node)
        cluster.wait(nodes)
    except BaseException:
        cluster.stop()
        raise
    return cluster


def _make_certificate(folder: Path) -> None:
    """A certificate for loopback that vouches for itself."""
    if shutil.which("openssl") is None:
        raise Missing("openssl")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=zhuanti tests",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "certificate.pem"],
        cwd=folder, check=True, capture_output=True)


def _java() -> str:
    homes = [os.environ.get("ES_JAVA_HOME"), os.environ.get("JAVA_HOME"), *map(str, Path("/usr/lib/jvm").glob("*"))]
    found: list[tuple[int, str]] = []
    for home in filter(None, homes):
        release = Path(home) / "release"
        version = re.search(r'JAVA_VERSION="(\d+)', release.read_text()) if release.is_file() else None
        if version and int(version[1]) >= _OLDEST_JAVA:
            found.append((int(version[1]), home))
    if not found:
        raise Missing(f"a JDK of version {_OLDEST_JAVA} or newer (ES_JAVA_HOME)")
    return max(found)[1]


def _package() -> Path:
    """The server's zip in the local Maven repository, brought there when it is not yet."""
    place = Path.home() / ".m2" / "repository" / Path(*GROUP.split(".")) / "elasticsearch" / VERSION
    package = place / f"elasticsearch-{VERSION}.zip"
    if package.exists():
        return package
    if shutil.which("mvn") is None:
        raise Missing("Maven (mvn)")
    done = subprocess.run(
        ["mvn", "-q", "-B", "dependency:get", f"-Dartifact={GROUP}:elasticsearch:{VERSION}:zip", "-Dtransitive=false"],
        capture_output=True, text=True, check=False)
    if not package.exists():
        raise Missing(f"the Maven package {GROUP} {VERSION} ({done.stdout.strip()[-200:]})")
    return package


def _unprivileged() -> Mapping[str, object]:
    if os.geteuid() != 0:
        return {}
    return {"user": ACCOUNT, "group": pwd.getpwnam(ACCOUNT).pw_gid, "extra_groups": []}


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam(ACCOUNT)
        subprocess.run(["chown", "-R", f"{owner.pw_uid}:{owner.pw_gid}", str(folder)], check=True)


def _free_ports(count: int) -> Sequence[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.fixture(scope="session")
def elasticsearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ...]]:
    """Addresses of a server of one node, which all worker processes of a test run share."""
    given = os.environ.get("ZHUANTI_TEST_ELASTICSEARCH_URL")
    if given:
        yield tuple(given.split(","))
        return
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    lock, users = FileLock(shared / "elasticsearch.lock"), shared / "elasticsearch.json"
    with lock:
        state = json.loads(users.read_text()) if users.exists() else {"users": 0}
        if not state["users"]:
            nodes = _started_or_skipped()
            state = {"users": 0, "folder": str(nodes.folder), "java": nodes.java, "ports": nodes.ports}
        state["users"] += 1
        users.write_text(json.dumps(state))
    nodes = Nodes(Path(state["folder"]), state["java"], tuple((http, own) for http, own in state["ports"]))
    yield nodes.urls
    with lock:
        state = json.loads(users.read_text())
        state["users"] -= 1
        users.write_text(json.dumps(state))
        if not state["users"]:
            nodes.stop()


@pytest.fixture(scope="module")
def three_nodes() -> Iterator[Nodes]:
    """A cluster of three nodes that a test may kill and bring back."""
    nodes = _started_or_skipped(3)
    yield nodes
    nodes.stop()


def _started_or_skipped(nodes: int = 1, secret: str = "") -> Nodes:
    try:
        return started(nodes, secret)
    except Missing as missing:
        need(False, f"Elasticsearch: {missing}")
        raise


@pytest.fixture(scope="module")
def secured() -> Iterator[Nodes]:
    """A node that speaks TLS and asks for a user and password; its tests may change its settings."""
    nodes = _started_or_skipped(1, uuid.uuid4().hex)
    yield nodes
    nodes.stop()


def settings_for(addresses: Sequence[str], **given: object) -> ElasticSettings:
    """Settings with a prefix that no other test has."""
    return ElasticSettings(**{"urls": tuple(addresses), "prefix": f"t{uuid.uuid4().hex[:12]}", **given})  # type: ignore[arg-type]
