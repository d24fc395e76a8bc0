"""Settings: environment variables (and a `.env` file in the working folder), read once into one object.

The table `SETTINGS` is the only place where a setting is named; docs and `zhuanti --help` are made from it.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from store.errors import BadCall


class Setting(NamedTuple):
    name: str
    default: str
    help_zh: str
    help_en: str


SETTINGS = (
    Setting("ZHUANTI_HOME", "~/.zhuanti", "数据目录", "folder of the node's data"),
    Setting("ZHUANTI_ENGINE", "embedded", "检索引擎：embedded 或 elasticsearch",
            "search engine: embedded or elasticsearch"),
    Setting("ZHUANTI_ELASTICSEARCH_URL", "http://127.0.0.1:9200", "Elasticsearch 的地址，可用逗号分隔多个",
            "addresses of Elasticsearch, separated by commas"),
    Setting("ZHUANTI_ELASTICSEARCH_USER", "", "Elasticsearch 的用户名", "user of Elasticsearch"),
    Setting("ZHUANTI_ELASTICSEARCH_PASSWORD", "", "Elasticsearch 的密码", "password of that user"),
    Setting("ZHUANTI_ELASTICSEARCH_API_KEY", "", "Elasticsearch 的 API 密钥（代替用户名和密码）",
            "API key of Elasticsearch, instead of user and password"),
    Setting("ZHUANTI_ELASTICSEARCH_CA", "", "签发 Elasticsearch 证书的 CA 文件（PEM）",
            "file of the authority that signed the certificate of Elasticsearch (PEM)"),
    Setting("ZHUANTI_ELASTICSEARCH_PREFIX", "zhuanti", "索引与别名的名称前缀", "beginning of the names of the indexes"),
    Setting("ZHUANTI_ELASTICSEARCH_SHARDS", "1", "新建索引的主分片数", "primary shards of a new index"),
    Setting("ZHUANTI_ELASTICSEARCH_REPLICAS", "0-1", "副本数，或随节点数变化的范围",
            "copies of each shard, or a range that follows the number of nodes"),
    Setting("ZHUANTI_ELASTICSEARCH_REFRESH", "-1", "写入过程中多久可见一次（如 30s；-1 为每次提交时）",
            "how often what is being written becomes visible (30s); -1: with each commit"),
    Setting("ZHUANTI_ELASTICSEARCH_PATIENCE", "120", "写入时等待失联节点的秒数",
            "seconds that a write waits for a lost node or an overloaded cluster"),
    Setting("ZHUANTI_DATABASE_URL", "", "数据库地址（SQLAlchemy URL），缺省为数据目录下的 SQLite",
            "SQLAlchemy URL; default SQLite under the home folder"),
    Setting("ZHUANTI_LOG_LEVEL", "info", "服务日志的级别：debug、info、warning 或 error",
            "level of the service's log: debug, info, warning or error"),
    Setting("ZHUANTI_LOG_FORMAT", "auto", "服务日志的格式：json、text，或 auto（终端上为 text，否则 json）",
            "form of the service's log: json, text, or auto (text on a terminal, else json)"),
    Setting("ZHUANTI_METRICS_TOKEN", "", "读取 /metrics 须出示的令牌；缺省为只答复不经代理的内网请求",
            "token that readers of /metrics must show; default: only private addresses that come without a proxy"),
    Setting("ZHUANTI_REGION", "500000", "节点服务的行政区划代码", "division code of the region that the node serves"),
    Setting("ZHUANTI_OPERATOR_TOKEN", "", "运维口令，至少 16 个字符；设置后才开放复核页与判定接口",
            "the operator's token, 16 characters or more; opens the review page and the calls that decide"),
    Setting("ZHUANTI_TAXONOMIES", "", "用于标引的产业分类，逗号分隔，缺省为全部",
            "taxonomies that records are labelled with, separated by commas; default all"),
    Setting("ZHUANTI_MAX_DEPTH", "3", "压缩包最多嵌套几层", "how many archives may lie in each other"),
    Setting("ZHUANTI_MAX_ENTRIES", "500000", "一个压缩包最多有多少条目", "entries that one archive may have"),
    Setting("ZHUANTI_MAX_ENTRY_SIZE", "128M", "一个文档解压后最大字节数", "bytes of one document, unpacked"),
    Setting("ZHUANTI_MAX_RATIO", "250", "解压后与压缩后大小之比的上限（1 MB 以下不计）",
            "unpacked to packed size, judged above 1 MB"),
    Setting("ZHUANTI_MAX_UNPACKED_SIZE", "64G", "一个压缩包解压后最大总字节数",
            "bytes that one archive may unpack to, together"),
    Setting("ZHUANTI_QUERY_CHARACTERS", "65536", "检索式最多字数", "characters of one expression"),
    Setting("ZHUANTI_QUERY_LEAVES", "10000", "检索式最多检索词数", "terms of one expression"),
    Setting("ZHUANTI_QUERY_DEPTH", "64", "检索式括号最多嵌套层数", "levels of parentheses that are not redundant"),
    Setting("ZHUANTI_QUERY_SIGNS", "32", "一个检索词中最多几个截词符", "truncation signs in one term"),
    Setting("ZHUANTI_QUERY_DISTANCE", "1000", "nW、nD 中 n 的上限", "largest n of nW and nD"),
    Setting("ZHUANTI_QUERY_CANDIDATES", "300000", "一个位置条件最多核对多少件文本，超过时结果中说明",
            "texts that are read for one condition on positions; an answer says when it needed more"),
)


SHORTEST_TOKEN = 16
"""Characters."""


class Limits(NamedTuple):
    """What an archive may ask of us before it is taken for a hostile one. Sizes in bytes."""

    depth: int = 3
    entries: int = 500_000
    entry_size: int = 128 << 20
    ratio: int = 250
    unpacked_size: int = 64 << 30


class QueryLimits(NamedTuple):
    """What an expression may ask for. All but `candidates` are judged before any engine sees it."""

    characters: int = 65_536
    leaves: int = 10_000
    depth: int = 64
    signs: int = 32
    distance: int = 1_000
    candidates: int = 300_000


DEFAULT_QUERY_LIMITS = QueryLimits()


@dataclass(frozen=True, slots=True)
class ElasticSettings:
    """Where the cluster is, who we are there, and how an index of ours is laid out.

    `replicas` is a number or a range `0-1`; `refresh` an interval of Elasticsearch, `-1` for none but commits;
    `patience` seconds. Secrets are left out of the `repr`.
    """

    urls: tuple[str, ...] = ("http://127.0.0.1:9200",)
    user: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ca: str = ""
    prefix: str = "zhuanti"
    shards: int = 1
    replicas: str = "0-1"
    refresh: str = "-1"
    patience: int = 120


DEFAULT_ELASTIC = ElasticSettings()


class ServiceSettings(NamedTuple):
    """How the running service tells what it does. `metrics_token` blank: see `api.metrics.readers`."""

    log_level: str = "info"
    log_format: str = "auto"
    metrics_token: str = ""


DEFAULT_SERVICE = ServiceSettings()


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path
    engine: str
    database_url: str = field(repr=False)       # may hold a password
    region: str
    limits: Limits
    query: QueryLimits = DEFAULT_QUERY_LIMITS
    elastic: ElasticSettings = DEFAULT_ELASTIC
    service: ServiceSettings = field(default=DEFAULT_SERVICE, repr=False)
    operator_token: str = field(default="", repr=False)
    taxonomies: tuple[str, ...] = ()        # ids; none = all


def read_dotenv(path: Path) -> dict[str, str]:
    """NAME=value lines of a `.env` file; blank lines and lines that start with # are skipped."""
    if not path.is_file():
        return {}
    pairs = (line.strip().removeprefix("export ").partition("=") for line in path.read_text("utf-8").splitlines()
             if line.strip() and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, sign, value in pairs if sign}


