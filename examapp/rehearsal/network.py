"""The bad network: a forwarder between candidates and servers that delays, cuts connections and loses answers."""

import asyncio
import random
import threading
from collections.abc import Sequence

SLOWEST = 0.25  # seconds
CUT_OFTEN = 0.04  # of all answers, this share is cut in the middle or lost


class BadNetwork:
    """Listens on a port of its own and forwards to whichever server answers. ``calm`` ends the trouble."""

    def __init__(self, servers: Sequence[int], chance: random.Random) -> None:
        self.servers = servers
        self.chance = chance
        self.calm = False
        self.cuts = 0
        self.open: set[asyncio.StreamWriter] = set()
        self.tasks: set[asyncio.Task[None]] = set()  # the loop itself holds them only weakly
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        listening = asyncio.start_server(self.accept, "127.0.0.1", 0, backlog=1024)
        self.listener = asyncio.run_coroutine_threadsafe(listening, self.loop).result()
        self.port: int = self.listener.sockets[0].getsockname()[1]

    def cut_all(self) -> None:
        """Every connection that is open now."""
        for writer in list(self.open):
            self.loop.call_soon_threadsafe(self.cut, writer)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self.end(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def end(self) -> None:
        self.listener.close()
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def cut(self, writer: asyncio.StreamWriter) -> None:
        if not writer.transport.is_closing():
            self.cuts += 1
            writer.transport.abort()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self.loop.create_task(self.forward(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.add(writer)
        try:
            upstream_reader, upstream_writer = await self.connect()
        except OSError:
            writer.transport.abort()
            self.open.discard(writer)
            return
        asking = asyncio.create_task(self.pump(reader, upstream_writer, may_cut=False))
        await self.pump(upstream_reader, writer, may_cut=True)
        asking.cancel()
        for end in (writer, upstream_writer):
            end.transport.abort()
        self.open.discard(writer)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """To a server that listens; raises OSError when none does."""
        for port in self.chance.sample(self.servers, len(self.servers)):
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
        raise OSError("no server listens")

    async def pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, may_cut: bool) -> None:
        try:
            while data := await source.read(65536):
                if not self.calm:
                    await asyncio.sleep(self.chance.uniform(0, SLOWEST) ** 2)
                    if may_cut and self.chance.random() < CUT_OFTEN:
                        target.write(data[: self.chance.randrange(len(data))])
                        self.cut(target)
                        return
                target.write(data)
                await target.drain()
        except (OSError, asyncio.CancelledError):
            return
