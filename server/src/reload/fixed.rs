//! What a reload cannot change: whatever is opened once, at the start.

use crate::config::Config;

/// The settings by name, written out to be compared.
pub(super) struct Fixed(Vec<(String, String)>);

impl Fixed {
    pub(super) fn of(config: &Config) -> Self {
        let mut settings = vec![
            ("max_connections".to_owned(), format!("{:?}", config.max_connections)),
            ("trusted_proxies".to_owned(), format!("{:?}", config.trusted_proxies)),
            ("the store".to_owned(), format!("{:?}", config.store)),
            ("[metrics]".to_owned(), format!("{:?}", config.metrics)),
            ("[http]".to_owned(), format!("{:?}", config.http)),
        ];
        for realm in &config.realms {
            let name = &realm.broker.realm;
            settings.push((format!("listen of the realm `{name}`"), format!("{:?}", realm.listeners)));
            let interval = format!("{:?}", realm.broker.sys_interval);
            settings.push((format!("sys_interval of the realm `{name}`"), interval));
            let paths = format!("{:?}", realm.websocket_paths);
            settings.push((format!("websocket_paths of the realm `{name}`"), paths));
        }
        Self(settings)
    }

    /// The names of the settings that differ, each once: those that are new or gone, too.
    pub(super) fn changes(&self, new: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        let pairs = self.0.iter().map(|pair| (pair, &new.0)).chain(new.0.iter().map(|pair| (pair, &self.0)));
        for (pair, others) in pairs {
            if !others.contains(pair) && !changes.contains(&pair.0) {
                changes.push(pair.0.clone());
            }
        }
        changes
    }
}
