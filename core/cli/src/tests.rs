//! What unit tests of several modules share.

use dragoman_tree::Code;

/// A kind of finding that nothing raises.
pub const CODE: Code = Code { id: "DG-E9999", title: "made up", help: "For tests." };
