// For boards with Wi-Fi (ESP32; ESP8266 with ESP8266WiFi.h). Library: PubSubClient.
#include <WiFi.h>
#include <PubSubClient.h>

WiFiClient network;
PubSubClient mqtt(network);

void onMessage(char* topic, byte* payload, unsigned int length) {
  Serial.print(topic);
  Serial.print(" ");
  Serial.write(payload, length);
  Serial.println();
}

void setup() {
  Serial.begin(115200);
  WiFi.begin("name of your Wi-Fi", "its password");
  while (WiFi.status() != WL_CONNECTED) delay(500);
  mqtt.setServer("{host}", {tcp_port});
  mqtt.setCallback(onMessage);
  mqtt.setBufferSize(1024);  // An entry is larger than the library's 256 bytes.
}

void loop() {
  static unsigned long last = 0;
  if (!mqtt.connected()) {
    if (!mqtt.connect("{client_id}", "{user_name}", "{password}")) {
      Serial.print("Not connected, state ");
      Serial.println(mqtt.state());
      delay(5000);
      return;
    }
    mqtt.subscribe("channels/{channel_id}/subscribe");
  }
  if (last == 0 || millis() - last >= 15000) {
    last = millis();
    String entry = "field1=" + String(analogRead(A0)) + "&status=Hello";
    mqtt.publish("channels/{channel_id}/publish", entry.c_str());
  }
  mqtt.loop();
}
