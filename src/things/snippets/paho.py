# pip install paho-mqtt
import sys

import paho.mqtt.client as mqtt


def on_connect(client, userdata, flags, reason_code, properties):
    if reason_code.is_failure:
        sys.exit("Refused: " + str(reason_code))
    client.publish("channels/{channel_id}/publish", "field1=21.5&field2=40&status=Hello", qos=1)


def on_publish(client, userdata, mid, reason_code, properties):
    print("Published:", reason_code)
    client.disconnect()


client = mqtt.Client(
    mqtt.CallbackAPIVersion.VERSION2,
    client_id="{client_id}",
    protocol=mqtt.MQTTv5,
    transport="websockets",
)
client.ws_set_options("{ws_path}")
{paho_tls}client.username_pw_set("{user_name}", "{password}")
client.on_connect = on_connect
client.on_publish = on_publish
client.connect("{host}", {ws_port})
client.loop_forever()
