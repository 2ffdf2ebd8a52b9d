"""What a check says in words: why a result may be theirs, what the policy says, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from config.selfcheck import Look
from monitor.selfcheck.asking import State
from monitor.selfcheck.clues import Clue
from monitor.selfcheck.findings import Kind
from monitor.selfcheck.judging import Group

GROUPS: Mapping[Group, tuple[str, str]] = {
    "you": ("About you", "Something beside the name points to you."),
    "perhaps": ("Perhaps you", "The name fits; nothing decides it. You will know."),
    "else": ("Probably somebody else", "Namesakes: another place, another work, another age."),
}
FOR: Mapping[Clue, str] = {
    "town": "your town is named",
    "school": "your school is named",
    "subject": "your subject is named",
    "role": "your role is named",
    "own_word": "it names a place or club that you gave",
    "schooling": "it is about school",
}
AGAINST: Mapping[Clue, str] = {
    "other_work": "another calling is named",
    "child": "it seems to be about a pupil",
    "gone": "it is of long ago, or about somebody who has died",
    "sport": "it is about a player",
    "other_place": "another place is named",
    "other_school": "another school is named",
    "list": "it is a list of everybody of the name",
    "street": "the words seem to be a street or a thing",
}
LOOKS: Mapping[Look, str] = {
    "web": "web page", "news": "news", "images": "picture", "forums": "forum",
}  # fmt: skip
STATES: Mapping[State, str] = {
    "waiting": "waiting", "asking": "asking", "done": "answered", "partly": "answered in part",
    "failed": "did not answer", "used up": "not asked: used up for today",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a kind of finding means, by which clause, and what to do, the first thing first."""

    title: str
    clauses: tuple[str, ...]
    meaning: str
    do: tuple[str, ...]


