"""Questions of which the sample's papers say nothing, though they share words with it: the judgement refuses them."""

from __future__ import annotations

from evals.cases import Case

JUDGED = [
    Case.model_validate(
        {"id": f"judged-{place}", "type": "unanswerable", "question": question, "expect": {"behavior": "abstain"}}
    )
    for place, question in enumerate(
        (
            "Gibt es ein Konzept gegen Böllerei und Feuerwerk an Silvester?",
            "Wer repariert die Straßenlaternen?",
            "Wie beantragt man ein Führungszeugnis?",
            "Wer bezahlt die Kirchenglocken?",
            "Wer organisiert den Weihnachtsmarkt?",
            "Wie wird der Winterdienst auf den Kreisstraßen organisiert?",
        )
    )
]
