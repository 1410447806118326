//! The laws on documents that nobody wrote.

use dragoman_model::Schema;
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::MESSAGES;
use crate::edifact::generated::{cases, comes_back, made};
use crate::edifact::support::Format;

proptest! {
    #![proptest_config(Config { cases: cases(), ..Config::default() })]

    #[test]
    fn documents_become_valid_messages_and_come_back(numbers in proptest::collection::vec(any::<u16>(), 400)) {
        for message in MESSAGES {
            let format = Format::of(message.mapping);
            let document = made(Schema::standard().name_of(format.mapping.model()), &numbers);
            let put = format.put(&document);
            comes_back(&format, &document, &put);
        }
    }
}