DO_NOT_ANSWER = (
    "Do not answer it, and ask friends not to, even in your support (policy 6.8, 9.3). It feeds "
    "the post and can be used against you."
)
SAVE = "Save the page with its date and time first (policy 9.4): print it, or take a picture of it."
ADVICE: Mapping[Kind, Advice] = {
    "negative": Advice(
        title="Reads as negative",
        clauses=("6.15", "6.8", "9.3"),
        meaning="Somebody who does not know you could think worse of you. That says nothing of "
        "whether it is true. The policy asks you to look for such content, and not to answer it.",
        do=(
            DO_NOT_ANSWER,
            SAVE,
            "If it bullies or threatens you, tell your headteacher or line manager: you are "
            "entitled to support (9.3). Whoever posted it can be asked to take it down (9.6).",
            "If it breaks the rules of the platform, report it there; if it is on a site, write to "
            "whoever runs it. A review or an opinion that is unkind is mostly lawful.",
            "If you wrote it yourself, take it down, or let your own circle alone see it (6.7).",
        ),
    ),
    "personal_data": Advice(
        title="Your private details",
        clauses=("6.5", "6.19"),
        meaning="An address, a private number or mail, or a date of birth stands there. Pupils and "
        "parents should reach you by the school's ways alone.",
        do=(
            "Ask whoever runs the site to take it out: by data protection law you may (UK GDPR, "
            "article 17). People-search sites and registers have a form for it.",
            "Ask the search engine to stop listing the page for your name: see below.",
            "Ask to be left out of the open electoral register; a company's or charity's register "
            "can show an address for service instead of your home.",
        ),
    ),
    "pupil": Advice(
        title="A pupil could be recognised",
        clauses=("6.10",),
        meaning="Staff must not post what could identify a pupil, a class or the school. A first "
        "name with a class, or a photograph, can be enough.",
        do=(
            "Take the post or the picture down, also where it was shared on.",
            "Tell your headteacher that it was there: they decide whether the family is told.",
        ),
    ),
    "views": Advice(
        title="A view of your own, not marked as one",
        clauses=("6.9",),
        meaning="Personal views are to be marked as your own and not the Partnership's.",
        do=(
            "Write it into your profile: “Views are my own.”",
            "Ask yourself whether it should stand beside your place of work at all.",
        ),
    ),
    "old": Advice(
        title="Old, and still public",
        clauses=("6.15",),
        meaning="An account or a page of years ago that a pupil or a parent can still find.",
        do=(
            "Sign in once more and delete the account, not only its posts; or make it private.",
            "If you cannot sign in, ask the site to delete it: give the address and your old mail.",
        ),
    ),
}
CHECK_LIST: tuple[tuple[str, str], ...] = (
    ("6.4", "I use no social media before pupils, and my phone as the Trust's rules allow."),
    ("6.5", "No pupil and no parent is among my friends, followers or contacts; attempts to "
            "befriend me I report to the headteacher (6.6)."),
    ("6.7", "Nothing I have posted would harm pupils, colleagues, the school or the Trust."),
    ("6.8", "I do not comment on negative posts about the school, not even to defend it."),
    ("6.9", "My profiles say that views are my own."),
    ("6.10", "No picture or word of mine could identify a pupil, a class or the school."),
    ("6.11", "Accounts I made for the school have IT as a full administrator."),
    ("6.12", "I post under my own name, never under another to get round the policy."),
    ("6.18", "I lock my screen whenever I leave it."),
    ("6.19", "School mail is for school, private mail for private."),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where a platform lets one choose who sees what; opened by the person themselves."""

    name: str
    where: str
    url: str


PRIVACY: tuple[Setting, ...] = (
    Setting(name="Facebook", where="Settings, Privacy check-up; then Limit past posts; look at "
            "your profile with View as.", url="https://www.facebook.com/privacy/checkup"),
    Setting(name="Instagram", where="Settings, Account privacy: private; Tags: approve by hand.",
            url="https://www.instagram.com/accounts/privacy_and_security/"),
    Setting(name="X", where="Settings, Privacy and safety: protect your posts; untag yourself from "
            "photos.", url="https://x.com/settings/audience_and_tagging"),
    Setting(name="TikTok", where="Settings, Privacy: private account; nobody may stitch or find "
            "you by your number.", url="https://www.tiktok.com/setting"),
    Setting(name="Snapchat", where="Settings, Privacy controls: contact me, my location.",
            url="https://accounts.snapchat.com/"),
    Setting(name="LinkedIn", where="Settings, Visibility: public profile, connections, mail "
            "address.", url="https://www.linkedin.com/mypreferences/d/categories/profile-visibility"),
    Setting(name="YouTube", where="Studio, Content: set old videos to private; hide your "
            "subscriptions.", url="https://studio.youtube.com/"),
    Setting(name="Reddit", where="Settings, Profile: hide your activity from search.",
            url="https://www.reddit.com/settings/privacy"),
    Setting(name="Strava and other sport", where="Settings, Privacy controls: hide the start and "
            "end of your runs, which show where you live.", url="https://www.strava.com/settings/privacy"),
)  # fmt: skip
PROFILES: Mapping[str, str] = {
    "Facebook": "https://www.facebook.com/",
    "Instagram": "https://www.instagram.com/",
    "X": "https://x.com/",
    "TikTok": "https://www.tiktok.com/@",
    "Snapchat": "https://www.snapchat.com/add/",
    "LinkedIn": "https://www.linkedin.com/in/",
    "YouTube": "https://www.youtube.com/@",
    "Reddit": "https://www.reddit.com/user/",
    "Threads": "https://www.threads.net/@",
    "Bluesky": "https://bsky.app/profile/",
}
"""Where an account of a name would stand, with the name behind it."""
DELISTING: tuple[Setting, ...] = (
    Setting(name="Google", where="“Results about you” finds and removes pages with your address or "
            "number; the form on data protection grounds is for others.",
            url="https://myactivity.google.com/results-about-you"),
    Setting(name="Bing", where="Request to block results about you.",
            url="https://www.bing.com/webmaster/tools/eu-privacy-request"),
    Setting(name="The Information Commissioner", where="Where a site or an engine refuses, or has "
            "not answered within a month.", url="https://ico.org.uk/make-a-complaint/"),
)  # fmt: skip
TELL = (
    "Your headteacher or line manager: they support you (9.3), and decide what the school does.",
    "Your union: it advises you and can go with you.",
    "If somebody threatens you: the police, 101; in danger 999.",
)


def profiles(handles: Iterable[str]) -> list[tuple[str, str, str]]:
    """Account, platform and address of each place where one's own profile would be; they are
    opened by the person and by nobody else. An account is letters, numbers and . _ - alone."""
    accounts = (handle.removeprefix("@") for handle in handles)
    return [(one, name, f"{place}{one}") for one in accounts for name, place in PROFILES.items()]


def why(because: tuple[Clue, ...], against: tuple[Clue, ...]) -> str:
    """In a sentence why it may be the person, and what speaks against it."""
    said = ", ".join(FOR[clue] for clue in because) or "the name alone"
    other = ", ".join(AGAINST[clue] for clue in against if clue in AGAINST)
    return f"{said[:1].upper()}{said[1:]}{f'; but {other}' if other else ''}."
