"""What the press would lead with, read from one sentence at a time: "harm" when somebody of a
school is said to have died, been badly hurt or gone missing; "scandal" when police, a court, an
inspector's worst word, a leak or money gone is reported of one.

Rules, not a model, like `allegation`: such news often has no angry word in it. Where a lesson, a
play, a drill or a match is spoken of, or the worst is denied, the sentence counts for nothing.
"""

from __future__ import annotations

import re

from classifiers.labels.tokens import plain
from classifiers.types import Incident

_LOOKED_AT = 20_000
_SENTENCE = re.compile(r"[.!?\n]+(?:\s|$)")
_CHILD = (
    r"pupils?|students?|child(?:ren)?|kids?|boys?|girls?|(?:my|our|her|his|their|whose) (?:son|"
    r"daughter|lad|little (?:boy|girl|one))|teenagers?|\d{1,2}[- ]year[- ]olds?|schoolboy|"
    r"schoolgirl|toddler|sixth former|year \d{1,2}s?|my (?:ds|dd|brother|sister|nephew|niece|"
    r"grandson)"
)
_STAFF = (
    r"(?:head )?teachers?|heads?|head ?master|head ?mistress|principal|deputy|staff|governors?|"
    r"caretaker|teaching assistant|ta|chair|chief executive|ceo|(?:trust|finance) (?:boss|"
    r"director|chief|manager)|bursar|business manager|business director|coach|minibus driver|"
    r"dinner lady|lunchtime supervisor"
)
_PLACE = (
    r"school|academy|primary|college|nursery|trust|classroom|playground|infants|juniors|high|"
    r"sixth form|school (?:bus|coach|trip|kitchen)|minibus|changing rooms?"
)
_SUBJECT = re.compile(rf"\b(?:{_CHILD}|{_STAFF}|{_PLACE})\b")
_YOUNG = re.compile(rf"\b(?:{_CHILD})\b")
_HARM = re.compile(
    r"\b(?:(?:was|been|is|are|were|being) (?:stabbed|shot(?! put)|knocked down|run over|"
    r"hit by a|killed|abducted|raped|sexually assaulted|left (?:unconscious|paralysed|"
    r"brain[- ]damaged)|airlifted|resuscitated)|(?:stabbed|knifed|abducted|"
    r"airlifted) (?:outside|at|in|near|on|by|to)|\d{1,2}, (?:stabbed|shot|killed|dies|dead|"
    r"missing)|(?:in|to|into) (?:hospital|intensive care|a&e)|hospitali[sz]ed|in a coma|"
    r"critical condition|life[- ]threatening|fractured skull|kicked unconscious|"
    r"knocked unconscious|beaten unconscious|broken (?:arm|wrist|leg|jaw|nose|collarbone)|"
    r"(?:has|have|had) died|dies (?:after|at|in|on)|died (?:after|in the|at school|on a|on the|"
    r"of)|dead (?:after|at|in)|found dead|death of (?:a|an|the|our|his|her)|carbon monoxide|"
    r"gas leak|overturn(?:s|ed)|collapse[sd]? (?:in|on|at|onto)|comes? down (?:in|on)|"
    r"came down on|(?:went|gone|been|is|are) missing|missing since|found (?:alone|wandering)|"
    r"wandering (?:alone )?(?:on|along|by)|left (?:alone|behind) (?:on|in|at)|"
    r"wrong (?:medication|medicine|tablets|dose)|anaphyla\w+|allergic reaction|near[- ]drown\w+|"
    r"pulled (?:unconscious|lifeless))\b"
)
_DANGER = re.compile(
    r"\b(?:(?:boy|girl|man|lad|pupil|student|intruder|somebody|someone|kid|youth|"
    r"teenager)s?(?: \w+){0,4} (?:with|has|had|carrying|holding|brandishing|waving|pulled|"
    r"brought(?: in)?|got|showing)(?: \w+){0,3} (?:knife|machete|gun|blade|axe|shank|firearm|"
    r"weapon)|(?:acid attack|bomb|shooting|stabbing|rape) threats?|(?:bomb|shooting|"
    r"acid) (?:hoax|scare)|in lockdown after)\b"
)
_SCANDAL = re.compile(
    r"\b(?:arrested|arrests|charged with|charged over|court (?:hears|heard|told)|in court|"
    r"convicted|pleads? guilty|pleaded guilty|found guilty|jailed|sentenced|on bail|in custody|"
    r"police (?:are|is|have been|were) (?:investigating|called in|questioning|looking into)|"
    r"police (?:investigation|inquiry|probe|raid\w*)|struck off|banned from (?:teaching|"
    r"the classroom)|prohibition order|fraud|embezzl\w+|bribe\w*|(?:£[\d.,]+ ?(?:k|m|million|"
    r"thousand)?|money|funds?|cash) (?:is |are |was |went |has gone |have gone )?(?:missing|"
    r"unaccounted|stolen|siphoned)|stole(?:n)? (?:£|from)|whistle ?-?blower|"
    r"(?:employment )?tribunal (?:finds|rules|hears|heard|ruled|found)|cover(?:ed)?[- ]up|"
    r"covered it up|panorama|dispatches|press (?:are|is) at the gates?|reporters? (?:are|is|"
    r"at) |special measures|pupils are not safe|not safe at|(?:school|site|building|hall|trip|"
    r"classroom) (?:is|was|are) unsafe|unsafe (?:school|site|building|hall|trip|classroom|"
    r"staff\w*)|data breach|hack(?:ed|ers?)|ransomware|emailed to (?:all|every|the whole)|"
    r"sent to (?:all|"
    r"every) (?:the )?parents?|head (?:has been |was |is )?suspended|(?:gave|given|"
    r"awarded) (?:the|a) (?:\w+ )?contract|to (?:her|his) (?:husband|wife|son|"
    r"brother)(?:'s)? (?:company|firm)?|gagging|inquest|serious case review|"
    r"health and safety executive|raac|asbestos)\b"
)
_WORST_WORD = re.compile(
    r"\b(?:ofsted|inspect\w*|rated|rating|judged|graded|grade|report|verdict)\b.*\binadequate\b|"
    r"\binadequate\b.*\b(?:ofsted|inspect\w*|rated|rating|grade|report)\b|\binadequate again\b"
)
_LET_OUT = re.compile(
    r"\bleaked?\b.{0,40}\b(?:e-?mails?|list|documents?|letters?|data|memos?|reports?|messages?|"
    r"photos?|footage|videos?|papers?|records?|files?|names|details|minutes|accounts)\b|"
    r"\b(?:e-?mails?|list|documents?|letters?|data|memos?|reports?|messages?|footage|papers?|"
    r"records?|files?|names|details|minutes|accounts)\b.{0,30}\bleaked\b"
)
_NOTHING = re.compile(
    r"\b(?:nobody (?:was )?(?:hurt|injured)|no one (?:was )?(?:hurt|injured)|no injuries|"
    r"all (?:safe|clear)|false alarm|cleared of|not true|untrue|no evidence|drills?|exercise|"
    r"awareness|training|courses?|workshop|assembly|talks?|lessons?|lectures?|visit(?:s|ed|"
    r"ing)?|charity|fundrais\w+|raised|sponsor\w*|in aid of|concert|choir|carol\w*|cards?|"
    r"rehears\w+|play(?:s|ed|ing)?|drama|mock|novel|book(?:s|ed)?|films?|movie|game|match|"
    r"goals?|penalty|revision|essay|history|histor\w+|century|exam|gcse|museum|debate|election|"
    r"policy|parasite|printer|laptop|phone|battery|volunteer\w*|work experience|career|"
    r"routine|yearly|annual|all in order|elderly|pensioner|"
    r"(?:car|van|engine|boiler|laptop|printer)(?: has| had)? died|"
    r"anniversary|memorial|in memory|years ago|in (?:1[89]\d\d|200\d|201\d)|thank\w*|proud|"
    r"brave\w*|recover\w+|back (?:home|at school)|on the mend|hedgehog|dog|cat|hamster|goose|"
    r"tree|bees?|inspector calls|goldfish|guinea pigs?|wins?|won|award\w*|celebrat\w+|"
    r"congratulations|well done|all (?:the )?(?:children|pupils)|no child|not involved|"
    r"former pupil|actor|sessions?|causes of|war|heard from|told them|open letter|leuk\w+|"
    r"cancer|illness|thoughts are with|drunk|drink driv\w+|town centre|skate park|care home|"
    r"out of special measures|taken out of|heroin|fallout|outage|national|government|minister|"
    r"lib(?:rary|erty)|council tax)\b"
)


def incident(text: str) -> Incident:
    """The gravest that any sentence tells: "harm", "scandal" or "none"."""
    found: Incident = "none"
    for sentence in _SENTENCE.split(plain(text[:_LOOKED_AT]).lower()):
        if _NOTHING.search(sentence) or not _SUBJECT.search(sentence):
            continue
        if _DANGER.search(sentence) or (_HARM.search(sentence) and _concerns(sentence)):
            return "harm"
        if any(one.search(sentence) for one in (_SCANDAL, _WORST_WORD, _LET_OUT)):
            found = "scandal"
    return found


def _concerns(sentence: str) -> bool:
    """A child, or a number of people, in a sentence of harm; a building alone is not hurt."""
    return bool(_YOUNG.search(sentence))
