"""The pages people would read: a front page, a post, and the pages of sites in trouble."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader

from monitor.sample.moments import LONDON
from monitor.sample.sites import Published, PublishedComment, Site

_templates = Environment(loader=PackageLoader("monitor.sample"), autoescape=True)


def front(site: Site, entries: Sequence[Published]) -> str:
    return _render("site_front.html", site=site, entries=entries)


def post(site: Site, entry: Published, comments: Sequence[PublishedComment]) -> str:
    return _render("site_post.html", site=site, entry=entry, comments=comments)


def not_found(site: Site) -> str:
    return _render("site_message.html", site=site, title="Not found", text="No such page here.")


def server_error(site: Site) -> str:
    return _render(
        "site_message.html",
        site=site,
        title="Something went wrong",
        text="The web server could not answer. Please try again later.",
    )


def login(site: Site) -> str:
    return _render("site_login.html", site=site)


def broken(feed: bytes) -> bytes:
    """The feed as a careless template would write it: a bare ampersand, a named entity that
    XML lacks, and no end. Readers that recover still get every item."""
    text = feed.decode().replace(" and ", " & ").replace("</title>", "&nbsp;</title>", 1)
    return text.replace("</channel>\n</rss>\n", "").encode()


def _render(name: str, **values: object) -> str:
    return _templates.get_template(name).render(london=LONDON, **values)
