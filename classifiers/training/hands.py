"""Who wrote which file of examples: figures and thresholds come from hands left out, because a
person's posts are more like each other than like a stranger's."""

from __future__ import annotations

FOLDS = 4
_HANDS = (
    # the first functional and mixed examples, and what most people say
    "bullying_more harmless_questions harmless_scary hate_functional longer_posts reputation_more "
    "self_harm_more sexual_more threat_more wide_mix wide_mix_two wide_mix_three wide_mix_four "
    "wide_mix_five",
    # pupils and parents, long and middling posts
    "bullying_teens hate reputation_parents self_harm sexual threat mixed plain_words many_voices "
    "middling_posts teens_short long_harmful long_harmless long_harmful_more long_harmless_more",
    # wide posts of each label; dry, polite and quiet ones
    "bullying_wide harmless_local reputation_wide self_harm_wide sexual_threat_wide bullying_sly "
    "dry_longer dry_more dry_voices fights_and_weapons hate_polite long_voices pictures_and_care "
    "quiet_worry threat_voices in_passing everyday_talk",
)  # fmt: skip
"""The last fold is everybody else."""
_FOLD = {topic: fold for fold, topics in enumerate(_HANDS) for topic in topics.split()}


def fold_of(topic: str) -> int:
    """The fold of a file of examples."""
    return _FOLD.get(topic, FOLDS - 1)
