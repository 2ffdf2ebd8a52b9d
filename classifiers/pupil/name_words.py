"""Small word lists of the names, lower case: what no name is, though a list may hold it."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words(
    "van von der den de la le di da dos du ap ab al el ul ur bin binti bint ibn ní ni nic ó o mac "
    "uí st"
)
NOT_SURNAME = _words(
    "and or in is was has had the a to at from of for with who on by are were will can did does "
    "said got won year yr yrs class form school academy primary high road street house team mum "
    "mums dad dads sister brother mother father nan family parents monday tuesday wednesday "
    "thursday friday saturday sunday january february march april june july august september "
    "october november december christmas easter x xx xxx xo i im ive ill he she they we you it so "
    "but as if off up out down day cup award prize fc xd lol omg u ur r pls plz btw tbh ngl idk "
    "ks mr mrs miss ms dr sir head primary junior infant college sixth nursery whos thats wont "
    "i'm i'll i've it's he's she's that's who's won't don't can't "
    "cant dont didnt doesnt isnt wasnt hasnt keeps always never ily ilysm tysm tho cos coz cuz "
    "bc rn asf "
    "wtf smh fr lool looool bruh bro wiv wid wi dat dis dem n luv luvs bby hun bestie hbd idc "
    "tmrw tmr "
    "2nite ffs wkd deffo defo soz ty thx thnx pov hw ima imma gonna wanna aint ain't omfg wth ik "
    "irl"
)
NOT_FIRST = _words(
    "an so my the in is it no me he she they we can may will said t a i de al el la le ya man love "
    "baby china india israel london england wales france paris christian muslim english king queen "
    "prince lord ever every never even given job page link math meta mr mrs miss sir dr st year "
    "january february march june july october november december monday tuesday wednesday thursday "
    "friday saturday sunday head early chelsea easter school primary mum dad nan summer "
    "winter autumn spring maple omg lol lmao omfg pov ily ngl tbh fr bro bruh hbd caption young "
    "junior "
    "little reception madame senor signor coach chef judge nana nan nanna granny grandad oak ash "
    "beech "
    "birch elm fir lil lá faith angel scout bay charity kenya ukraine tudor eleven north "
    "south east west victorian roman viking saxon egyptian greek santa gold sen send eng "
    "teddie ex thursdays marvellous justice liberty"
)
VERBS = _words("done dear hi hello thanks thank proud star love and said meet saw that this with")
WORD_SURNAMES = _words("tan lam fan pang ling gill ng ho hui sung bains mann sharp frost")
"""Surnames of few letters that are English words and stand in no list."""
SYLLABLES = _words(
    "cheuk chi ching chun fung hao hei hin hiu ho hoi hong hui jia jun ka kai kei ki kin king kit "
    "lai lam ling lok long mei ming mui nga pak pui shing shun siu suet sum sze ting tin tsun tsz "
    "tung wai wan wei wing xiao xin xuan yan yat yee yi yin ying yiu yu yue yuen yuk yung zhi"
)
"""Two of them make a Chinese given name written in two words ("Tsz Yan")."""
CALENDAR = _words(
    "summer autumn april june may august paris chelsea will faith angel scout charity kenya "
    "justice liberty"
)
"""Of these, the ones that are given names before a surname."""


def _short_forms(table: str) -> dict[str, frozenset[str]]:
    lines = (line.split() for line in table.strip().splitlines())
    return {short: frozenset(names) for short, *names in lines}


SHORT_FORMS = _short_forms("""
abby abigail
alfie alfred
becca rebecca
becky rebecca
bella isabella annabella arabella
beth elizabeth bethany
betsy elizabeth
bill william
billy william
bob robert
bobby robert
charlie charlotte
dick richard
dot dorothy
drew andrew
ed edward edwin edmund
effie euphemia
ellie eleanor elizabeth
fran frances francesca
gus angus augustus
hal henry harold
harry henry harold
hattie harriet
jack john
jake jacob
jim james
jimmy james
kit christopher
lexi alexandra alexa
libby elizabeth
lily elizabeth
livvy olivia
liz elizabeth
lizzie elizabeth
lottie charlotte
maisie margaret
meg margaret
mick michael
mike michael
millie amelia camilla emilia
mo mohammed muhammad mohamed mohammad
molly mary
nat nathan nathaniel natalie natasha
ned edward edmund
nell eleanor ellen helen
nellie eleanor ellen helen
ollie oliver olivia olivier
olly oliver olivia olivier
peggy margaret
polly mary
sadie sarah
sandy alexander alexandra
sasha alexander alexandra
ted edward theodore
teddy edward theodore
theo theodore theodora
tilly matilda
tina christina
tony anthony
topher christopher
will william
xander alexander
zan alexander
""")
"""Short forms that share no beginning with the name, and the names that they stand for."""
