//! What an adapter declares about talking to its counterpart: requests made, answers classified; as data, pure.
