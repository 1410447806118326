//! The simulated counterparts, over HTTP on loopback.
