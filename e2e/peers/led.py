"""Foreign MQTT clients led by lines: commands in, events out, both JSON.

One process is one library over one transport in one version, and as many clients of it as it is told to connect.
What the commands and events are, `server/tests/foreign/peer.rs` says.
"""

import argparse
import asyncio
import ctypes
import json
import os
import signal
import ssl
import sys
import threading
from urllib.parse import urlparse

KEEP_ALIVE = 60
# Seconds. The libraries give up after five or ten, which is short on a machine that is building something else.
PATIENCE = 20
lock = threading.Lock()


def say(name, event, **facts):
    with lock:
        print(json.dumps({"as": name, "event": event, **facts}), flush=True)


def heard(name, topic, payload, qos, retain):
    say(name, "message", topic=topic, payload=payload.decode(), qos=qos, retain=bool(retain))


class Paho:
    """paho-mqtt with its own thread."""

    def __init__(self, name, place, command):
        import paho.mqtt.client as mqtt
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties

        self.name, self.done, self.leaving = name, asyncio.get_running_loop().create_future(), False
        self.loop = asyncio.get_running_loop()
        self.v5 = place.version == "5.0"
        clean = command["clean"]
        self.client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2,
            client_id=command["id"],
            protocol=mqtt.MQTTv5 if self.v5 else mqtt.MQTTv311,
            clean_session=None if self.v5 else clean,
            transport="websockets" if place.path else "tcp",
            reconnect_on_failure=False,
        )
        self.client.connect_timeout = PATIENCE
        if place.path:
            self.client.ws_set_options(path=place.path)
        if place.ca:
            self.client.tls_set(ca_certs=place.ca)
        if "username" in command:
            self.client.username_pw_set(command["username"], command["password"])
        if "will" in command:
            self.client.will_set(**command["will"])
        self.client.on_connect = self.connected
        self.client.on_disconnect = self.disconnected
        self.client.on_message = lambda client, data, it: heard(name, it.topic, it.payload, it.qos, it.retain)
        self.arguments = {"host": place.host, "port": place.port, "keepalive": KEEP_ALIVE}
        if self.v5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = command["expiry"]
            self.arguments |= {"clean_start": clean, "properties": properties}
        self.subscribed = {}
        self.client.on_subscribe = self.granted

    async def connect(self):
        await asyncio.to_thread(self.client.connect, **self.arguments)
        self.client.loop_start()
        refused, session = await self.done
        if refused:
            return say(self.name, "refused")
        say(self.name, "connected", session=session)

    def connected(self, client, data, flags, reason, properties):
        verdict = (reason.is_failure, flags.session_present)
        self.loop.call_soon_threadsafe(lambda: self.done.done() or self.done.set_result(verdict))

    def disconnected(self, client, data, flags, reason, properties):
        if not self.leaving:
            say(self.name, "lost")

    def granted(self, client, data, mid, reasons, properties):
        say(self.name, "subscribed", qos=reasons[0].value)

    async def subscribe(self, topic, qos):
        self.client.subscribe(topic, qos)

    async def publish(self, topic, payload, qos, retain):
        info = self.client.publish(topic, payload, qos, retain)
        await asyncio.to_thread(info.wait_for_publish, PATIENCE)
        say(self.name, "published")

    async def disconnect(self):
        self.leaving = True
        self.client.disconnect()
        await asyncio.to_thread(self.client.loop_stop)
        say(self.name, "disconnected")


