"""Which steps of a policy are noted on the legal path alone, where the law is judged."""

NOTED_AS = {"petition": "petition", "eviction": "execution"}
"""The act of the legal path by which a step of this meaning is noted."""
