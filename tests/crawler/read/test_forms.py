"""Every form of announcement gives its commitments, and slogans, results and procedure give none."""

import pytest

from bench.forms import Form, forms, measure, told


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.name)
def test_most_commitments_of_every_form_are_found(form: Form) -> None:
    """Each text alone: at least two thirds of its commitments, and hardly a word more."""
    hits, false, missed = told(form)
    assert len(hits) >= 2 * len(missed)
    assert len(false) <= 1


def test_all_forms_together() -> None:
    """The whole set: what is found is right, and little is missed."""
    figures = measure()
    assert figures["f1"] >= 0.97
    assert figures["precision"] >= 0.97


def test_rarer_forms_together() -> None:
    """Speeches, bulletins, last year's figures between this year's tasks: little is missed, less is false."""
    figures = measure()
    assert figures["more_f1"] >= 0.95
    assert figures["more_precision"] >= 0.97
