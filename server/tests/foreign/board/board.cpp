#include "PubSubClient.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

// Of mosquitto.h, which only Debian's package for development has; the library itself comes with mosquitto_pub.
extern "C" {
struct mosquitto_message {
  int mid;
  char* topic;
  void* payload;
  int payloadlen;
  int qos;
  bool retain;
};
int mosquitto_lib_init(void);
struct mosquitto* mosquitto_new(const char* id, bool clean_session, void* object);
void mosquitto_destroy(struct mosquitto* client);
int mosquitto_username_pw_set(struct mosquitto* client, const char* user, const char* password);
void mosquitto_connect_callback_set(struct mosquitto* client, void (*)(struct mosquitto*, void*, int));
void mosquitto_message_callback_set(struct mosquitto* client,
                                    void (*)(struct mosquitto*, void*, const struct mosquitto_message*));
int mosquitto_connect(struct mosquitto* client, const char* host, int port, int keep_alive);
int mosquitto_publish(struct mosquitto* client, int* mid, const char* topic, int length, const void* payload,
                      int qos, bool retain);
int mosquitto_subscribe(struct mosquitto* client, int* mid, const char* filter, int qos);
int mosquitto_loop(struct mosquitto* client, int timeout, int packets);
}

static const auto origin = std::chrono::steady_clock::now();

HardwareSerial Serial;
WiFiClass WiFi;

void delay(unsigned long milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

unsigned long millis() {
  auto passed = std::chrono::steady_clock::now() - origin;
  return std::chrono::duration_cast<std::chrono::milliseconds>(passed).count();
}

int analogRead(uint8_t) { return 512; }

void HardwareSerial::begin(unsigned long) { setvbuf(stdout, nullptr, _IOLBF, 0); }
size_t HardwareSerial::write(const uint8_t* bytes, size_t length) { return fwrite(bytes, 1, length, stdout); }
size_t HardwareSerial::print(const char* text) { return printf("%s", text); }
size_t HardwareSerial::print(int number) { return printf("%d", number); }
size_t HardwareSerial::println(const char* text) { return printf("%s\n", text); }
size_t HardwareSerial::println(int number) { return printf("%d\n", number); }
size_t HardwareSerial::println() { return printf("\n"); }

wl_status_t WiFiClass::begin(const char*, const char*) { return WL_IDLE_STATUS; }
wl_status_t WiFiClass::status() { return WL_CONNECTED; }

static void on_connect(struct mosquitto*, void* object, int code) {
  static_cast<PubSubClient*>(object)->answered(code);
}

static void on_message(struct mosquitto*, void* object, const struct mosquitto_message* message) {
  static_cast<PubSubClient*>(object)->heard(message->topic, message->payload, message->payloadlen);
}

PubSubClient::PubSubClient(Client&) { mosquitto_lib_init(); }

PubSubClient::~PubSubClient() {
  if (client) mosquitto_destroy(client);
}

PubSubClient& PubSubClient::setServer(const char* host, uint16_t port) {
  this->host = host;
  this->port = port;
  return *this;
}

PubSubClient& PubSubClient::setCallback(MQTT_CALLBACK_SIGNATURE) {
  this->callback = callback;
  return *this;
}

bool PubSubClient::setBufferSize(uint16_t size) {
  buffer = size;
  return true;
}

bool PubSubClient::connect(const char* id, const char* user, const char* password) {
  if (client) mosquitto_destroy(client);
  client = mosquitto_new(id, true, this);
  mosquitto_username_pw_set(client, user, password);
  mosquitto_connect_callback_set(client, on_connect);
  mosquitto_message_callback_set(client, on_message);
  code = -1;
  is_connected = false;
  if (mosquitto_connect(client, host.c_str(), port, 15) != 0) return false;
  while (code < 0 && mosquitto_loop(client, 1000, 1) == 0) {
  }
  return is_connected;
}

bool PubSubClient::connected() { return is_connected; }

int PubSubClient::state() { return code; }

bool PubSubClient::publish(const char* topic, const char* payload) {
  std::string text = payload;
  if (text.size() + std::string(topic).size() + 7 > buffer) return false;
  return mosquitto_publish(client, nullptr, topic, text.size(), text.data(), 0, false) == 0;
}

bool PubSubClient::subscribe(const char* topic) { return mosquitto_subscribe(client, nullptr, topic, 0) == 0; }

bool PubSubClient::loop() {
  if (is_connected && mosquitto_loop(client, 10, 1) != 0) is_connected = false;
  return is_connected;
}

void PubSubClient::answered(int code) {
  this->code = code;
  is_connected = code == 0;
}

void PubSubClient::heard(const char* topic, const void* payload, int length) {
  std::string name = topic;
  if (!callback || name.size() + length + 7 > buffer) return;
  auto bytes = static_cast<const uint8_t*>(payload);
  std::vector<uint8_t> copy(bytes, bytes + length);
  callback(name.data(), copy.data(), length);
}

void setup();
void loop();

int main() {
  setup();
  while (true) loop();
}
