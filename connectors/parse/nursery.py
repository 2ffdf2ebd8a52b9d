"""The process that parsing children are forked from: `python -m connectors.parse.nursery FD`.

It is single-threaded and has the parsers imported, so a fork is safe and costs milliseconds,
whatever threads the service runs. Each byte on its control socket brings the socket of one
document; end of file means that the service is gone.
"""

from __future__ import annotations

import gc
import math
import os
import pickle
import resource
import signal
import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from connectors.errors import ConnectorError, Malformed, TooLarge


def serve(control: socket.socket) -> None:
    """Fork a child for each document until the service closes its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the document
    gc.freeze()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        for descriptor in descriptors:
            if os.fork() == 0:
                control.close()
                _answer_and_exit(descriptor)
            os.close(descriptor)


def _answer_and_exit(descriptor: int) -> NoReturn:
    """Parse one document and be gone; the kernel's alarm ends what does not end itself."""
    started_with = _address_space_bytes()
    with socket.socket(fileno=descriptor) as line, line.makefile("rwb") as stream:
        name, arguments, seconds, memory_bytes = pickle.load(stream)  # noqa: S301 - from the service
        signal.setitimer(signal.ITIMER_REAL, seconds)
        processor_seconds = math.ceil(seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds))
        most = started_with + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        pickle.dump(_answer(name, arguments), stream)
    os._exit(0)


def _answer(name: str, arguments: tuple[Any, ...]) -> Any:
    module, _, function = name.partition(":")
    try:
        return getattr(import_module(module), function)(*arguments)
    except ConnectorError as error:
        return error
    except MemoryError:
        return TooLarge("The answer needs more memory to read than is allowed.")
    # Whatever else hostile bytes bring about must not print a traceback full of them.
    except Exception:  # noqa: BLE001
        return Malformed("The answer cannot be read.")


def _address_space_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as end:
        serve(end)
