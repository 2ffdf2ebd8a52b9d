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
    a about after against all allegation allegations an and appeal application applications
    april at attack attendance august autumn award awards ban banned behaviour best bin boycott
    boys breakfast building bully bullied bullying bus buses by cafe campaign car cars catchment
    centre ceo chair christmas church class closed closes closing closure club clubs coach
    community complaint complaints concert consultation council councillor county court covid
    cricket crossing cuts dance day days december demolition detention detentions dinner dinners
    drama drugs easter emergency england english event exam exams excluded exclusion exclusions
    executive expansion fair february fete fight fighting fire fireworks fixtures food football
    for form friends from fundraiser fundraising funding girls governor governors half head heads
    headmaster headmistress headteacher headteachers hockey holiday holidays homework hub in
    inspection inspector inspectors is january job jobs july june kids knife league leave letter
    lesson lessons letters library local lockdown lunch lunches march match maths may me media
    meeting merger merging mp museum music my near netball new newcastle news newsletter no
    november numbers october of off old on online open opening or order our outside outstanding
    over panto parent parents parking performance petition phone phones pitch place places play
    playground playing police pool practice principal prom protest protests pupil pupils raac
    race rated rating ratings reading report reports results review reviews road roof rugby
    rumour rumours safeguarding safety sats september show sports spring staff strike strikes
    student students suicide summer support suspended swimming teach teacher teachers team teams
    term that the theatre their threat threats to toilet toilets tour traffic train training
    transport trip trips uniform uniforms union united us vacancies vacancy violence vote we
    website week winter with work works year years young youth
    """
)
"""Words of ordinary talk about schools: alone they say nothing about whose school."""

TITLES = _words("dr madam miss mr mrs ms mx prof professor rev reverend sir")

BEFORE_A_SAINT = _words("king lady our queen saint st")
"""After these a first name belongs to a dedication ("St George's"), not to a neighbour."""

DOUBLE_FIRST_NAMES = _words(
    """
    ace amber angel april ash asia aspen autumn bay bear berry blessing blue brook brooklyn buddy
    charity chase chelsea cherry chester christian clay coco coral cruz daisy dale dawn dev drew
    eden ember ever faith fern florence forest gene genesis georgia glen grace grant guy harbour
    harley harmony haven hazel heath heather heaven holly honey honor hope hunter indie india
    iris ivy jade jet jordan joy junior justice kent king kit kitty lacey lake legend liberty lily
    lincoln london lotus love major mark marley max may melody mercy mere merit miles miracle
    nada neo north ocean olive paris parker pearl penny phoenix piper pierce polly poppy
    precious preston prince princess promise river robin rose rowan royal ruby rush sage saint
    shane shirley sky skye sonny spring stanley star storm summer sunny sutton teddy the trinity
    true unique venus victory violet warren wells west will willow winter wisdom wolf zion
    """
)
"""First names that are words or places as well: alone they are no sign of a person."""

DOUBLE_SURNAMES = _words(
    """
    ball banks barber bell bird birch bishop black bolton bond booth bradford brook brown bull
    burns burton bush butcher carpenter castle chambers chandler chapel church coles cook cross
    dale day dean farmer field finch fisher fleet ford forest foster fox freeman french frost
    gardener gardens gill grant gray green grove hall hamilton hardy heath hill hilton holland
    holloway hope houghton hunt hunter hurst hyde kent kirby king knight knowles lamb lane law
    leach lees little long lord manning marsh marsden marshall mason may mere miles mill mills
    moor moore morley moss nash noble north norton page park parks parry peacock poole pope
    porter potter potts power preston price rice read reed rhodes ridge rose savage sharp shepherd
    short singer skinner slater smart spring stanley stone storey street summers sutton swift temple
    thornton todd townsend turner vale walker walton wall walls ward warner warren water waters
    well wells west weston wheeler white whitehouse winter wong wood woods woodward young
    """
)
"""Surnames that are words or places as well."""
