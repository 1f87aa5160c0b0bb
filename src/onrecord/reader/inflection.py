"""The forms of English verbs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files


def inflected(base: str, forms: Sequence[str] = ()) -> set[str]:
    """The forms of a regular verb: deny, denies, denied, denying; and the irregular ones given."""
    found, stems = {base, *forms}, {base}
    if re.search(r"[^aeiou]y\Z", base):
        found |= {base[:-1] + "ies", base[:-1] + "ied"}
    else:
        found.add(base + ("es" if re.search(r"(?:s|x|z|ch|sh)\Z", base) else "s"))
    if re.search(r"[^aeiou][aeiou][bdfgklmnprtz]\Z", base):
        stems.add(base + base[-1])  # admitted; the other spelling of `covered` does no harm
    if re.search(r"[aeiou]c\Z", base):
        stems = {base + "k"}  # panicked
    for stem in stems:
        if stem.endswith("e"):
            silent = not re.search(r"[eoy]e\Z", stem)  # naming, but agreeing
            found |= {stem + "d", (stem[:-1] if silent else stem) + "ing"}
        else:
            found |= {stem + "ed", stem + "ing"}
    return found | {form.replace("iz", "is") for form in found if re.search(r"iz(?:e|es|ed|ing)\Z", form)}


@cache
def irregular_verbs() -> dict[str, tuple[str, ...]]:
    """Base form of each verb of ``verbs.tsv`` to its irregular forms."""
    text = files("onrecord.reader").joinpath("verbs.tsv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            base, past, participle, present = line.split("\t")
            cells = (cell for cell in (past, participle, present) if cell != "-")
            found[base] = tuple(form for cell in cells for form in cell.split("|"))
    return found
