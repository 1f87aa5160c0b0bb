"""Measuring: quality against gold, speed and memory as ratios, floors under all of them."""
