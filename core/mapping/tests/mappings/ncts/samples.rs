//! Every sample comes back over itself and of its canonical document alone, and stays as valid as it was.

use super::corpus::{ALL, PHASES, Phase, Sample, cases};
use crate::laws::{self, accounted};
use crate::mapped::{canonical, document};
use crate::xmllint::Xmllint;

/// Samples of the newer phase in the shape of the older: they hold elements that the newer one lacks, which cannot be
/// written alone.
const OLD_SHAPE: [&str; 10] = [
    "cc007c-invalid-recipient.xml",
    "cc007c-invalid-ref-office.xml",
    "cc007c-invalid-reference.xml",
    "cc007c-valid-xi.xml",
    "cc013c-invalid-both-mrn-and-lrn.xml",
    "cc013c-invalid-message-sender.xml",
    "cc013c-invalid-no-mrn-lrn.xml",
    "cc013c-invalid.xml",
    "cc013c-valid-mrn.xml",
    "cc029c-valid.xml",
];

#[test]
fn every_mapping_loads() {
    for phase in PHASES {
        for message in ALL {
            assert!(phase.mapped(message).mapping.written().is_some(), "{message}");
        }
    }
}

/// What does not come back of a message alone, when all else is as the laws say.
fn differs(phase: &Phase, sample: &Sample) -> Option<String> {
    let (name, mapped) = (&sample.name, phase.mapped(&sample.message));
    let tree = mapped.recognised(&sample.text).unwrap_or_else(|| panic!("{name}"));
    let got = mapped.get_one(&tree);
    laws::counted(&tree, &got);
    let put = accounted(mapped.put_over(&got.document, &tree, &got), &got.document);
    assert_eq!(laws::over_differs(mapped, &put, &tree), None, "{name}");
    assert_eq!(laws::comes_back(mapped, &got.document, Some((&tree, &got))), None, "{name}");
    assert_eq!(laws::comes_back(mapped, &got.document, None), None, "{name}");
    assert_eq!(laws::needs_no_message(mapped, &got.document), None, "{name}");
    let residue = (got.counts().residue > 0).then(|| "residue".to_owned());
    laws::alone_differs(mapped, &got, &tree).or(residue)
}

#[test]
fn samples_come_back() {
    for phase in PHASES {
        let samples = phase.samples();
        let differ: Vec<_> =
            samples.iter().filter_map(|one| Some((&*one.name, differs(&phase, one)?))).collect();
        let expected: &[&str] =
            if phase.mappings == "ncts" && !samples.is_empty() { &OLD_SHAPE } else { &[] };
        assert_eq!(differ.iter().map(|(name, _)| *name).collect::<Vec<_>>(), expected, "{differ:#?}");
    }
}

/// The same samples of the newer phase, read and written as the older, come back too: all 50 of 50.
#[test]
fn samples_of_the_old_shape_come_back_as_what_they_are() {
    let [old, new] = PHASES;
    for sample in new.samples().iter().filter(|sample| OLD_SHAPE.contains(&&*sample.name)) {
        assert_eq!(differs(&old, sample), None, "{}", sample.name);
    }
}

#[test]
fn cases_come_back() {
    let [_, new] = PHASES;
    for case in cases() {
        assert_eq!(differs(&new, &case), None, "{}", case.name);
    }
}

/// What was valid by the schemas is valid when it is written alone, and what was not is not.
#[test]
fn what_is_written_is_as_valid_as_what_was_read() {
    for phase in PHASES {
        let mut samples = phase.samples();
        if samples.is_empty() {
            return;
        }
        if phase.mappings == "ncts" {
            samples.extend(cases());
            samples.retain(|sample| !OLD_SHAPE.contains(&&*sample.name));
        }
        for message in ALL {
            let mapped = phase.mapped(message);
            let Some(mut judge) = phase.schema(message).and_then(|schema| Xmllint::by(&schema)) else {
                return;
            };
            let own: Vec<_> = samples.iter().filter(|sample| sample.message == message).collect();
            for sample in &own {
                let tree = mapped.read(&sample.text);
                let text = canonical(&mapped.get_one(&tree).document);
                judge.add(&sample.text);
                judge.add(mapped.write(&mapped.put(&document(&text)).tree).0);
            }
            for (sample, verdicts) in own.iter().zip(judge.verdicts().chunks(2)) {
                let [before, after] = verdicts else { panic!() };
                assert_eq!(
                    before.is_empty(),
                    after.is_empty(),
                    "{}: {before:?}, then {after:?}",
                    sample.name
                );
            }
        }
    }
}
