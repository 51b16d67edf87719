// A board that is this machine: as much of Arduino's core as a sketch with Wi-Fi uses, with the signatures of the real
// one. Serial prints to standard output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

typedef uint8_t byte;

const uint8_t A0 = 36;

void delay(unsigned long milliseconds);
unsigned long millis();
int analogRead(uint8_t pin);

class String {
 public:
  String(const char* text = "") : text(text) {}
  explicit String(int number) : text(std::to_string(number)) {}
  const char* c_str() const { return text.c_str(); }
  friend String operator+(const String& left, const String& right) {
    return String((left.text + right.text).c_str());
  }

 private:
  std::string text;
};

class HardwareSerial {
 public:
  void begin(unsigned long baud);
  size_t write(const uint8_t* bytes, size_t length);
  size_t print(const char* text);
  size_t print(int number);
  size_t println(const char* text);
  size_t println(int number);
  size_t println();
};

extern HardwareSerial Serial;
