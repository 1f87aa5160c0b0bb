"""Large ledgers for benchmarks: any number of new readings, made from real ones, and questions to ask of them.

::

    press = Press(load_templates(), seed=0)
    for reading in press.readings(500_000): ...

    survey = take_survey(press.readings(2_000))
    for kind, question in questions(0, 1_000, survey): ...

The templates are the example reports with real countries in place of the invented ones, each read by the shipped
model; so all structure (what is cited, nested, counted, done, resolved) is the reader's own. A new reading has other
words of as many code points in place of theirs, so that every span stays valid, and values, days and ids move along.
The texts are invented nonsense in the shape of English. Reading number n depends on the templates, the seed and n
alone: several processes can each make a range of their own.
"""

from benchmarks.generated.press import Press
from benchmarks.generated.questions import Survey, questions, take_survey
from benchmarks.generated.templates import load_templates

__all__ = ["Press", "Survey", "load_templates", "questions", "take_survey"]
