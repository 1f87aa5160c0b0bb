"""One story over sixty articles: claims linked across documents, measured against gold.

``gold`` loads the set, or any other of the same making; ``figures`` says which of its figures may be compared, and with
what verdict; ``scores`` measures what a linker made of the story; ``baselines`` are what needs no linker.

    python -m benchmarks.storyline.baselines
"""
