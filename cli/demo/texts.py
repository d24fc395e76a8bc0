"""Titles, abstracts, claims and descriptions of the made-up patents, from a subject and its vocabulary.

Sentences are put together from patterns, so that they read like those of real abstracts; none is from one.
"""

import random
from dataclasses import dataclass

_TRAITS = {
    "device": ("一种", "一种轻量化", "一种模块化", "一种便于维护的", "一种可调节的", "一种高可靠性", "一种紧凑型"),
    "system": ("一种", "一种集成式", "一种低功耗", "一种自适应", "一种多模式", "一种分布式"),
    "method": ("一种", "一种改进的", "一种快速的", "一种基于数据驱动的"),
    "material": ("一种", "一种高性能", "一种环保型", "一种低成本", "一种高稳定性"),
    "software": ("一种", "一种面向多租户的", "一种可扩展的", "一种轻量级"),
}
_TAILS = {
    "device": ("", "", "", "及其装配方法", "及其使用方法"),
    "system": ("", "", "及其控制方法", "及车辆", "及控制方法"),
    "method": ("",),
    "material": ("及其制备方法", "及其制备方法和应用", "", "的制备方法"),
    "software": ("", "及方法", "、设备和存储介质"),
}
_PLACES = ("的一侧", "的内部", "的上端", "的两端", "之间的安装槽内", "的外周")
_JOINTS = ("固定连接", "可拆卸连接", "滑动配合", "转动连接", "密封连接")


@dataclass(frozen=True, slots=True)
class Subject:
    """One row of topics.yaml: what a patent is about."""

    name: str
    style: str
    field: str
    ipc: tuple[str, ...]
    parts: tuple[str, ...]
    problem: str
    effects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    abstract: str
    claims: tuple[str, ...]
    description: tuple[tuple[str, tuple[str, ...]], ...]      # element of the section, its paragraphs


def write(subject: Subject, rng: random.Random, utility_model: bool) -> Text:
    """The texts of one application; a utility model protects a product, so its title names no method."""
    this = "本实用新型" if utility_model else "本发明"
    tail = "" if utility_model else rng.choice(_TAILS[subject.style])
    if tail == "及车辆" and "汽车" not in subject.field and "驾驶" not in subject.field:
        tail = ""
    title = rng.choice(_TRAITS[subject.style]) + subject.name + tail
    parts = list(subject.parts)
    if subject.style != "method" and len(parts) > 4 and rng.random() < 0.5:
        parts.pop(rng.randrange(1, len(parts) - 1))
    body = _BODIES[subject.style](subject, parts, rng)
    effects = rng.sample(subject.effects, rng.choice((2, 2, 3)))
    opening = rng.choice((
        f"{this}涉及{subject.field}技术领域，公开了{title}。",
        f"{this}公开了{title}，属于{subject.field}技术领域。",
        f"{this}提供{title}，用于解决{subject.problem}的技术问题。",
        f"针对{subject.problem}的问题，{this}提出{title}。"))
    closing = rng.choice((
        f"{this}能够{effects[0]}，{'，'.join(effects[1:])}。",
        f"与现有技术相比，{this}能够{'，并'.join(effects[:2])}。",
        f"采用上述方案后，可以{'，同时'.join(effects[:2])}。"))
    abstract = opening + "".join(body) + closing
    return Text(title, abstract, tuple(_claims(subject, parts, title, rng)),
                _description(subject, title, body, effects, this))


def _device(subject: Subject, parts: list[str], rng: random.Random) -> list[str]:
    a, b, c, d, *rest = parts
    first = f"该{subject.name}包括{'、'.join(parts[:-1])}和{parts[-1]}，所述{b}设置在所述{a}{rng.choice(_PLACES)}。"
    second = rng.choice((
        f"所述{c}与所述{b}{rng.choice(_JOINTS)}，所述{d}安装于所述{a}上。",
        f"所述{c}的一端与所述{a}{rng.choice(_JOINTS)}，另一端与所述{d}相配合。"))
    third = f"所述{rest[0]}位于所述{c}与所述{d}之间。" if rest and rng.random() < 0.6 else ""
    return [sentence for sentence in (first, second, third) if sentence]


def _system(subject: Subject, parts: list[str], rng: random.Random) -> list[str]:
    *others, control = parts
    first = f"该系统包括{'、'.join(others)}和{control}，所述{others[0]}与所述{others[1]}相连通或电连接。"
    second = rng.choice((
        f"所述{control}接收所述{others[-1]}的检测信号，并据此调节所述{others[0]}的工作状态。",
        f"所述{others[-1]}将采集的数据发送至所述{control}，由所述{control}按照预设的策略驱动所述{others[1]}。"))
    third = f"当检测值超过第{rng.choice('一二')}阈值时，所述{control}切换至保护模式。" if rng.random() < 0.5 else ""
    return [sentence for sentence in (first, second, third) if sentence]


