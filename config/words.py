"""Words that decide what a search term may be: see `config.terms`."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


INSTITUTION = _words(
    """
    academies academy college colleges comp comprehensive education federation foundation gcse
    grammar high infant infants junior juniors learning mat nursery ofsted partnership pre
    preschool primary pru pta school schools secondary send sixth special teaching trust
    university
    """
)
"""Words that say "this is about a school"."""

ORDINARY = _words(
    """
    a about abuse academy admissions after against all allegation allegations an and apologises
    apology appeal application applications april asbestos assault assistant at attack
    attendance august autism autumn award awards ban banned behaviour best bike bin board boiler
    bonfire boycott boys breakfast building bullied bully bullying bus buses by cafe campaign
    car cars catchment centre ceo chair christmas church class closed closes closing closure
    club clubs coach community complaint complaints concert consultation cost costs council
    councillor county court covid cricket crossing cuts cycle cycling dance day days december
    demolition deputy detention detentions dinner dinners drama drugs easter emergency england
    english evacuated evacuation event exam exams excluded exclusion exclusions executive
    expansion fair fayre february fete fight fighting fire fireworks fixtures flood flooding
    food football for form friends from funding fundraiser fundraising girls governor governors
    half head headmaster headmistress heads headteacher headteachers heating hockey holiday
    holidays homework hub ice in inquiry inspection inspector inspectors investigation is
    january job jobs july june kids knife league leave lesson lessons letter letters library
    local lockdown lollipop lunch lunches march match maths may me meals media meeting menu
    merger merging mould mp museum music my near netball new newcastle news newsletter no
    november numbers october of off old on online open opening or order our outside outstanding
    over panto parent parents parking patrol performance petition phone phones pitch place
    places play playground playing police pool practice principal prom protest protests pupil
    pupils raac race racism racist rated rating ratings reading report reports results review
    reviews road roadworks roof rugby rumour rumours safeguarding safety sale sats scandal
    scooter september sexual shop show snow sports spring stabbing staff strike strikes student
    students suicide summer support suspended swimming teach teacher teachers team teams tennis
    term that the theatre their threat threats to toilet toilets tour traffic train training
    transport trip trips trustee trustees uniform uniforms union united us vacancies vacancy
    violence vote walking we website week winter with work works year years young youth zebra
    """
)
"""Words of ordinary talk about schools: alone they say nothing about whose school."""

TITLES = _words("dr madam miss mr mrs ms mx prof professor rev reverend sir")

BEFORE_A_SAINT = _words("king lady our queen saint st")
"""After these a first name belongs to a dedication ("St George's"), not to a neighbour."""

DOUBLE_FIRST_NAMES = _words(
    """
    a ace acorn ala alias ally alpha amber an angel april aren arrow art ash asia aspen august
    autumn baby bane bay bear berry bill blade blaze blessed blessing bliss blue boo bow breeze
    bright brook brooklyn buddy bunny buzz cal can candy cane carol cash cedar chai chance
    channel charisma charity charm chase chelsea cherish cherry chester chi christian clay
    clover coco colt comfort coral cruz crystal daisy dale dash dawn de deep delight delta derry
    desire dev diamond don dream drew dusty echo eden ember era essence eve ever faith fares
    fawn fern florence flourish forest fortune foster gem gene genesis georgia gift glen glory
    grace grant gray great grey guy halo harbour harley harmony harsh haven hazel heath heather
    heaven hero hijab ho holly holy honey honor honour hope hunter india indie iris ivy jade
    jersey jet jewel jihad job jordan joy june junior justice karma kent kin king kit kitty
    lacey lady lake lane laurel le legend levy liberty lily lincoln linden link lion london
    lotta lotus love lucky lyric major man maple marina marine mark marks marley marvel
    marvelous mate math max may meet melody mercy mere merit meta miles min miracle moss my nada
    neo noble noel non north oak ocean ole olive oz pagan page paradise paris parker patience
    peace peach pearl penny pepper phoenix pierce piper polly poppy praise precious preston
    prince princess promise purity queen radley raid rain rainbow ram ramadan rebel red rim
    river rob robin rocket rose rowan royal ruby rush saber sage said saint salah sandy seven
    shade sham shane shirley si silver sir sky skye snow sonny soul spike spring stan stanley
    star stone storm success sue summer sunday sunny sunshine sutton tally tea teddy the thor
    tiger titan treasure trinity true truly tuesday unique van venus victory violet virginia
    warren wednesday wells west wil will willow wing winner winter wisdom wolf ya ye zen zion
    """
)
"""First names that are words or places as well: alone they are no sign of a person."""

DOUBLE_SURNAMES = _words(
    """
    ball banks barber bell birch bird bishop black bolton bond booth bradford brook brown bull
    burns burton bush butcher carpenter castle chambers chandler chapel church coles cook cross
    dale day dean farmer field finch fisher fleet ford forest foster fox freeman french frost
    gardener gardens gill grant gray green grove hall hamilton hardy heath hill hilton holland
    holloway hope houghton hunt hunter hurst hyde kent king kirby knight knowles lamb lane law
    leach lees little long lord manning marsden marsh marshall mason may mere miles mill mills
    moor moore morley moss nash noble north norton page park parks parry peacock poole pope
    porter potter potts power preston price read reed rhodes rice ridge rose savage sharp
    shepherd short singer skinner slater smart spring stanley stone storey street summers sutton
    swift temple thornton todd townsend turner vale walker wall walls walton ward warner warren
    water waters well wells west weston wheeler white whitehouse winter wong wood woods woodward
    young
    """
)
"""Surnames that are words or places as well."""
