"""Models: what features, calibration and training do on made-up texts, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from store.errors import BadCall
from store.settings import Settings, load
from taxonomy import catalogue
from taxonomy.labeller import Labeller
from taxonomy.learning import features, files, opinions, schemes, space, tables
from taxonomy.learning.calibration import NEVER, calibrate, threshold
from taxonomy.learning.card import card, markdown
from taxonomy.learning.classifier import Classifier, raised
from taxonomy.learning.features import BLOCKS
from taxonomy.learning.heads import history
from taxonomy.learning.inputs import Input
from taxonomy.learning.measuring import measure
from taxonomy.learning.predicting import available
from taxonomy.learning.training import count_all, folds, train, without_classes

WORDS = {"电池": ("正极", "电解液", "锂离子", "隔膜"), "医药": ("药物", "片剂", "糖尿病", "提取物"),
         "机械": ("齿轮", "轴承", "机床", "夹具")}


def rows(repeats: int = 8) -> str:
    lines = ["label,title,abstract,applicant"]
    for label, words in WORDS.items():
        for at in range(repeats):
            one, two = words[at % 4], words[(at + 1) % 4]
            lines.append(f"{label},一种{one}装置{at},本发明公开了一种{one}和{two}。,{label}公司{at}")
    return "\n".join(lines) + "\n"


def table(folder: Path) -> Path:
    path = folder / "table.csv"
    path.write_text(rows(), "utf-8")
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    return made(tmp_path_factory.mktemp("table") / "table.csv")


def made(path: Path) -> Classifier:
    path.write_text(rows(), "utf-8")
    found = tables.read(path, None)
    taxonomy = schemes.made_of("mine", found)
    return train(taxonomy, schemes.examples(taxonomy, found, path.name), "one", precision=0.8).model


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"ZHUANTI_HOME": str(tmp_path)})


def test_the_names_of_features_stand_for_their_columns() -> None:
    one = Input("一种OLED显示面板", "本发明公开了一种 OLED 面板，亮度为０.5%。", ("某某（重庆）公司", "甲"),
                ("H10K59/12", "G09G3/32"))
    names = features.named(one)
    for block, matrix in zip(BLOCKS, features.count([Input("甲", ""), one]).blocks, strict=True):
        assert set(matrix[1].indices) == {name.column for name in names if name.block == block.name}
    assert {"显示", "oled"} <= {name.text for name in names if name.block == "word"}
    assert {"H", "H10", "H10K", "H10K59", "H10K59/12", "1:H10K"} <= {name.text for name in names}
    assert not any("\x00" in name.text for name in names)


def test_features_of_a_batch_are_those_of_each_record() -> None:
    inputs = [Input("齿轮", "轴承和机床"), Input("", ""), Input("药物", "片剂", ("甲",), ("A61K31/00",))]
    whole = features.count(inputs)
    for row, one in enumerate(inputs):
        for together, alone in zip(whole.blocks, features.count([one]).blocks, strict=True):
            assert (together[row] != alone).nnz == 0


def test_rows_are_scaled_to_the_weight_of_their_block() -> None:
    counted = features.count([Input("齿轮", "轴承和机床", ("甲",), ("F16H1/00",)), Input("", "")])
    for kind, block in zip(BLOCKS, features.weighed(counted, features.inverse_frequencies(counted)), strict=True):
        assert np.sqrt(block[0].multiply(block[0]).sum()) == pytest.approx(kind.weight, rel=1e-5)
        assert block[1].nnz == 0
    assert without_classes(counted).blocks[-1].nnz == 0


def test_a_model_of_a_table_answers_and_says_why(model: Classifier) -> None:
    asked = [Input("一种锂离子电解液", "涉及正极与隔膜。"), Input("片剂", "治疗糖尿病的药物提取物。")]
    probabilities, _ = model.probabilities(features.count(asked))
    assert [model.nodes[at] for at in probabilities.argmax(axis=1)] == ["电池", "医药"]
    reasons = model.because(asked[0], "电池")
    assert reasons and any("锂离子" in feature.text or "电解液" in feature.text or "正极" in feature.text
                           or "隔膜" in feature.text for feature, _ in reasons)
    assert model.told["measures"]["hidden"]["macro_f1"] > 0.8


def test_training_twice_gives_the_same_bytes(model: Classifier, tmp_path: Path, settings: Settings) -> None:
    assert files.save(settings, model).version == files.save(settings, made(tmp_path / "again.csv")).version


def test_each_training_is_noted_once(model: Classifier, settings: Settings) -> None:
    assert history(settings, model.taxonomy) == []
    saved = files.save(settings, model)
    files.save(settings, model)
    noted, = history(settings, model.taxonomy)
    assert (noted["version"], noted["examples"]) == (saved.version, model.told["examples"])
    assert noted["macro_f1"] == model.told["measures"]["seen"]["macro_f1"]


@pytest.mark.parametrize("lines", ["甲,一种电池\n" * 5 + "乙,一种药物\n" * 5,
                                   "甲,一种电池\n甲,一种极片\n乙,一种药物\n乙,一种片剂\n"])
def test_a_table_of_few_texts_can_be_trained_on(tmp_path: Path, lines: str) -> None:
    """Rows of one text stand in one fold, so the others may know one label only."""
    path = tmp_path / "table.csv"
    path.write_text(f"label,text\n{lines}", "utf-8")
    found = tables.read(path, None)
    taxonomy = schemes.made_of("mine", found)
    model = train(taxonomy, schemes.examples(taxonomy, found, path.name), "one").model
    assert model.nodes == ("甲", "乙") and model.told["measures"]["hidden"]["macro_f1"] < 0.5


def test_a_saved_model_gives_the_same_probabilities(model: Classifier, settings: Settings) -> None:
    files.save(settings, model)
    counted = features.count([Input("一种齿轮", "轴承"), Input("一种药物", "片剂")])
    assert np.array_equal(files.load(settings, "mine").probabilities(counted)[0], model.probabilities(counted)[0])


def test_labels_of_a_model_have_source_score_and_reasons(model: Classifier, settings: Settings, tmp_path: Path) -> None:
    files.save(settings, model)
    taxonomy = schemes.made_of("mine", tables.read(table(tmp_path), None))
    models, unusable = available(settings, {"mine": taxonomy})
    assert not unusable
    bare, with_model = Labeller({"mine": taxonomy}), Labeller({"mine": taxonomy}, models=models)
    assert bare.fingerprint != with_model.fingerprint
    asked = Input("一种锂离子电池的正极", "正极、隔膜与电解液，锂离子。", ("电池公司1",))
    (found,) = with_model.with_models([asked], [[]])
    assert [(one["node"], one["source"]) for one in found] == [("电池", "model")]
    assert 0 < (found[0]["score"] or 0) <= 1 and found[0]["reasons"][0]["kind"] == "feature"


def test_a_model_of_another_version_is_refused(
        model: Classifier, settings: Settings, tmp_path: Path) -> None:
    saved = files.save(settings, model)
    path = settings.home / "models" / "mine" / saved.version / "model.json"
    head = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(head | {"versions": {"format": 1, "features": 99, "space": 2}}), "utf-8")
    with pytest.raises(BadCall) as refused:
        files.load(settings, "mine")
    assert refused.value.code == "model_outdated" and "mine/model.json" in str(refused.value)
    models, unusable = available(settings, {"mine": schemes.made_of("mine", tables.read(table(tmp_path), None))})
    assert not models and [one.error.code for one in unusable] == ["model_outdated"]


def test_a_damaged_model_is_refused(model: Classifier, settings: Settings) -> None:
    saved = files.save(settings, model)
    next((settings.home / "models" / "mine" / saved.version).glob("wide_matrix.npy")).write_bytes(b"no numbers")
    with pytest.raises(BadCall) as refused:
        files.load(settings, "mine")
    assert refused.value.code == "model_unreadable"


@pytest.mark.parametrize(("text", "code", "line"), [
    ("label,text\n甲,一\n甲,二\n", "training_one_label", 3),
    ("label,colour\n甲,一\n", "training_column", 1),
    ("label,text\n甲,一\n,二\n", "training_no_label", 3),
    ("label,text\n甲,一\n乙,\n", "training_no_text", 3),
    ("label,number\n甲,CN201010298420\n", "training_number", 2),
    ("label,text\n甲,一\n甲,二\n乙,三\n", "training_rare_label", 4),
    ("label,text\n甲,一,二\n", "training_cells", 2),
    ("label\n甲\n", "training_column_missing", 1),
    ("label,text,标签\n", "training_column_doubled", 1),
    ('label,text\n甲,"一\n', "training_unreadable", 2),
])
def test_bad_tables_are_refused_with_file_and_line(tmp_path: Path, text: str, code: str, line: int) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(BadCall) as refused:
        tables.read(path, None)
    assert (refused.value.code, refused.value.values["line"]) == (code, line)
    assert "bad.csv" in str(refused.value)


def test_rows_of_one_application_stand_in_one_fold(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(rows() + rows().partition("\n")[2], "utf-8")
    found = tables.read(path, None)
    taxonomy = schemes.made_of("mine", found)
    examples = schemes.examples(taxonomy, found, path.name)
    for known, asked in folds(examples, "one", 0):
        assert not {examples.groups[row] for row in known} & {examples.groups[row] for row in asked}


def test_the_threshold_is_the_lowest_that_keeps_the_precision() -> None:
    probabilities = np.array([.9, .8, .7, .6, .5, .4, .3], np.float32)
    carries = np.array([1, 1, 1, 1, 0, 0, 1], bool)
    assert threshold(probabilities, carries, 0.8) == pytest.approx(0.5)
    assert threshold(probabilities, ~carries, 0.8) == NEVER
    assert threshold(np.full(7, .5, np.float32), carries, 0.8) == NEVER        # equal ones stand or fall together


def test_calibrated_probabilities_follow_the_share_of_right_ones() -> None:
    chance = np.random.default_rng(0)
    scores = chance.normal(size=(4000, 1)).astype(np.float32)
    carries = chance.random((4000, 1)) < 1 / (1 + np.exp(-2 * scores + 1))
    found = calibrate(scores, carries).probabilities(scores)
    for low in (0.1, 0.5, 0.8):
        band = (found >= low) & (found < low + 0.1)
        assert carries[band].mean() == pytest.approx(low + 0.05, abs=0.08)


def test_a_node_is_at_least_as_likely_as_those_below_it() -> None:
    found = raised(np.array([[0.1, 0.2, 0.9]], np.float32), ("a", "b", "c"), {"b": "a", "c": "b"})
    assert found.tolist() == [[pytest.approx(0.9)] * 3]


def test_measures_and_card(model: Classifier) -> None:
    carries = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], bool)
    probabilities = np.array([[.9, .1], [.2, .8], [.1, .9], [.3, .6]], np.float32)
    found = measure(probabilities, probabilities, carries, ("甲", "乙"),
                    model.seen._replace(threshold=np.array([.5, .85], np.float32)), "one")
    assert (found["accuracy"], found["precision"], found["coverage"]) == (0.75, 1.0, 0.5)
    assert found["confused"] == [{"carries": "甲", "answered": "乙", "count": 1}]
    shown = markdown(card({"taxonomy": "mine", "kind": "one", "nodes": list(model.nodes), "told": dict(model.told)}))
    assert "模型卡：mine" in shown and "| 电池 | 8 |" in shown


def made_space() -> tuple[space.Space, list[Input]]:
    inputs = [Input(f"一种{words[at % 4]}{at}", f"{words[at % 4]}与{words[(at + 1) % 4]}", (), (symbol,))
              for words, symbol in zip(WORDS.values(), ("H01M10/05", "A61K31/00", "F16H1/00"), strict=True)
              for at in range(200)]
    return space.learn(count_all(inputs), space.targets(inputs), dimensions=8, epochs=4), inputs


def test_a_space_puts_like_records_together() -> None:
    learned, _ = made_space()
    placed = learned.place(count_all([Input("锂离子正极", ""), Input("电解液隔膜", ""), Input("齿轮轴承", "")]))
    assert placed[0] @ placed[1] > placed[0] @ placed[2]
    assert np.array_equal(learned.vectors, made_space()[0].vectors)


def test_a_model_with_a_space_and_opinions_is_kept(tmp_path: Path, settings: Settings) -> None:
    learned, inputs = made_space()
    said = opinions.said_of(inputs, catalogue.load())
    assert set(said["wipo35"]) >= {"16", "31"}
    formed = opinions.formed(learned, learned.place(count_all(inputs)), said)
    assert "wipo35" in [one.taxonomy for one in formed.opinions]
    found = tables.read(table(tmp_path), None)
    taxonomy = schemes.made_of("mine", found)
    model = train(taxonomy, schemes.examples(taxonomy, found, "table.csv"), "one", space=formed).model
    files.save(settings, model)
    counted = features.count([Input("一种齿轮", "轴承"), Input("一种药物", "片剂")])
    assert np.array_equal(files.load(settings, "mine").probabilities(counted)[0], model.probabilities(counted)[0])
    assert [model.nodes[at] for at in model.probabilities(counted)[0].argmax(axis=1)] == ["机械", "医药"]
