//! HTTP to counterparts: authorisation, limits, breakers, time-outs, refusal of private addresses.