def _method(subject: Subject, parts: list[str], rng: random.Random) -> list[str]:
    steps = "；".join(f"S{number}、{part}" for number, part in enumerate(parts, 1))
    return [f"该方法包括以下步骤：{steps}。"] if rng.random() < 0.6 else [
        f"首先{parts[0]}；然后{'，'.join(parts[1:-1])}；最后{parts[-1]}。"]


def _material(subject: Subject, parts: list[str], rng: random.Random) -> list[str]:
    rest = [part for part in parts if part.startswith("余量的")]
    dosed = [part for part in parts if part not in rest]
    amounts = [f"{part}{(low := rng.randrange(1, 40))}～{low + rng.randrange(2, 20)}份" for part in dosed]
    first = f"按重量份计，包括以下组分：{'、'.join(amounts)}" + (f"，以及{rest[0]}。" if rest else "。")
    degrees, minutes = rng.randrange(12, 90) * 5, rng.randrange(2, 25) * 5
    second = rng.choice((
        f"制备时，将各组分混合均匀，在{degrees}℃下处理{minutes}分钟后得到产品。",
        f"将所述{dosed[0]}与所述{dosed[1]}预先混合{minutes}分钟，再加入其余组分并成型。",
        f"其中所述{dosed[-1]}经过预处理，粒径不大于{rng.randrange(5, 80)}微米。"))
    return [first, second]


def _software(subject: Subject, parts: list[str], rng: random.Random) -> list[str]:
    first = f"该系统包括{'、'.join(parts[:-1])}和{parts[-1]}。"
    second = rng.choice((
        f"所述{parts[0]}的输出作为所述{parts[1]}的输入，所述{parts[-1]}将结果反馈至所述{parts[1]}以更新参数。",
        f"所述{parts[1]}根据历史数据生成候选结果，所述{parts[2]}对候选结果进行评分并交由所述{parts[-1]}处理。"))
    return [first, second]


_BODIES = {"device": _device, "system": _system, "method": _method, "material": _material, "software": _software}


def _claims(subject: Subject, parts: list[str], title: str, rng: random.Random) -> list[str]:
    """Numbered claims, as published: an independent one and two to five that depend on it."""
    name = subject.name
    if subject.style == "method":
        steps = "；".join(parts)
        first = f"1.一种{name}，其特征在于，包括以下步骤：{steps}。"
        more = "其特征在于，所述步骤“{part}”重复执行直至满足预设条件。"
    elif subject.style == "material":
        first = f"1.一种{name}，其特征在于，由包括以下组分的原料制成：{'、'.join(parts)}。"
        more = "其特征在于，所述{part}的用量为总质量的{share}%。"
    else:
        listed = f"{'、'.join(parts[:-1])}和{parts[-1]}"
        first = f"1.一种{name}，其特征在于，包括{listed}，所述{parts[0]}与所述{parts[1]}相连接。"
        more = "其特征在于，所述{part}设置有至少{count}个，且均匀布置。"
    claims = [first]
    for number, part in enumerate(rng.sample(parts, rng.randint(2, min(5, len(parts)))), 2):
        detail = more.format(part=part, share=rng.randrange(1, 45), count=rng.choice("两三四六"))
        claims.append(f"{number}.根据权利要求{rng.randint(1, number - 1)}所述的{name}，{detail}")
    return claims


def _description(
    subject: Subject, title: str, body: list[str], effects: list[str], this: str
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("TechnicalField", ("技术领域", f"{this}涉及{subject.field}技术领域，具体涉及{title}。")),
        ("BackgroundArt", (
            "背景技术", f"在{subject.field}领域，现有方案普遍存在{subject.problem}的问题，影响了实际应用。")),
        ("Disclosure", (f"{this[1:]}内容", f"{this}的目的在于克服上述不足，提供{title}。", *body,
                        f"{this}的有益效果是：{'；'.join(effects)}。")),
        ("DrawingsDescription", ("附图说明", f"图1为{this}实施例中{subject.name}的示意图。")),
        ("InventionMode", ("具体实施方式", f"下面结合附图对{this}的实施例作进一步说明。", *body,
                           "以上实施例仅用于说明，不构成对保护范围的限制。")),
    )


def design_text(name: str, use: str, rng: random.Random) -> str:
    """The brief explanation of a design, in the form that the rules ask for."""
    point = rng.choice(("产品的形状", "产品的形状与图案的结合", "产品的形状、图案与色彩的结合"))
    return (f"1.本外观设计产品的名称：{name}。2.本外观设计产品的用途：{use}。"
            f"3.本外观设计产品的设计要点：在于{point}。4.最能表明设计要点的图片或照片：立体图{rng.choice(('', '1'))}。")
