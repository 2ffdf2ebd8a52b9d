"""The department's download of the register, brought to the set-up page.

The file is tens of megabytes, so this page reads the body itself: after it is known who sends it,
in pieces to the disk, and then asks for the page's token.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from config.errors import ConfigError
from monitor.setup import answers as kept
from monitor.setup import national
from monitor.store import audit
from monitor.web.deps import Console, Current
from monitor.web.pages.setup import Looked, folder_of, is_complete, setup_page
from monitor.web.security import is_of_our_page
from monitor.web.viewer import Looking, room

router = room("it", "dpo")


@router.post("/setup/register")
async def bring(request: Request, console: Current, viewer: Looking) -> Response:
    """Take the download; with a word on what is wrong where it is none."""
    async with request.form(max_files=1, max_fields=2) as given:
        await is_of_our_page(request, given)
        if is_complete(console):
            raise HTTPException(404)
        file = given.get("download")
        if not isinstance(file, UploadFile) or not file.filename:
            problem = "Choose the file first."
        else:
            problem = await run_in_threadpool(_take, console, file.file, viewer.name)
    if not problem:
        return RedirectResponse("/setup", status_code=303)
    return await run_in_threadpool(_again, request, console, problem)


def _again(request: Request, console: Console, problem: str) -> Response:
    answers = kept.read(folder_of(console))
    return setup_page(request, console, answers, Looked(problem=problem), 422)


def _take(console: Console, file: BinaryIO, by: str) -> str:
    """Empty when it is in use; else what is wrong with it."""
    with TemporaryDirectory() as folder:
        download = Path(folder) / "download.csv"
        with download.open("wb") as whole:
            shutil.copyfileobj(file, whole, 1024 * 1024)
        try:
            count = national.bring(folder_of(console), download)
        except ConfigError as error:
            return "; ".join(f"The file {one.message}. {one.mend}." for one in error.problems[:1])
    subject = f"register with {count} open schools"
    with console.store.begin() as tx:
        audit.append(tx, actor=by, action="setup.register", subject=subject, now=console.clock())
    return ""
