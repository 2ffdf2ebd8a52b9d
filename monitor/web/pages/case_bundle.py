"""A case's evidence as a sealed bundle, to be handed out (policy 9.4)."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Form, Request
from starlette.responses import Response

from monitor.evidence import bundle
from monitor.web.case_view import case_room
from monitor.web.deps import Current, RowId
from monitor.web.pages.case import refused
from monitor.web.viewer import DECIDERS, Looking, only

router = case_room()


@router.post("/cases/{case_id}/bundle", dependencies=[only(*DECIDERS)])
def hand_out(
    request: Request,
    console: Current,
    viewer: Looking,
    case_id: RowId,
    to_read: Annotated[Literal["", "yes"], Form()] = "",
) -> Response:
    """The bundle as a file to be saved, or what is to be read of it alone; that it was made is on
    record and in the chain."""
    try:
        made = bundle.of_case(
            console.store, console.whole, case_id,
            by=viewer.name, now=console.clock(), is_to_read=bool(to_read),
        )  # fmt: skip
    except bundle.NothingToBundle as why:
        return refused(request, console, case_id, str(why), "evidence")
    return Response(
        made.body,
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )
