"""A Jetstream server of invented frames, in a process of its own so that it costs ours nothing.

    python -m monitor.bench.invented_stream FRAMES PER_SECOND

It prints its port, and sends so many frames to whoever follows it, at so many a second (0: as fast
as they are taken). Of a hundred posts one names a registered school, with words that harm nobody.
"""

from __future__ import annotations

import json
import random
import struct
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from websockets.sync.server import ServerConnection, serve

from config.national import register

POSTS = "app.bsky.feed.post"
MATCHED_EVERY = 100
DELETED_EVERY = 12
AT_ONCE = 500
"""Different texts; each frame has a place and a time of its own."""
SPAN_SECONDS = 480
"""A replay's frames are told as of the last minutes, which is how far back a first look goes."""
WORDS = (
    "the of and to in is you that it he was for on are as with his they at be this have",
    "from or one had by but not what all were we when your can said there use an each which",
    "she do how their if will up other about out many then them these so some her would",
    "make like him into time has look two more write go see number no way could people my",
    "than first water been call who its now find long down day did get come made may part",
    "beach plumber parking football lovely",
)
OTHER: dict[str, object] = {"cid": "bafyreih2kaoe4gv3cxpo2hpudxp7kjh6ryh7kaxcqfcnxnjbwexhdzv4ye"}


def texts(chance: random.Random) -> Iterator[str]:
    """As people write: long and short, with line breaks, tags and pictures of faces."""
    words = " ".join(WORDS).split()
    for at in range(AT_ONCE):
        said = " ".join(chance.choices(words, k=chance.randint(4, 45)))
        if at % 3 == 0:
            said = said.replace(" ", "\n", 1)
        yield f"{said} \U0001f600 caf\u00e9" if at % 4 == 0 else said


def frames(number: int, began: float, per_second: int) -> Iterator[bytes]:
    chance = random.Random(7)  # noqa: S311  (benchmark data, not a secret)
    said, schools = list(texts(chance)), register()
    step = 1 / per_second if per_second else SPAN_SECONDS / number
    first = began if per_second else began - SPAN_SECONDS
    for at in range(number):
        text = said[at % AT_ONCE]
        if at % MATCHED_EVERY == 0:
            school = chance.choice(schools)
            text = f"When does term begin at {school.name}, {school.town}? {text[:60]}"
        yield _frame(at, text, first + at * step).encode()


def _frame(at: int, text: str, moment: float) -> str:
    about: dict[str, object] = {"rev": "3l3qo2vutsw2b", "collection": POSTS, "rkey": f"3l{at:011d}"}
    told: dict[str, object] = {
        "did": f"did:plc:{at % 50_000:024d}",
        "time_us": int(moment * 1_000_000),
    }
    if at % DELETED_EVERY == DELETED_EVERY - 1:
        commit = about | {"operation": "delete"}
    else:
        stamp = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
        record: dict[str, object] = {"$type": POSTS, "createdAt": stamp.replace("+00:00", "Z")}
        record |= {"langs": ["en"], "text": text}
        if at % 2:
            parent = OTHER | {"uri": f"at://did:plc:{at:024d}/{POSTS}/3lfz4qqqqqq2k"}
            record["reply"] = {"parent": parent, "root": parent}
        commit = about | {"operation": "create", "record": record} | OTHER
    return json.dumps(told | {"kind": "commit", "commit": commit}, ensure_ascii=False)


def packed(frame: bytes) -> bytes:
    """As a whole message of the line (RFC 6455, 5.2), from a server."""
    size = len(frame)
    head = struct.pack("!BB", 0x82, size) if size < 126 else struct.pack("!BBH", 0x82, 126, size)
    return head + frame


def send(line: ServerConnection, number: int, per_second: int) -> None:
    began = time.time()
    chunk: list[bytes] = []
    for at, frame in enumerate(frames(number, began, per_second), 1):
        chunk.append(packed(frame))
        if len(chunk) == (per_second // 10 or 1_000) or at == number:
            if per_second and (early := began + at / per_second - time.time()) > 0:
                time.sleep(early)
            with line.protocol_mutex:  # no answer to a ping in the middle of a frame
                line.socket.sendall(b"".join(chunk))
            chunk.clear()


def main(number: int, per_second: int) -> None:
    def follow(line: ServerConnection) -> None:
        send(line, number, per_second)
        while True:  # everything is told; the line stays open
            line.recv()

    with serve(follow, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        sys.stdout.write(f"{server.socket.getsockname()[1]}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
