"""Baselines: what simple, usual ways of finding bring over the same documents and cases, measured alike."""

from evals.baselines.answering import baseline_answers, baseline_judgements, side_by_side

__all__ = ["baseline_answers", "baseline_judgements", "side_by_side"]
