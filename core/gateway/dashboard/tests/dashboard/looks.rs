//! What can be seen: contrasts of the style sheet, in light and in dark.

use std::collections::HashMap;

const STYLE: &str = include_str!("../../src/assets/style.css");
const SCRIPT: &str = include_str!("../../src/assets/script.js");

/// The colours of a block of variables.
fn colours(block: &str) -> HashMap<&str, [u8; 3]> {
    let one = |declaration: &'static str| {
        let (name, value) = declaration.trim().strip_prefix("--")?.split_once(": #")?;
        let channel = |at: usize| u8::from_str_radix(value.get(at..at + 2)?, 16).ok();
        Some((name, [channel(0)?, channel(2)?, channel(4)?]))
    };
    let start = STYLE.find(block).unwrap();
    let end = STYLE[start..].find('}').unwrap();
    STYLE[start..start + end].split([';', '{', '\n']).filter_map(one).collect()
}

/// The contrast of two colours (WCAG 2.2).
fn contrast(one: [u8; 3], two: [u8; 3]) -> f64 {
    let light = |colour: [u8; 3]| {
        let linear = colour.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (one, two) = (light(one), light(two));
    (one.max(two) + 0.05) / (one.min(two) + 0.05)
}

#[test]
fn everything_can_be_read_in_light_and_in_dark() {
    let light = colours(":root {");
    let dark = colours(":root {\n    --paper");
    assert_eq!(light.len(), dark.len());
    for (theme, colours) in [("light", light), ("dark", dark)] {
        let grounds = ["paper", "card", "sunk"];
        let inks = ["ink", "soft", "accent", "good", "warn", "bad"];
        let pairs = grounds.into_iter().flat_map(|ground| inks.map(|ink| (ink, ground)));
        let pairs =
            pairs.chain([("on-accent", "accent"), ("lit-ink", "lit"), ("ink", "gone"), ("ink", "come")]);
        for (ink, ground) in pairs {
            let found = contrast(colours[ink], colours[ground]);
            assert!(found >= 4.5, "{theme}: {ink} on {ground} has {found:.2}");
        }
        for bar in ["bar", "bar-2"] {
            let found = contrast(colours[bar], colours["card"]);
            assert!(found >= 3.0, "{theme}: {bar} on card has {found:.2}");
        }
    }
}

#[test]
fn the_script_is_small_and_loads_nothing_from_elsewhere() {
    assert!(SCRIPT.len() <= 10_000, "{}", SCRIPT.len());
    for text in [STYLE, SCRIPT] {
        for word in ["http:", "https:", "//cdn", "url(", "@import", "eval(", "innerHTML = "] {
            assert!(!text.contains(word), "{word}");
        }
    }
}
