//! The word lists are complete.

use headcount_page::store::reason;

#[test]
fn every_reason_of_the_contract_has_words() {
    let closed_list = "client-disconnect client-disconnect-with-will keep-alive-timeout connection-lost taken-over \
        kicked malformed-packet protocol-error packet-too-large quota-exceeded not-authorized idle-timeout \
        connect-timeout session-expired server-shutdown server-restart bad-user-name-or-password banned \
        bad-client-id unsupported-protocol-version server-busy";
    for name in closed_list.split_whitespace() {
        let words = reason::words(name);
        assert!(!words.contains('-') && !words.is_empty(), "{name}: {words}");
        assert!(words != name || name == "banned", "{name} has no words of its own");
    }
}
