"""Small word lists of the matcher, in folded spelling (see `classifiers.text.fold`)."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TYPE_WORDS = _words(
    "school schools academy primary secondary junior juniors infant infants nursery first middle "
    "high upper lower college grammar comprehensive comp preparatory prep sixth form special "
    "sixthform campus"
)
"""Words that make a name a school's name."""

PHASE_WORDS = _words(
    "primary secondary junior juniors infant infants nursery first middle high upper lower "
    "college grammar preparatory prep sixth special"
)
"""Words of a name that say which pupils it takes."""

FILLER_WORDS = _words(
    "the community foundation free independent cofe catholic and of for a language specialist "
    "technology sports arts science centre engineering endowed mixed jmi federation"
)
"""Words of a full name that people leave out."""

FAITH_WORDS = _words("cofe catholic methodist")

SCHOOL_WORDS = TYPE_WORDS | _words(
    "pupil pupils student students teacher teachers teaching headteacher headteachers head heads "
    "headmaster headmistress principal deputy sen senco send ehcp ta tas tutor tutors governor "
    "governors class classes classroom classrooms lesson lessons homework uniform uniforms "
    "blazer detention detentions isolation exclusion excluded expelled suspended truant truancy "
    "attendance assembly assemblies playground gcse gcses alevel alevels btec sats phonics exam "
    "exams mocks curriculum ofsted inset timetable parents pta catchment admissions admission "
    "reception y1 y2 y3 y4 y5 y6 y7 y8 y9 y10 y11 y12 y13 yr1 yr2 yr3 yr4 yr5 yr6 yr7 yr8 yr9 "
    "yr10 yr11 yr12 yr13 ks1 ks2 ks3 ks4 ks5 nativity prom bookbag lunchtime canteen dinners "
    "bullying bullied bully bullies safeguarding classmates alumni schooling caretaker "
    "staff lollipop "
    "primaries secondaries academies classmate pe inspection cpd edu prospectus supply "
    "lunchbox packedlunch register behaviour edukation skool fayre nits choir netball trip trips "
    "u7 u8 u9 u10 u11 u12 u13 u14 u15 u16 "
    "maths physics chemistry biology geography textiles oversubscribed undersubscribed wraparound "
    "afterschool ect ects nqt pgce department faculty leavers yearbook prefect prefects coursework "
    "revision mock textbook invigilator chromebook chromebooks parentpay parentmail classdojo dojo "
    "dojos arbor satchel planner merits demerits lates tuckshop mufti eyfs preschool transition "
    "induction feeder academisation academise sportsday bookfair chickenpox zigzags portions "
    "locker "
    "lockers tutee tutees mentee term terms interpreter sencos headship headships inspectors "
    "inspector lunches science drama computing foodtech gcse's swimming jumper jumpers cardigan "
    "sweatshirt lanyard ks2s yr11s yr7s y7s y11s"
)
"""Words of school life; near a name they say that the school is meant."""

PLAIN_WORDS = _words(
    "school schools academy college head heads form upper lower first middle special choir netball "
    "trip trips u7 u8 u9 u10 u11 u12 u13 u14 u15 u16 "
    "department faculty transition term terms revision mock planner inspector inspectors science "
    "drama computing swimming lunches interpreter satchel feeder jumper jumpers cardigan "
    "sweatshirt lanyard portions biology chemistry physics"
)
"""School words that often stand in other talk: beside a name they say less."""

SCHOOL_PHRASES = (
    "open evening", "open day", "year group", "half term", "after school", "school run",
    "school gates", "school gate", "drop off", "pick up", "school dinners", "work experience",
    "taster day", "transition day", "parents evening", "sports day", "non uniform", "form tutor",
    "my sons", "my daughters", "my kids", "my lad", "our kids", "the kids", "head girl",
    "head boy", "ex pupil", "class of", "left school", "went to school", "key stage", "a levels",
    "maths department", "english department", "science department", "pastoral team",
    "results day", "bus times", "school meals", "term dates", "exam board",
    "food tech", "dinner ladies", "dinner lady", "chicken pox", "zig zags", "school bus", "late "
    "bus",
    "my bairn", "my bairns", "our bairns", "my nipper", "our nipper", "head of year", "six weeks",
    "taster lesson", "snow day", "world book day", "science block", "art block", "bike sheds",
    "non verbal", "one to one", "teaching assistant", "cover supervisor", "in isolation",
    "the back gates", "the school gates", "swimming lessons", "lost property", "study leave",
    "waiting list", "breakfast club", "bell times", "gate times", "packed lunch", "summer fair",
)  # fmt: skip

COUNTER_RIGHT = _words(
    "road rd street lane ln avenue ave close crescent drive way court grove gardens terrace "
    "roundabout island junction crossroads bypass park church cathedral parish vicarage chapel "
    "hospital hospice surgery clinic pharmacy chemist dentist medical health library museum "
    "station railway pub inn arms hotel bar brewery cafe restaurant takeaway kitchen bakery "
    "fc afc rfc cc utd united rovers town athletic "
    "leisure gym pool shopping shops precinct market supermarket tesco coop aldi lidl "
    "care residential nursing retirement flats apartments estate estates lettings homes housing "
    "ward councillor councillors council constituency mp farm barn brook canal woods wood common "
    "reservoir lake river bridge viaduct band tribute concert album tour song albums "
    "allotments allotment scouts scout guides brownies cubs beavers garage motors tyres plumbing "
    "salon barbers hairdressers vets kennels charity society memorial solicitors builders "
    "dental brass roofing roofers carpets tutoring theatre "
    "pubwatch methodist baptist mosque temple cemetery crematorium well village suburb singers "
    "choral house ringers academies trust federation diocese"
)
"""Words that right after a name say that something else is meant."""

