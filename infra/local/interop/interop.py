"""Talks to Switchboard as a Python client does, with Debian's python3-websockets.

    /usr/bin/python3 interop.py ws://127.0.0.1:8082/dev

Every frame goes the way that clients of the original tutorial go: the same address, the same
frames, and a listening loop that knows six types and prints everything else. It ends with 0 when
all was as such a client expects it, else with 1 and one line that says what was not.
"""

import asyncio
import json
import sys
import uuid

import websockets

DEADLINE = 10  # seconds that anything may take
RUN = uuid.uuid4().hex[:8]  # people and rooms of this run only


class Failed(Exception):
    """Something was not as a client expects it."""


class Client:
    """One person with one socket, and a loop that listens to it."""

    def __init__(self, url, user_id, username, room_id):
        self.uri = f"{url}?userId={user_id}&username={username}&roomId={room_id}&token=valid_test_token"
        self.user_id, self.username, self.room_id = user_id, username, room_id
        self.socket = self.listening = None
        self.frames = asyncio.Queue()
        self.ended = False

    async def __aenter__(self):
        self.socket = await websockets.connect(self.uri)
        self.listening = asyncio.create_task(self.listen())
        return self

    async def __aexit__(self, *_):
        await self.socket.close()
        await asyncio.wait_for(self.listening, DEADLINE)

    async def listen(self):
        async for text in self.socket:
            await self.frames.put(json.loads(text))
        self.ended = True  # a close with 1000 or 1001 ends the loop without an exception

    async def send(self, kind, **fields):
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def sees(self, kind, **want):
        """Waits for a frame of a kind that has these values, past the others, and gives its data."""
        passed = []
        while True:
            try:
                frame = await asyncio.wait_for(self.frames.get(), DEADLINE)
            except asyncio.TimeoutError:
                raise Failed(f"{self.user_id} waited for {kind} {want} and saw {passed}") from None
            data = frame.get("data", {})
            if frame.get("type") == kind and all(data.get(name) == value for name, value in want.items()):
                return data
            passed.append(frame)


def has(data, **kinds):
    """Every field that the client reads is there, with its kind."""
    for name, kind in kinds.items():
        if not isinstance(data.get(name), kind):
            raise Failed(f"{name} is {data.get(name)!r}, want {kind.__name__}, in {data}")


async def welcome_and_chat(url):
    room = f"py-{RUN}"
    async with Client(url, f"ann-{RUN}", "Ann", room) as ann, Client(url, f"ben-{RUN}", "Ben", room) as ben:
        for client in ann, ben:
            data = await client.sees("welcome", userId=client.user_id, roomId=room, message=f"Welcome to room {room}!")
            has(data, connectionId=str, timestamp=int)
        has(await ann.sees("user_joined", userId=ben.user_id, username="Ben", roomId=room), timestamp=int)
        await ann.send("chat", message="Hello, Ben", roomId=room)
        for client in ann, ben:
            data = await client.sees("chat", senderId=ann.user_id, senderName="Ann", message="Hello, Ben", roomId=room)
            has(data, messageId=str, timestamp=int)


async def move(url):
    old, new = f"py-old-{RUN}", f"py-new-{RUN}"
    async with Client(url, f"cat-{RUN}", "Cat", old) as cat, Client(url, f"dan-{RUN}", "Dan", new) as dan:
        await cat.sees("welcome")
        await dan.sees("welcome")
        await cat.send("join_room", roomId=new)
        for client in cat, dan:
            has(await client.sees("user_joined", userId=cat.user_id, username="Cat", roomId=new), timestamp=int)
        await cat.send("chat", message="new here", roomId=new)
        await dan.sees("chat", message="new here", senderName="Cat")


async def private(url):
    room = f"py-{RUN}"
    async with Client(url, f"eva-{RUN}", "Eva", room) as eva, Client(url, f"fin-{RUN}", "Fin", room) as fin:
        await fin.sees("welcome")
        await eva.send("private_message", targetUserId=fin.user_id, message="between us")
        data = await fin.sees("private_message", senderId=eva.user_id, senderName="Eva", message="between us")
        has(data, timestamp=int)
        await eva.send("private_message", targetUserId=f"nobody-{RUN}", message="anyone?")
        has(await eva.sees("error", message="Target user not found or offline"), timestamp=int)


async def rooms(url):
    room = f"py-list-{RUN}"
    async with Client(url, f"gil-{RUN}", "Gil", room) as gil:
        await gil.sees("welcome")
        await gil.send("room_list")
        data = await gil.sees("room_list")
        has(data, rooms=list, timestamp=int)
        for entry in data["rooms"]:
            has(entry, roomId=str, activeUsers=int)
        if {room: 1}.items() - {entry["roomId"]: entry["activeUsers"] for entry in data["rooms"]}.items():
            raise Failed(f"{room} with one person is not among {data['rooms']}")


async def errors(url):
    async with Client(url, f"hal-{RUN}", "Hal", f"py-{RUN}") as hal:
        await hal.sees("welcome")
        await hal.socket.send("{")
        await hal.sees("error", message="Invalid JSON format")
        await hal.send("chat", message="  ")
        await hal.sees("error", message="Message cannot be empty")
        await hal.send("join_room")
        await hal.sees("error", message="Room ID required")
        await hal.send("private_message", targetUserId="someone")
        await hal.sees("error", message="Target user ID and message required for private messages")
        await hal.send("unheard_of")
        await hal.sees("error", message="Unknown message type: unheard_of")


async def send_at_once(url):
    """A frame sent before anything has come is answered."""
    uri = f"{url}?userId=testuser1&username=TestUser1&roomId=general&token=valid_test_token"
    async with websockets.connect(uri) as socket:
        await socket.send(json.dumps({"type": "chat", "message": "Hello from Python"}))
        frame = {"type": None}
        while frame["type"] != "chat" or frame["data"]["senderId"] != "testuser1":
            frame = json.loads(await asyncio.wait_for(socket.recv(), DEADLINE))


async def wrong_token(url):
    try:
        async with websockets.connect(f"{url}?userId=testuser&token=invalid_token"):
            raise Failed("a wrong token was let in")
    except websockets.exceptions.InvalidStatusCode as refused:
        if refused.status_code != 401:
            raise Failed(f"a wrong token is answered with {refused.status_code}, want 401") from None


async def disconnect(url):
    room = f"py-bye-{RUN}"
    async with Client(url, f"ida-{RUN}", "Ida", room) as ida:
        await ida.sees("welcome")
        async with Client(url, f"jon-{RUN}", "Jon", room) as jon:
            await jon.sees("welcome")
        if not jon.ended or jon.socket.close_code != 1000:
            raise Failed(f"a close by the client ends with {jon.socket.close_code}, want 1000")
        await ida.sees("user_left", userId=jon.user_id)


async def main(url):
    for flow in welcome_and_chat, move, private, rooms, errors, send_at_once, wrong_token, disconnect:
        try:
            await flow(url)
        except Exception as error:  # whatever it was, it is said in one line
            print(f"{flow.__name__}: {error or repr(error)}", file=sys.stderr)
            return 1
        print(f"{flow.__name__}: ok")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} ws://127.0.0.1:8082/dev")
    sys.exit(asyncio.run(main(sys.argv[1])))
