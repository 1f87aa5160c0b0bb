"""The networks: one reads attributions, by tags and by a head for whole ones; the other reads names and grammar.

Shapes: B windows of T word pieces; N anchors (cues), each in one window; D = 384.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from onrecord.reader.decoding import ENTITY_TAGS, PENN_TAGS, POTENTIALS, RELATIONS, TAGS
from onrecord.reader.tokens import FEATURES

BUCKETS = 33
PAIR_WIDTH = 128
ARC_WIDTH, RELATION_WIDTH = 192, 96
GRAMMAR_LAYERS = 4
"""Layers of the public encoder that names and grammar are read with: what reading may cost, and no more."""


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """Sizes of the public MiniLM-L6 encoder."""

    vocabulary: int = 30522
    positions: int = 512
    width: int = 384
    inner: int = 1536
    heads: int = 12
    layers: int = 6


class EncoderLayer(nn.Module):
    """One transformer layer with normalisation after each residual, as in BERT (Devlin et al. 2019)."""

    def __init__(self, shape: EncoderShape, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = shape.heads, dropout
        self.attend = nn.Linear(shape.width, 3 * shape.width)
        self.merge = nn.Linear(shape.width, shape.width)
        self.merge_norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.widen = nn.Linear(shape.width, shape.inner)
        self.narrow = nn.Linear(shape.inner, shape.width)
        self.narrow_norm = nn.LayerNorm(shape.width, eps=1e-12)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """``hidden`` (B, T, D) and additive attention ``bias`` (B, 1, 1, T) to (B, T, D)."""
        batch, length, width = hidden.shape
        packed = self.attend(hidden).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = packed.permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        mixed = self.merge(mixed.transpose(1, 2).reshape(batch, length, width))
        hidden = self.merge_norm(hidden + functional.dropout(mixed, self.dropout, self.training))
        inner = self.narrow(functional.gelu(self.widen(hidden)))
        return self.narrow_norm(hidden + functional.dropout(inner, self.dropout, self.training))


class Encoder(nn.Module):
    """Word pieces with layout features to hidden states."""

    def __init__(self, shape: EncoderShape | None = None, dropout: float = 0.1) -> None:
        super().__init__()
        shape = shape or EncoderShape()
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.features = nn.Embedding(FEATURES, shape.width)
        nn.init.zeros_(self.features.weight)  # start as the pretrained encoder, exactly
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(EncoderLayer(shape, dropout) for _ in range(shape.layers))

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        """``ids``, ``features`` and ``mask`` (B, T) to hidden states (B, T, D)."""
        positions = torch.arange(ids.shape[1], device=ids.device)
        hidden = self.words(ids) + self.positions(positions)[None] + self.features(features)
        hidden = self.dropout(self.norm(hidden))
        bias = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -10000.0
        for layer in self.layers:
            hidden = layer(hidden, bias)
        return hidden

    def load_pretrained(self, path: Path) -> None:
        """Takes over the weights of a BERT-shaped ``model.safetensors``."""
        from safetensors.torch import load_file

        source = load_file(path)
        own: dict[str, Tensor] = {
            "words.weight": source["embeddings.word_embeddings.weight"],
            # BERT adds the embedding of segment 0 everywhere; it moves into the positions.
            "positions.weight": source["embeddings.position_embeddings.weight"]
            + source["embeddings.token_type_embeddings.weight"][0],
            "norm.weight": source["embeddings.LayerNorm.weight"],
            "norm.bias": source["embeddings.LayerNorm.bias"],
        }
        for n in range(len(self.layers)):
            theirs, ours = f"encoder.layer.{n}", f"layers.{n}"
            for kind in ("weight", "bias"):
                parts = [source[f"{theirs}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
                own[f"{ours}.attend.{kind}"] = torch.cat(parts)
                own[f"{ours}.merge.{kind}"] = source[f"{theirs}.attention.output.dense.{kind}"]
                own[f"{ours}.merge_norm.{kind}"] = source[f"{theirs}.attention.output.LayerNorm.{kind}"]
                own[f"{ours}.widen.{kind}"] = source[f"{theirs}.intermediate.dense.{kind}"]
                own[f"{ours}.narrow.{kind}"] = source[f"{theirs}.output.dense.{kind}"]
                own[f"{ours}.narrow_norm.{kind}"] = source[f"{theirs}.output.LayerNorm.{kind}"]
        missing, unexpected = self.load_state_dict(own, strict=False)
        if unexpected or missing != ["features.weight"]:
            raise ValueError(f"{path}: not the encoder this network starts from: {missing}, {unexpected}")


class Tagger(nn.Module):
    """The encoder of attributions, and the scores read off its states."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder(dropout=dropout)
        self.tags = nn.Linear(EncoderShape().width, len(TAGS))
        # A second task in training, which teaches the encoder what names are; the reader takes names from the grammar.
        self.entities = nn.Linear(EncoderShape().width, len(ENTITY_TAGS))

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """``ids``, ``features`` and ``mask`` (B, T) to hidden states (B, T, D) and tag scores (B, T, tags)."""
        hidden = self.encoder(ids, features, mask)
        return hidden, self.tags(hidden)


