"""A paho-mqtt client over WebSocket or TCP, led by lines: commands in, events out, both JSON."""

import argparse
import json
import os
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

VERSIONS = {"3.1.1": mqtt.MQTTv311, "5.0": mqtt.MQTTv5}


def say(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--id", required=True)
    parser.add_argument("--transport", choices=["websockets", "tcp"], required=True)
    parser.add_argument("--path", default="/mqtt")
    parser.add_argument("--version", choices=sorted(VERSIONS), required=True)
    parser.add_argument("--keep-alive", type=int, required=True)
    parser.add_argument("--username")
    parser.add_argument("--password")
    return parser.parse_args()


def connected(client, userdata, flags, reason, properties):
    say("connected", reason=str(reason), refused=reason.is_failure)


def disconnected(client, userdata, flags, reason, properties):
    say("disconnected", reason=str(reason))
    # One connection for each journey: paho would connect again and again.
    os._exit(0)


def received(client, userdata, message):
    payload = message.payload.decode("utf-8", "replace")
    say("message", topic=message.topic, payload=payload, qos=message.qos, retain=message.retain)


def subscribed(client, userdata, mid, reasons, properties):
    say("subscribed", granted=[reason.value for reason in reasons])


def main():
    given = arguments()
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2, client_id=given.id, transport=given.transport, protocol=VERSIONS[given.version]
    )
    if given.transport == "websockets":
        client.ws_set_options(path=given.path)
    if given.username is not None:
        client.username_pw_set(given.username, given.password)
    client.on_connect = connected
    client.on_disconnect = disconnected
    client.on_message = received
    client.on_subscribe = subscribed
    client.connect("127.0.0.1", given.port, keepalive=given.keep_alive)
    client.loop_start()
    for line in sys.stdin:
        command = json.loads(line)
        if command["do"] == "subscribe":
            client.subscribe(command["filter"], qos=command.get("qos", 0))
        elif command["do"] == "publish":
            client.publish(
                command["topic"], command["payload"], qos=command.get("qos", 0), retain=command.get("retain", False)
            )
        elif command["do"] == "disconnect":
            client.disconnect()


main()