def load(environ: dict[str, str] | None = None) -> Settings:
    """Settings from the environment, then `.env`, then the defaults. Raises BadCall for a bad value."""
    given = read_dotenv(Path(".env")) | (dict(os.environ) if environ is None else environ)
    value = {setting.name: given.get(setting.name) or setting.default for setting in SETTINGS}
    home = Path(value["ZHUANTI_HOME"]).expanduser().absolute()
    if value["ZHUANTI_ENGINE"] not in ("embedded", "elasticsearch"):
        raise BadCall("setting_invalid", name="ZHUANTI_ENGINE", value=value["ZHUANTI_ENGINE"])
    region = value["ZHUANTI_REGION"]
    if not (len(region) == 6 and region.isdecimal()):
        raise BadCall("setting_invalid", name="ZHUANTI_REGION", value=region)
    return Settings(home, value["ZHUANTI_ENGINE"],
                    value["ZHUANTI_DATABASE_URL"] or f"sqlite:///{home / 'store.db'}", region,
                    Limits(*(_size(f"ZHUANTI_MAX_{name.upper()}", value) for name in Limits._fields)),
                    QueryLimits(*(_size(f"ZHUANTI_QUERY_{name.upper()}", value) for name in QueryLimits._fields)),
                    _elastic(value),
                    ServiceSettings(_one_of("ZHUANTI_LOG_LEVEL", value, ("debug", "info", "warning", "error")),
                                    _one_of("ZHUANTI_LOG_FORMAT", value, ("auto", "json", "text")),
                                    value["ZHUANTI_METRICS_TOKEN"]), _token(value["ZHUANTI_OPERATOR_TOKEN"]),
                    tuple(value["ZHUANTI_TAXONOMIES"].replace(",", " ").split()))


