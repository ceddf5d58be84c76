"""What trains, tries and blames today's understanding of questions: it goes with that understanding.

The reader of questions, changes, choice of sentences, ranking and judgement are trained here; the
issue on answering replaces what they feed, and this folder with it. `evals.train` needs only `LEARNERS` of it.
"""
