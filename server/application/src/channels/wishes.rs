//! What people wish and agree to.

use std::collections::BTreeMap;

use futures::FutureExt;
use linli_domain::channel::{LONGEST_QUIET, Template, Wishes};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs};
use linli_store::channels as tables;
use linli_store::people::accounts;
use linli_store::wechat_ledger::{self as ledger, Entry};

use crate::{App, Failure, Result};

/// Answers to one question of WeChat at most, which asks for three kinds at a time.
const MOST_ANSWERS: usize = 10;

/// A kind of one-time message that can be agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageKind {
    /// Which.
    pub template: Template,
    /// The id under which the mini-program asks WeChat.
    pub wechat_id: String,
    /// What it is called.
    pub name: Words,
    /// How many may still be sent.
    pub kept: i32,
}

/// What somebody answered when WeChat asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// To which kind of message.
    pub template: Template,
    /// Whether they agreed to one.
    pub accepted: bool,
}

impl App {
    /// How the actor wishes to be told.
    ///
    /// # Errors
    /// The database's.
    pub async fn wishes(&self, actor: &Actor) -> Result<Wishes> {
        Ok(tables::wishes(self.store.reads(), actor.person).await?)
    }

    /// Changes how the actor wishes to be told.
    ///
    /// # Errors
    /// [`Code::ValueInvalid`] for quiet hours of more than twelve hours.
    pub async fn wish(&self, actor: &Actor, wishes: Wishes) -> Result<Wishes> {
        if wishes.quiet_minutes() > LONGEST_QUIET {
            let allowed = Words::new("安静时段不超过 12 小时", "quiet hours of at most 12 hours");
            return Err(Refusal::new(Code::ValueInvalid).with("allowed", allowed).field("quiet_to").into());
        }
        let (person, now) = (actor.person, self.now());
        let entry = self.entry(actor, ActingAs::Resident, "channels.changed").about(person);
        self.store
            .write(move |tx| {
                async move {
                    tables::wish(tx, person, &wishes, now).await?;
                    audit::record(tx, entry).await?;
                    Ok::<_, Failure>(())
                }
                .boxed()
            })
            .await?;
        Ok(wishes)
    }

    /// The kinds of one-time messages WeChat can be asked about, with what the actor has agreed to. None where WeChat
    /// is not used.
    ///
    /// # Errors
    /// The database's.
    pub async fn message_kinds(&self, actor: &Actor) -> Result<Vec<MessageKind>> {
        if !self.settings.wechat_login {
            return Ok(Vec::new());
        }
        let kept: BTreeMap<Template, i32> = ledger::kept(self.store.reads(), actor.person).await?.into_iter().collect();
        let kind = |template: Template| {
            Some(MessageKind {
                template,
                wechat_id: self.wechat.template_id(template.key())?,
                name: template.words(),
                kept: kept.get(&template).copied().unwrap_or(0),
            })
        };
        Ok(Template::ALL.into_iter().filter_map(kind).collect())
    }

    /// Counts what the actor answered after a tap: one consent for each yes. The same key counts once.
    ///
    /// # Errors
    /// [`Code::WechatNotLinked`] for accounts WeChat does not know; [`Code::ValueInvalid`] for no answers or too many.
    pub async fn count_answers(&self, actor: &Actor, answers: Vec<Answered>, key: Option<&str>) -> Result<()> {
        if answers.is_empty() || answers.len() > MOST_ANSWERS {
            let allowed = format!("1-{MOST_ANSWERS}");
            return Err(Refusal::new(Code::ValueInvalid).with("allowed", allowed).field("results").into());
        }
        let account = accounts::account(self.store.reads(), actor.account).await?;
        if account.is_none_or(|account| account.wechat_openid.is_none()) {
            return Err(Code::WechatNotLinked.into());
        }
        let (person, now, this) = (actor.person, self.now(), self.clone());
        let key = key.map_or_else(|| self.next_id().to_string(), |key| format!("{}/{key}", actor.account));
        self.store
            .write(move |tx| {
                async move {
                    // In the order of the kinds, so that two requests never wait for each other crosswise.
                    for (template, accepted) in
                        answers.iter().map(|one| (one.template, one.accepted)).collect::<BTreeMap<_, _>>()
                    {
                        let source = format!("answer/{key}/{}", template.key());
                        let entry = Entry { id: this.next_id(), person, template, source: &source, at: now };
                        if accepted {
                            ledger::accept(tx, entry).await?;
                        } else {
                            ledger::refuse(tx, entry).await?;
                        }
                    }
                    Ok::<_, Failure>(())
                }
                .boxed()
            })
            .await
    }
}