class AioMqtt:
    """aiomqtt, which stands on paho and does what it does in its own way."""

    def __init__(self, name, place, command):
        import aiomqtt
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties

        self.name, self.errors, self.listening = name, aiomqtt.MqttError, None
        v5 = place.version == "5.0"
        arguments = {"clean_session": None if v5 else command["clean"]}
        if v5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = command["expiry"]
            arguments = {"clean_start": command["clean"], "properties": properties}
        self.client = aiomqtt.Client(
            place.host,
            place.port,
            identifier=command["id"],
            protocol=aiomqtt.ProtocolVersion.V5 if v5 else aiomqtt.ProtocolVersion.V311,
            timeout=PATIENCE,
            username=command.get("username"),
            password=command.get("password"),
            will=aiomqtt.Will(**command["will"]) if "will" in command else None,
            transport="websockets" if place.path else "tcp",
            websocket_path=place.path or None,
            tls_params=aiomqtt.TLSParameters(ca_certs=place.ca) if place.ca else None,
            **arguments,
        )

    async def connect(self):
        try:
            await self.client.__aenter__()
        except self.errors:
            return say(self.name, "refused")
        say(self.name, "connected", session=None)
        self.listening = asyncio.create_task(self.listen())

    async def listen(self):
        try:
            async for it in self.client.messages:
                heard(self.name, str(it.topic), it.payload, it.qos, it.retain)
        except self.errors:
            say(self.name, "lost")

    async def subscribe(self, topic, qos):
        granted = await self.client.subscribe(topic, qos)
        say(self.name, "subscribed", qos=getattr(granted[0], "value", granted[0]))

    async def publish(self, topic, payload, qos, retain):
        await self.client.publish(topic, payload, qos, retain)
        say(self.name, "published")

    async def disconnect(self):
        self.listening.cancel()
        await self.client.__aexit__(None, None, None)
        say(self.name, "disconnected")


class Gmqtt:
    """gmqtt, which has neither paho nor WebSocket."""

    def __init__(self, name, place, command):
        import gmqtt
        from gmqtt.mqtt.constants import MQTTv50, MQTTv311

        self.name, self.place, self.leaving = name, place, False
        self.version = MQTTv50 if place.version == "5.0" else MQTTv311
        will = command.get("will")
        expiry = {"session_expiry_interval": command["expiry"]} if place.version == "5.0" else {}
        self.client = gmqtt.Client(
            command["id"],
            clean_session=command["clean"],
            will_message=gmqtt.Message(**will) if will else None,
            **expiry,
        )
        self.client.set_config({"reconnect_retries": 0})
        if "username" in command:
            self.client.set_auth_credentials(command["username"], command["password"])
        self.client.on_connect = self.connected
        self.client.on_disconnect = self.disconnected
        self.client.on_subscribe = lambda client, mid, qos, properties: say(name, "subscribed", qos=qos[0])
        self.client.on_message = self.message
        self.session = None

    async def connect(self):
        import gmqtt

        security = ssl.create_default_context(cafile=self.place.ca) if self.place.ca else False
        try:
            await self.client.connect(
                self.place.host, self.place.port, ssl=security, keepalive=KEEP_ALIVE, version=self.version
            )
        except (gmqtt.mqtt.handler.MQTTConnectError, ConnectionError):
            self.leaving = True
            return say(self.name, "refused")
        say(self.name, "connected", session=self.session)

    def connected(self, client, flags, reason, properties):
        self.session = bool(flags)

    def disconnected(self, client, packet, exc=None):
        if not self.leaving:
            self.leaving = True
            say(self.name, "lost")

    async def message(self, client, topic, payload, qos, properties):
        heard(self.name, topic, payload, qos, properties["retain"])
        return 0

    async def subscribe(self, topic, qos):
        self.client.subscribe(topic, qos)

    async def publish(self, topic, payload, qos, retain):
        self.client.publish(topic, payload, qos, retain)
        await self.client._persistent_storage.wait_empty()
        say(self.name, "published")

    async def disconnect(self):
        self.leaving = True
        await self.client.disconnect()
        say(self.name, "disconnected")


