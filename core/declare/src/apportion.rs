//! Sharing an amount out by weights so that the shares make the whole.

use dragoman_model::Decimal;

/// Shares of `total` in proportion to `weights`, each rounded to `scale` decimals, by the method of the largest
/// remainder: what rounding down leaves over goes, one unit each, to the shares that lost most by it, the earlier
/// first. `None` where there is no weight at all, one is negative, or the numbers are too long.
pub(crate) fn apportion(total: Decimal, weights: &[Decimal], scale: u32) -> Option<Vec<Decimal>> {
    let sum = weights.iter().try_fold(Decimal::ZERO, |sum, weight| sum.checked_add(*weight))?;
    if sum <= Decimal::ZERO || total < Decimal::ZERO || weights.iter().any(|weight| *weight < Decimal::ZERO) {
        return None;
    }
    let unit = Decimal::try_new(1, scale).ok()?;
    let mut shares = Vec::new();
    let mut lost = Vec::new();
    for weight in weights {
        let exact = total.checked_mul(*weight)?.checked_div(sum)?;
        let share = exact.trunc_with_scale(scale);
        lost.push(exact - share);
        shares.push(share);
    }
    let given = shares.iter().try_fold(Decimal::ZERO, |sum, share| sum.checked_add(*share))?;
    let mut over = total.checked_sub(given)?;
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(lost.get(*at).copied().unwrap_or_default()));
    for at in order {
        let Some(share) = shares.get_mut(at) else { continue };
        let more = over.min(unit);
        *share += more;
        over -= more;
    }
    for share in &mut shares {
        *share = share.normalize();
    }
    over.is_zero().then_some(shares)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_largest_remainder_gets_what_is_left() {
        let of = |total: &str, weights: &[i64]| {
            let weights: Vec<_> = weights.iter().map(|weight| Decimal::from(*weight)).collect();
            let shares = apportion(total.parse().unwrap(), &weights, 2)?;
            Some(shares.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(of("10.00", &[1, 1, 1]).unwrap(), "3.34 3.33 3.33");
        assert_eq!(of("0.05", &[1, 2, 3]).unwrap(), "0.01 0.02 0.02");
        assert_eq!(of("7", &[0, 5]).unwrap(), "0 7");
        assert_eq!(of("7", &[0, 0]), None);
        assert_eq!(of("7", &[-1, 2]), None);
        assert_eq!(of("7", &[]), None);
    }

    proptest! {
        #[test]
        fn shares_make_the_whole(
            total in 0i64..1_000_000_000,
            weights in prop::collection::vec(0i64..100_000, 1..9),
            scale in 0u32..4,
        ) {
            let total = Decimal::new(total, scale);
            let decimals: Vec<_> = weights.iter().map(|weight| Decimal::from(*weight)).collect();
            let Some(shares) = apportion(total, &decimals, scale) else {
                prop_assert!(weights.iter().all(|weight| *weight == 0));
                return Ok(());
            };
            prop_assert_eq!(shares.iter().sum::<Decimal>(), total);
            let sum: Decimal = decimals.iter().sum();
            let unit = Decimal::new(1, scale);
            for (share, weight) in shares.iter().zip(&decimals) {
                let exact = total * weight / sum;
                prop_assert!((share - exact).abs() <= unit, "{} for {}", share, exact);
                prop_assert!(share.scale() <= scale);
            }
        }
    }
}