class Grammar(nn.Module):
    """Names and grammar: the lower layers of the same public encoder, trained apart, with scores of their own.

    The grammar is a graph over pieces, scored as in Dozat & Manning (2017): the first piece of a word is governed by
    the first piece of its head, a root by itself, and every further piece by the first of its word.
    """

    def __init__(self, dropout: float = 0.15) -> None:
        super().__init__()
        shape = EncoderShape(layers=GRAMMAR_LAYERS)
        self.encoder = Encoder(shape, 0.1)
        self.dropout = nn.Dropout(dropout)
        self.entities = nn.Linear(shape.width, len(ENTITY_TAGS))
        self.words = nn.Linear(shape.width, len(PENN_TAGS))
        self.dependent = nn.Linear(shape.width, ARC_WIDTH + RELATION_WIDTH)
        self.governor = nn.Linear(shape.width, ARC_WIDTH + RELATION_WIDTH)
        self.arc = nn.Linear(ARC_WIDTH, ARC_WIDTH, bias=False)
        self.arc_governor = nn.Linear(ARC_WIDTH, 1)
        self.distance = nn.Embedding(BUCKETS, 1)
        nn.init.zeros_(self.distance.weight)
        self.relation = nn.Linear(3 * RELATION_WIDTH, RELATION_WIDTH)
        self.relations = nn.Linear(RELATION_WIDTH, len(RELATIONS))

    def states(self, ids: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        """``ids``, ``features`` and ``mask`` (B, T) to states (B, T, D)."""
        states: Tensor = self.dropout(self.encoder(ids, features, mask))
        return states

    def arcs(self, states: Tensor, sentences: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of every piece as the head of every piece of its sentence, and what relations are scored from.

        Args:
            states: shape (B, T, D).
            sentences: number of the sentence that each piece stands in, shape (B, T).

        Returns:
            Shape (B, T, T), dependents in rows; then dependents and governors (B, T, ``RELATION_WIDTH``).
        """
        dependent, governor = functional.gelu(self.dependent(states)), functional.gelu(self.governor(states))
        arc_dependent, relation_dependent = dependent.split([ARC_WIDTH, RELATION_WIDTH], -1)
        arc_governor, relation_governor = governor.split([ARC_WIDTH, RELATION_WIDTH], -1)
        positions = torch.arange(states.shape[1], device=states.device)
        scores = self.arc(arc_dependent) @ arc_governor.transpose(1, 2)
        scores = scores + self.arc_governor(arc_governor).transpose(1, 2)
        scores = scores + self.distances(positions)
        apart = sentences[:, :, None] != sentences[:, None, :]
        return scores - apart.to(scores.dtype) * 1e4, relation_dependent, relation_governor

    def distances(self, positions: Tensor) -> Tensor:
        """What the distance between two pieces adds to their score, shape (T, T): looked up, for each distance once."""
        length = positions.shape[0]
        here = torch.zeros_like(positions[:1])
        every = torch.arange(1 - length, length, device=positions.device)
        added = self.distance(distance_buckets(every, here, here)[0]).squeeze(-1)
        return added[positions[None] - positions[:, None] + length - 1]

    def relate(self, dependent: Tensor, governor: Tensor, heads: Tensor) -> Tensor:
        """Scores of the relation of every piece to its head; ``heads`` (B, T) to (B, T, relations)."""
        chosen = torch.gather(governor, 1, heads[..., None].expand(-1, -1, governor.shape[-1]))
        pairs = torch.cat([dependent, chosen, dependent * chosen], -1)
        scores: Tensor = self.relations(self.dropout(functional.gelu(self.relation(pairs))))
        return scores

    def forward(
        self, ids: Tensor, features: Tensor, mask: Tensor, sentences: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Entity scores and word tag scores (B, T, labels), arc scores (B, T, T), relations to the best heads."""
        states = self.states(ids, features, mask)
        arcs, dependent, governor = self.arcs(states, sentences)
        return self.entities(states), self.words(states), arcs, self.relate(dependent, governor, arcs.argmax(-1))


def distance_buckets(tokens: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """Signed logarithmic buckets of the distance between tokens and anchors, 0 inside the anchor.

    Args:
        tokens: positions, shape (T,).
        first: first position of each anchor, shape (N,).
        last: last position of each anchor, shape (N,).

    Returns:
        Shape (N, T), ``0 <= bucket < BUCKETS``.
    """
    before = (first[:, None] - tokens[None]).clamp(min=0)
    after = (tokens[None] - last[:, None]).clamp(min=0)
    half = (BUCKETS - 1) // 2

    def scale(distance: Tensor) -> Tensor:
        # One bucket each for 1 to 4, then three to every doubling.
        coarse = 4.0 + 3.0 * torch.log2(distance.clamp(min=4).float() / 4.0)
        return torch.where(distance <= 4, distance.float(), coarse).clamp(max=half).long()

    return torch.where(before > 0, scale(before), torch.where(after > 0, half + scale(after), torch.zeros_like(before)))


def convolve(rows: Tensor, convolution: nn.Conv1d) -> Tensor:
    """A convolution of width 3 over the tokens as one matrix product, which exports to a product that int8 speeds up.

    ``rows`` (N, T, C) to (N, T, C).
    """
    (step,) = convolution.dilation
    padded = functional.pad(rows, (0, 0, step, step))
    length = rows.shape[1]
    beside = torch.cat([padded[:, :length], rows, padded[:, 2 * step : 2 * step + length]], -1)
    return functional.linear(beside, convolution.weight.permute(0, 2, 1).flatten(1), convolution.bias)


class PairHead(nn.Module):
    """For one anchor, how strongly each token belongs to, opens or closes its source and its content.

    A biaffine score (Dozat & Manning 2017) made deeper: the mixed pair features pass three dilated convolutions over
    the tokens, so that a boundary is decided with its surroundings in view.
    """

    def __init__(self, width: int = 384, pair: int = PAIR_WIDTH, dropout: float = 0.1) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.token = nn.Linear(width, 2 * pair)
        self.anchor = nn.Linear(2 * width, 2 * pair)
        self.distance = nn.Embedding(BUCKETS, pair)
        self.norm = nn.LayerNorm(pair)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(pair, pair, 3, padding=dilation, dilation=dilation) for dilation in (1, 2, 4)
        )
        self.out = nn.Linear(pair, len(POTENTIALS))
        nn.init.normal_(self.distance.weight, std=0.1)
        with torch.no_grad():
            self.out.bias.copy_(torch.tensor([-1.0, -2.0, 0.0, -0.5, -2.0, 0.0]))

    def forward(self, hidden: Tensor, window: Tensor, first: Tensor, last: Tensor) -> Tensor:
        """Scores every token for every anchor.

        Args:
            hidden: shape (B, T, D).
            window: which window each anchor stands in, shape (N,).
            first: first token of each anchor, shape (N,).
            last: last token of each anchor, shape (N,).

        Returns:
            Shape (N, T, 6), in the order of ``POTENTIALS``.
        """
        hidden = self.dropout(hidden)
        token_sum, token_product = self.token(hidden).chunk(2, -1)
        ends = torch.cat([hidden[window, first], hidden[window, last]], -1)
        anchor_sum, anchor_product = self.anchor(ends).chunk(2, -1)
        positions = torch.arange(hidden.shape[1], device=hidden.device)
        pairs = (
            token_sum[window]
            + anchor_sum[:, None]
            + token_product[window] * anchor_product[:, None]
            + self.distance(distance_buckets(positions, first, last))
        )
        pairs = functional.gelu(self.norm(pairs))
        for convolution in self.convolutions:
            pairs = pairs + self.dropout(functional.gelu(convolve(pairs, convolution)))
        potentials: Tensor = self.out(pairs)
        return potentials


class Network(nn.Module):
    """What reads attributions: the tagger, and the head for whole ones."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.tagger = Tagger(dropout)
        self.pairs = PairHead(dropout=dropout)


def path_matrices(potentials: Tensor, allowed: Tensor) -> Tensor:
    """Log potentials of every step of the chain over the states outside, source, content.

    Args:
        potentials: shape (N, T, 6).
        allowed: tokens that may be source or content, shape (N, T).

    Returns:
        Shape (N, T, 3, 3): step t scores the move from the state of token t-1 to the state of token t, with the
        emission of token t. The first step comes from outside.
    """
    blocked = (~allowed).to(potentials.dtype) * -1e4
    inside = torch.stack([torch.zeros_like(blocked), potentials[..., 0] + blocked, potentials[..., 3] + blocked], -1)
    zero = torch.zeros_like(blocked)
    opening = torch.stack([zero, potentials[..., 1], potentials[..., 4]], -1)
    closing = torch.stack([zero, potentials[..., 2], potentials[..., 5]], -1)
    closing = functional.pad(closing, (0, 0, 1, 0))[:, :-1]  # the state that is left closes at the token before
    change = 1.0 - torch.eye(3, dtype=potentials.dtype, device=potentials.device)
    return inside[..., None, :] + change * (opening[..., None, :] + closing[..., :, None])


def path_log_likelihood(potentials: Tensor, allowed: Tensor, states: Tensor) -> Tensor:
    """Log probability of whole attributions under the chain, normalised by a tree of log-sum-exp products.

    Args:
        potentials: shape (N, T, 6).
        allowed: shape (N, T).
        states: gold state of every token, 0 outside, 1 source, 2 content; shape (N, T).

    Returns:
        Shape (N,).
    """
    steps = path_matrices(potentials, allowed)
    count, length = states.shape
    before = functional.pad(states, (1, 0))[:, :-1]
    rows = torch.arange(count, device=states.device)[:, None]
    columns = torch.arange(length, device=states.device)[None]
    gold = steps[rows, columns, before, states].sum(1)
    while steps.shape[1] > 1:
        if steps.shape[1] % 2:
            identity = torch.full((3, 3), -1e4, dtype=steps.dtype, device=steps.device).fill_diagonal_(0.0)
            steps = torch.cat([steps, identity.expand(count, 1, 3, 3)], 1)
        steps = torch.logsumexp(steps[:, 0::2, :, :, None] + steps[:, 1::2, None, :, :], 3)
    return gold - torch.logsumexp(steps[:, 0, 0], -1)
