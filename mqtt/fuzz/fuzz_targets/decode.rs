#![no_main]
libfuzzer_sys::fuzz_target!(|input: &[u8]| headcount_mqtt::fuzz::decode(input));