def _one_of(name: str, values: dict[str, str], allowed: tuple[str, ...]) -> str:
    value = values[name].strip().lower()
    if value not in allowed:
        raise BadCall("setting_invalid", name=name, value=value)
    return value


def _token(value: str) -> str:
    """A token that nobody guesses; its value stays out of the message."""
    if value and len(value) < SHORTEST_TOKEN:
        raise BadCall("setting_token_short", name="ZHUANTI_OPERATOR_TOKEN", least=SHORTEST_TOKEN)
    return value


def _elastic(values: dict[str, str]) -> ElasticSettings:
    def checked(name: str, pattern: str) -> str:
        value = values[f"ZHUANTI_ELASTICSEARCH_{name}"].strip()
        if re.fullmatch(pattern, value) is None:
            raise BadCall("setting_invalid", name=f"ZHUANTI_ELASTICSEARCH_{name}", value=value)
        return value

    addresses = checked("URL", r"https?://[^,\s]+(\s*,\s*https?://[^,\s]+)*")
    return ElasticSettings(
        tuple(address.strip() for address in addresses.split(",")), values["ZHUANTI_ELASTICSEARCH_USER"],
        values["ZHUANTI_ELASTICSEARCH_PASSWORD"], values["ZHUANTI_ELASTICSEARCH_API_KEY"],
        values["ZHUANTI_ELASTICSEARCH_CA"], checked("PREFIX", r"[a-z][a-z0-9_.-]{0,99}"),
        _size("ZHUANTI_ELASTICSEARCH_SHARDS", values), checked("REPLICAS", r"\d(-\d|-all)?"),
        checked("REFRESH", r"-1|\d{1,5}(ms|s|m)"), _size("ZHUANTI_ELASTICSEARCH_PATIENCE", values))


def _size(name: str, values: dict[str, str]) -> int:
    """A number of at least 1, perhaps with K, M, G or T for powers of 1024."""
    found = re.fullmatch(r"([1-9]\d{0,14})([KMGT]?)B?", values[name].strip().upper())
    if found is None:
        raise BadCall("setting_invalid", name=name, value=values[name])
    return int(found[1]) << 10 * " KMGT".index(found[2] or " ")