class Mosquitto:
    """mosquitto_pub for each message, and a mosquitto_sub where something is subscribed to."""

    def __init__(self, name, place, command):
        self.name, self.command, self.program, self.listening = name, command, None, None
        self.place = ["-h", place.host, "-p", str(place.port), "-V", {"5.0": "5", "3.1.1": "311"}[place.version]]
        if place.ca:
            self.place += ["--cafile", place.ca]
        if "username" in command:
            self.place += ["-u", command["username"], "-P", command["password"]]
        # Each message is a connection of its own: it bears the name only where credentials open no other.
        if command.get("bound") and "filter" not in command:
            self.place += ["-i", command["id"]]
        self.v5 = place.version == "5.0"

    async def connect(self):
        if "filter" in self.command:
            return await self.listen(self.command["filter"], self.command["qos"])
        # It knows no way to connect and do nothing else: an empty message is as good.
        program = await self.run("mosquitto_pub", "-t", "connect", "-n")
        refused = await program.wait() != 0
        say(self.name, "refused" if refused else "connected", session=None)

    async def run(self, *arguments):
        def die_with_parent():
            ctypes.CDLL("libc.so.6").prctl(1, signal.SIGKILL)

        return await asyncio.create_subprocess_exec(
            # Into a pipe it would say nothing before its end.
            "stdbuf",
            "-oL",
            *arguments[:1],
            *self.place,
            *arguments[1:],
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            preexec_fn=die_with_parent,
            env={**os.environ, "LC_ALL": "C"},
        )

    async def listen(self, topic, qos):
        it = self.command
        options = ["-i", it["id"], "-t", topic, "-q", str(qos), "-d", "-F", "message %q %r %t %p"]
        if not it["clean"]:
            options += ["-c"] + (["-x", str(it["expiry"])] if self.v5 else [])
        if "will" in it:
            will = it["will"]
            options += ["--will-topic", will["topic"], "--will-payload", will["payload"]]
            options += ["--will-qos", str(will["qos"])] + (["--will-retain"] if will["retain"] else [])
        self.program = await self.run("mosquitto_sub", *options)
        self.listening = asyncio.create_task(self.read())

    async def read(self):
        async for line in self.program.stdout:
            words = line.decode().rstrip("\n").split(" ", 4)
            if words[0] == "message":
                heard(self.name, words[3], words[4].encode(), int(words[1]), words[2] == "1")
            elif "received CONNACK (0)" in line.decode():
                say(self.name, "connected", session=None)
                self.watching = asyncio.create_task(self.watch())
            elif words[0] == "Subscribed":
                say(self.name, "subscribed", qos=int(words[-1].rsplit(" ", 1)[-1]))
        say(self.name, "lost")

    def sockets(self):
        folder = f"/proc/{self.program.pid}/fd"
        links = [os.readlink(f"{folder}/{name}") for name in os.listdir(folder)]
        return sum(link.startswith("socket:") for link in links)

    async def watch(self):
        """Ends it when its connection is lost: after a second it would come back by itself, and fight."""
        try:
            at_first = self.sockets()
            while self.sockets() >= at_first:
                await asyncio.sleep(0.02)
            self.program.kill()
        except (FileNotFoundError, ProcessLookupError):
            pass  # It ended.

    async def subscribe(self, topic, qos):
        raise NotImplementedError("mosquitto_sub subscribes as it connects")

    async def publish(self, topic, payload, qos, retain):
        options = ["-t", topic, "-m", payload, "-q", str(qos)] + (["-r"] if retain else [])
        program = await self.run("mosquitto_pub", *(options if payload else [*options[:2], "-n", *options[4:]]))
        if await program.wait() == 0:
            say(self.name, "published")

    async def disconnect(self):
        if self.program:
            self.listening.cancel()
            self.watching.cancel()
            # It says DISCONNECT when it is asked to end.
            self.program.send_signal(signal.SIGTERM)
            await self.program.wait()
        say(self.name, "disconnected")


LIBRARIES = {"paho": Paho, "aiomqtt": AioMqtt, "gmqtt": Gmqtt, "mosquitto": Mosquitto}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", choices=sorted(LIBRARIES))
    parser.add_argument("url")
    parser.add_argument("version", choices=["3.1.1", "5.0"])
    parser.add_argument("--ca")
    place = parser.parse_args()
    url = urlparse(place.url)
    place.host, place.port, place.path = url.hostname, url.port, url.path
    return place


async def main():
    place, clients = arguments(), {}
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for line in reader:
        command = json.loads(line)
        name, verb = command.pop("as"), command.pop("do")
        if verb == "connect":
            client = LIBRARIES[place.library](name, place, command)
            clients[name] = client
            await client.connect()
            if "filter" in command and place.library != "mosquitto":
                await client.subscribe(command["filter"], command["qos"])
        elif verb == "subscribe":
            await clients[name].subscribe(command["topic"], command["qos"])
        elif verb == "publish":
            await clients[name].publish(**command)
        elif verb == "disconnect":
            await clients.pop(name).disconnect()
    os._exit(0)


asyncio.run(main())
