# pip install paho-mqtt
import paho.mqtt.client as mqtt


def on_connect(client, userdata, flags, reason_code, properties):
    print("Connected:", reason_code)
    client.subscribe("channels/{channel_id}/subscribe")


def on_subscribe(client, userdata, mid, reason_codes, properties):
    print("Subscribed:", reason_codes[0])
    client.publish("channels/{channel_id}/publish", "field1=21.5&field2=40&status=Hello", qos=1)


def on_publish(client, userdata, mid, reason_code, properties):
    print("Published:", reason_code)


def on_message(client, userdata, message):
    print(message.topic, message.payload.decode())


client = mqtt.Client(
    mqtt.CallbackAPIVersion.VERSION2,
    client_id="{client_id}",
    protocol=mqtt.MQTTv5,
    transport="websockets",
)
client.ws_set_options("{ws_path}")
{paho_tls}client.username_pw_set("{user_name}", "{password}")
client.on_connect = on_connect
client.on_subscribe = on_subscribe
client.on_publish = on_publish
client.on_message = on_message
client.connect("{host}", {ws_port})
client.loop_forever()
