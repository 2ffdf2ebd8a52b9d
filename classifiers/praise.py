"""Whether a harmless post praises a school: plain words of thanks or pride, and none that spoil it.

It proposes what a headteacher may like to pass on and decides nothing, so it would rather miss
praise than show a sneer: one doubtful word and it says no.
"""

from __future__ import annotations

import re

FEWEST_WORDS = 5
_STRONG = re.compile(
    r"\b(?:thank(?:s| you)(?: so much| very much)?(?! (?:for nothing|god|goodness|heavens?))"
    r"|well done|congratulations|congrats|(?:so|very|really|incredibly|immensely|super|dead) proud"
    r"|proud (?:of|to)|hats off|big shout ?-?out|shout ?-?out to|can(?:no|')?t praise|cannot praise"
    r"|credit to (?:the|your|our)|couldn'?t be happier|(?:so|very|really|extremely) grateful"
    r"|highly recommend|went above and beyond|above and beyond|kudos)\b",
    re.IGNORECASE,
)
_WARM = re.compile(
    r"\b(?:brilliant|fantastic|amazing|wonderful|excellent|outstanding|superb|lovely|fab"
    r"|incredible|inspiring|impressed|delighted|thrilled|polite|kind|caring|supportive|talented"
    r"|thoroughly enjoyed|a credit|best school|great school|great job|loved|smashing"
    r"|heartwarming)\b",
    re.IGNORECASE,
)
_SPOILED = re.compile(
    r"\b(?:not|no|never|nothing|n'?t|isn'?t|wasn'?t|don'?t|didn'?t|can'?t|won'?t|aren'?t|hardly|but"
    r"|however|shame|disgrac\w+|complain\w*|worst|awful|terrible|appalling|useless|shambles|joke"
    r"|ignored?|failed|failing|bull(?:y|ied|ying)|angry|furious|disappoint\w+|unfortunately|yet"
    r"|again|supposed|apparently|yeah right|sarcas\w+|allegedly|death|died|rip|funeral|sorry"
    r"|suicid\w*|self.?harm\w*|seizure|depress\w*|stab\w*|bomb|lowest|fails?|used to|dead"
    r"|missing|lost|police|arrest\w*|fight|knife|stop|another|vacanc\w+|hiring|apply|tickets?"
    r"|sponsor\w*|for sale|selling|asap|payments?|balance|invoices?)\b"
    r"|n't\b|\?|🙄|😒|😡|🤡|🖕|/s\b|[\"“”]",
    re.IGNORECASE,
)


def is_praise(text: str) -> bool:
    """True for a post that thanks or praises in so many words. Hand in harmless ones only."""
    plain = text.replace("’", "'")
    if len(plain.split()) < FEWEST_WORDS or _SPOILED.search(plain):
        return False
    warm = {found.lower() for found in _WARM.findall(plain)}
    return bool(_STRONG.search(plain)) or len(warm) > 1
