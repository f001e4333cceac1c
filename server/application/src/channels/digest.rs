//! One message a day for what can wait.

use futures::FutureExt;
use linli_domain::channel::{self, Channel, News, Template, Urgency};
use linli_store::channels as tables;
use linli_store::jobs;

use super::Sending;
use crate::{App, Failure, Result};

/// Digests begun in one transaction.
const AT_ONCE: u32 = 200;

/// Begins every digest that is due. What waits is taken in the transaction that writes the job to send it, so a tick
/// that runs twice begins none twice.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn send_due(app: &App) -> Result<()> {
    loop {
        let this = app.clone();
        let begun = app.store.write(move |tx| async move { begin(&this, tx).await }.boxed()).await?;
        if begun == 0 {
            return Ok(());
        }
        app.hub.publish("jobs", "").await;
    }
}

async fn begin(app: &App, tx: &linli_store::Tx) -> Result<usize> {
    let now = app.now();
    let taken = tables::take_digests(tx, now, AT_ONCE).await?;
    // Whoever has read everything needs no digest.
    let people: Vec<_> = taken.digests.iter().map(|digest| digest.person).collect();
    let offered = app.wechat.template_id(Template::Notice.key()).is_some();
    let mut sent = Vec::new();
    for to in tables::reach(tx, &people, Template::Notice).await? {
        let Some(digest) = taken.digests.iter().find(|digest| digest.person == to.person) else { continue };
        let mut reach = to.reach();
        reach.wechat &= offered;
        // Whoever wishes for a digest wishes for a message.
        let way = if reach.wechat { Channel::Wechat } else { Channel::Sms };
        if !reach.wechat && !reach.phone {
            continue;
        }
        let sending = Sending {
            person: to.person,
            topic: "digest".into(),
            source: format!("digest/{}/{}", to.person, digest.last),
            notice: None,
            order: None,
            count: Some(digest.unread),
            area: None,
            urgency: Urgency::Ordinary,
        };
        let news = News { urgency: Urgency::Ordinary, by: None };
        sent.push(sending.job(app, way, channel::leaves(news, &to.wishes, now)));
    }
    jobs::enqueue(tx, &sent).await?;
    Ok::<_, Failure>(taken.items)
}
