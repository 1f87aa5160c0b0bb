"""Measuring: quality against gold, speed and memory as ratios, floors under all of them."""

from __future__ import annotations

from collections.abc import Callable


def print_figures(measure: Callable[[], dict[str, float]]) -> None:
    """Prints what one part measures, or, in one line, which labelled data is missing for it; then exits."""
    try:
        figures = measure()
    except FileNotFoundError as error:
        raise SystemExit(str(error)) from None
    for name, figure in figures.items():
        print(f"{name:48} {figure:.4f}" if figure < 100 else f"{name:48} {figure:.0f}")
