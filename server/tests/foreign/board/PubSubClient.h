// The interface of the library PubSubClient as far as the sketch uses it, on top of libmosquitto: packages of the library
// itself are to be had from Arduino's own index alone. As there, what is larger than the buffer is neither sent nor heard.
#pragma once

#include "WiFi.h"

#include <functional>
#include <string>

struct mosquitto;

#define MQTT_CALLBACK_SIGNATURE std::function<void(char*, uint8_t*, unsigned int)> callback

class PubSubClient {
 public:
  explicit PubSubClient(Client& network);
  ~PubSubClient();
  PubSubClient& setServer(const char* host, uint16_t port);
  PubSubClient& setCallback(MQTT_CALLBACK_SIGNATURE);
  bool setBufferSize(uint16_t size);
  bool connect(const char* id, const char* user, const char* password);
  bool connected();
  int state();
  bool publish(const char* topic, const char* payload);
  bool subscribe(const char* topic);
  bool loop();

  void heard(const char* topic, const void* payload, int length);
  void answered(int code);

 private:
  std::string host;
  uint16_t port = 0;
  size_t buffer = 256;
  MQTT_CALLBACK_SIGNATURE;
  struct mosquitto* client = nullptr;
  bool is_connected = false;
  int code = -1;
};