SPORTS = _words("cricket football rugby bowls golf tennis hockey netball")
CLUBS = _words("club clubs ground league pitch pitches academy")
"""A sport counts only with one of these behind it: schools have teams too."""

GOING_WORDS = _words(
    "go goes going went attend attends attended joined left leaving start starts started place "
    "places both"
)
"""One goes to a school, never to a person."""

STREETS = _words("road rd street lane ln avenue ave close crescent drive")
"""Of these, the ones that change even a full name ("Ottercombe High Street")."""

COMPOUNDS = frozenset(
    {
        "high court",
        "high dependency",
        "high ground",
        "high moor",
        "high peak",
        "high st",
        "high street",
        "high tide",
        "high tides",
        "high water",
        "high wycombe",
        "primary care",
    }
)
"""The last word of a full name with the next: then no school is named ("Ottercombe High Tide")."""

COUNTER_PHRASES = (
    "for sale",
    "to let",
    "to rent",
    "no chain",
    "open plan",
    "sold stc",
    "per month",
)

COUNTER_NEAR = _words(
    "bedroom bedrooms bed semi detached terraced bungalow freehold leasehold mortgage lettings "
    "rightmove zoopla landlord tenant rent let funeral obituary widow widower grandfather "
    "guitarist singer drummer album gig glam lyrics goalkeeper striker midfielder transfer "
    "hamlet village villages philanthropist planning burglary burgled pothole potholes bin "
    "bins recycling roadworks resident residents m42 m6 a38 a5127"
)
"""Words anywhere near a weak name that speak of houses, traffic, people or bands."""

HONORIFICS = _words("mr mrs ms miss dr sir dame prof professor rev revd fr cllr")
PERSON_TITLES = HONORIFICS | _words(
    "met married called named meet thank thanks lord lady reverend father councillor "
    "uncle auntie aunt grandad grandpa cousin brother detective sergeant pc inspector singer "
    "guitarist actor author artist player striker captain manager"
)
PERSON_AFTER = _words(
    "sons taught construction builders roofing plumbing photography ltd limited consulting aged "
    "died born said says told scored married plays played sings sang retired starred "
    "junior jr esq obe mbe dad mum author poet roofer roofers roofing"
)

PLACE_TAILS = _words(
    "green hill hills heath end park bridge wood woods common cross lane vale bank brook field "
    "fields moor hall oak oaks ford gate grove valley west east north south road street town "
    "village castle abbey mount rise view way gardens"
)

PRIMARY_WORDS = _words(
    "primary infant infants junior juniors reception nursery ks1 ks2 sats phonics nativity y1 y2 "
    "y3 y4 y5 y6 yr1 yr2 yr3 yr4 yr5 yr6 eyfs bookbag"
)
SECONDARY_WORDS = _words(
    "secondary comprehensive comp gcse gcses btec alevel alevels sixth ks3 ks4 ks5 y7 y8 y9 y10 "
    "y11 y12 y13 yr7 yr8 yr9 yr10 yr11 yr12 yr13 prom mocks tutor"
)

UNCERTAIN_PLACES = _words(
    "reading bath sale rugby deal battle march nelson sandwich wells ash street hope hook lee "
    "poole barking sandy diss rye ware stone wash eye over beer shirley lancing settle ham kent "
    "clay hall may ward ford wing ryde hove horn goole wing cross eaton eton hill green bury "
    "west east north south common church central city the new old park newton hampton acton grays "
    "dean leigh morley nelson blythe penn hale chester carlisle lincoln derby stafford kelly lydd"
)
"""Places that are also words or names: they count only where written with a capital."""

CHILD_WORDS = _words(
    "son sons daughter daughters lad lads girl girls boy boys eldest youngest grandson "
    "granddaughter nephew niece kids kid children child childrens parents mums dads "
    "youngsters teens teenagers bairn bairns wean weans nipper nippers lass lasses mum mums mam "
    "mams ds dd dgs dgd twins kiddies little stepson stepdaughter siblings"
)
"""Words near a weak name that speak of families, which have schools."""

OTHER_PLACES = _words(
    "cardiff swansea newport wrexham bangor llandudno rhyl barry neath bridgend edinburgh glasgow "
    "aberdeen dundee inverness stirling perth paisley falkirk belfast derry lisburn newry armagh "
    "dublin cork galway limerick wales scotland ireland australia canada usa america india "
    "pakistan nigeria kenya ghana jamaica spain france germany dubai texas california sydney "
    "melbourne toronto"
)
"""Places outside England, which the register of English schools does not hold."""

TRUST_WORDS = _words("trust partnership mat federation academies multiacademy")
"""Words that make a name a trust's name."""
