//! A device as a form has it, and what is asked of the broker.

use std::sync::Arc;

use super::device::{Device, Right};
use crate::chat::store::write::Writing;

/// A device in a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// What people call it.
    pub name: String,
    /// What there is to say about it.
    pub description: String,
    /// What it may do.
    pub channels: Vec<Right>,
}

/// A request to the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A new device.
    Add(Draft),
    /// Other words or rights for the device of this id.
    Update(Arc<str>, Draft),
    /// A new password for it.
    Rotate(Arc<str>),
    /// Takes it away.
    Remove(Arc<str>),
    /// Takes a channel away, and its entries.
    RemoveChannel(u32),
}

/// Where in a form the broker's answer belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The name.
    Name,
    /// The description.
    Description,
    /// The channels as a whole.
    Channels,
    /// One of them, by its place.
    Channel(usize),
    /// None of these.
    Form,
}

impl Spot {
    /// The place of a field as the broker names it: `name`, `channels`, `channels[3].id`.
    pub fn of(field: &str) -> Self {
        let place = |field: &str| field.strip_prefix("channels[")?.split_once(']')?.0.parse().ok();
        match field {
            "name" => Self::Name,
            "description" => Self::Description,
            "channels" => Self::Channels,
            _ => place(field).map_or(Self::Form, Self::Channel),
        }
    }
}

impl Draft {
    /// The form for a device that exists.
    pub fn of(device: &Device) -> Self {
        Self {
            name: device.name.to_string(),
            description: device.description.to_string(),
            channels: device.channels.clone(),
        }
    }

    fn json(&self) -> Writing {
        let mut channels = Writing::list();
        for right in &self.channels {
            let flag = |flag: bool| if flag { "true" } else { "false" };
            let mut channel = Writing::object();
            if let Some(id) = right.id {
                channel = channel.number("id", id.into());
            }
            channel = channel.json("publish", flag(right.publish)).json("subscribe", flag(right.subscribe));
            channels.item(&channel.end());
        }
        Writing::object()
            .text("name", self.name.trim())
            .text("description", self.description.trim())
            .json("channels", &channels.end())
    }
}

impl Ask {
    /// The last level of the request's topic.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Add(_) => "add",
            Self::Update(..) => "update",
            Self::Rotate(_) => "rotate",
            Self::Remove(_) | Self::RemoveChannel(_) => "remove",
        }
    }

    /// What the request says.
    pub fn payload(&self) -> String {
        match self {
            Self::Add(draft) => draft.json().end(),
            Self::Update(id, draft) => draft.json().text("id", id).end(),
            Self::Rotate(id) | Self::Remove(id) => Writing::object().text("id", id).end(),
            Self::RemoveChannel(id) => Writing::object().number("channel", (*id).into()).end(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_belongs_where_its_field_is() {
        for (field, spot) in [
            ("name", Spot::Name),
            ("description", Spot::Description),
            ("channels", Spot::Channels),
            ("channels[3].id", Spot::Channel(3)),
            ("channels[0]", Spot::Channel(0)),
            ("channels[x]", Spot::Form),
            ("", Spot::Form),
            ("id", Spot::Form),
        ] {
            assert_eq!(Spot::of(field), spot, "{field}");
        }
    }

    #[test]
    fn a_request_says_what_the_form_has() {
        let channels = vec![
            Right { id: Some(7), publish: true, subscribe: false },
            Right { id: None, publish: false, subscribe: true },
        ];
        let draft = Draft { name: " Lamp \"1\" ".to_owned(), description: "über\n".to_owned(), channels };
        let said = r#"{"name":"Lamp \"1\"","description":"über","channels":[{"id":7,"publish":true,"subscribe":false},{"publish":false,"subscribe":true}]"#;
        assert_eq!(Ask::Add(draft.clone()).payload(), format!("{said}}}"));
        assert_eq!(Ask::Update("dev-1".into(), draft).payload(), format!("{said},\"id\":\"dev-1\"}}"));
        assert_eq!(Ask::Rotate("dev-1".into()).payload(), r#"{"id":"dev-1"}"#);
        assert_eq!(Ask::RemoveChannel(7).payload(), r#"{"channel":7}"#);
        assert_eq!(Ask::RemoveChannel(7).verb(), "remove");
    }
}
