//! Filters to learn from, and topics to choose.

/// What the examples are matched with.
pub const TOPIC: &str = "room/hallway/temperature";

/// Filters, good and bad.
pub const FILTERS: [&str; 10] = [
    "room/hallway/temperature",
    "room/hallway/+",
    "room/+/temperature",
    "room/+/+",
    "+/+/+",
    "room/#",
    "#",
    "room/#/temperature",
    "room/#/#",
    "room/hall+/temperature",
];

/// Filters to check, each with its name.
pub const SECTIONS: [(&str, &str); 8] = [
    ("news/#", "All news"),
    ("news/politics/#", "Politics"),
    ("news/politics/us/#", "Politics, US"),
    ("news/politics/europe", "Politics, Europe"),
    ("news/sport/#", "Sport"),
    ("news/sport/football", "Football"),
    ("news/sport/formula-1", "Formula 1"),
    ("news/+/europe", "Europe, any section"),
];

/// Topics to write to.
pub const TOPICS: [&str; 6] = [
    "news/politics/us/utah",
    "news/politics/us/ohio",
    "news/politics/europe",
    "news/sport/football",
    "news/sport/formula-1",
    "news/culture/europe",
];
