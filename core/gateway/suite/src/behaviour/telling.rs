//! What platforms tell: hints, and no more.

use dragoman_simulators::Does;

use crate::ground::Ground;
use crate::trouble::Trouble;

/// The list is read once; from then on all that is known comes by webhooks, which come backwards and twice.
pub async fn webhooks(mut ground: Ground) -> Result<(), Trouble> {
    ground.pass(900);
    ground.read().await?;
    ground.place(2, false)?;
    ground.pass(1);
    for sold in ground.settled() {
        ground.act(&sold.id, Does::Edit, "5 Told Street", false)?;
    }
    let mut told = ground.simulator.told();
    if told.is_empty() {
        return Err(Trouble::new("its simulator tells nothing"));
    }
    told.reverse();
    for one in told.iter().chain(&told) {
        if !ground.hear(one).await? {
            return Err(Trouble::new("a webhook is not believed"));
        }
    }
    ground.read().await?;
    ground.check().await
}

/// One whose content is another than what was signed is refused, and changes nothing.
pub async fn forged(mut ground: Ground) -> Result<(), Trouble> {
    ground.place(1, false)?;
    for mut told in ground.simulator.told() {
        told.body.push(b' ');
        if ground.hear(&told).await? {
            return Err(Trouble::new("another body is believed"));
        }
        told.body.pop();
        told.headers.clear();
        if ground.hear(&told).await? {
            return Err(Trouble::new("one without a signature is believed"));
        }
    }
    ground.ends_well().await
}
