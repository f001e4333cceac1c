//! People of a test's own, besides those of the demo. All invented.

use std::sync::atomic::{AtomicU32, Ordering};

use futures::FutureExt;
use linli_application::secrets;
use linli_domain::id::{AccountId, LoginId, PersonId, VerificationId};
use linli_domain::person::{Fact, Person, Verification};
use linli_domain::phone::Phone;
use linli_domain::role::Actor;
use linli_domain::time::Span;
use linli_domain::words::Language;
use linli_store::StoreError;
use linli_store::people::accounts::{self, Account};
use linli_store::people::logins::{self, Login};
use linli_store::people::{grants, persons, verifications};

use super::client::Client;
use super::world::World;

/// Residents of the demo.
pub(crate) const LIN: &str = "19900000001";
pub(crate) const HE: &str = "19900000002";
pub(crate) const NEWCOMER: &str = "19900000003";
/// Staff of the demo: of the clinic, of another organisation, of a community, of its street, of the district.
pub(crate) const CLINIC_DESK: &str = "19900000011";
pub(crate) const CASE_WORKER: &str = "19900000012";
pub(crate) const COMMUNITY: &str = "19900000013";
pub(crate) const STREET: &str = "19900000014";
pub(crate) const DISTRICT: &str = "19900000015";
/// Somebody who comes to the door.
pub(crate) const WORKER: &str = "19900000021";
/// Who runs the clinic.
pub(crate) const MANAGER: &str = "19900000016";

impl World {
    /// So many grown-up residents with an account, a phone and a verified identity.
    pub(crate) async fn residents(&self, count: usize) -> Vec<Actor> {
        self.residents_born(count, "1980-02-29").await
    }

    /// The same, born on a day.
    pub(crate) async fn residents_born(&self, count: usize, born: &'static str) -> Vec<Actor> {
        let app = self.app.clone();
        let staff = self.staff(COMMUNITY).await.account;
        let now = app.now();
        self.app
            .store
            .write(move |tx| {
                async move {
                    let mut actors = Vec::with_capacity(count);
                    for n in 0..count {
                        let (person, account) = (PersonId(app.next_id()), AccountId(app.next_id()));
                        let row = Person {
                            id: person,
                            version: 1,
                            name: format!("演示居民{n}"),
                            birth_date: Some(born.parse().unwrap()),
                            community: Some("130903001007".parse().unwrap()),
                            address: None,
                            identity_mask: None,
                            language: Language::Zh,
                            large_type: false,
                        };
                        persons::insert(tx, &row, None, now).await?;
                        let account_row = Account {
                            id: account,
                            person,
                            phone: Some(phone()),
                            wechat_openid: None,
                            wechat_unionid: None,
                            created_at: now,
                        };
                        accounts::insert(tx, &account_row).await?;
                        let seen = Verification {
                            id: VerificationId(app.next_id()),
                            person,
                            fact: Fact::Identity,
                            document: "居民身份证".into(),
                            verified_by: staff,
                            verified_at: now,
                            expires_at: None,
                        };
                        verifications::insert(tx, &seen).await?;
                        actors.push(Actor { account, person, login: LoginId(0), grants: Vec::new() });
                    }
                    Ok::<_, StoreError>(actors)
                }
                .boxed()
            })
            .await
            .unwrap()
    }

    /// One of them.
    pub(crate) async fn resident(&self) -> Actor {
        self.residents(1).await.remove(0)
    }

    /// Somebody with an account, by phone, with the roles they have now.
    pub(crate) async fn staff(&self, phone: &str) -> Actor {
        let reads = self.app.store.reads();
        let account = accounts::by_phone(reads, &phone.parse().unwrap()).await.unwrap().unwrap();
        let held = grants::of_account(reads, account.id, self.app.now()).await.unwrap();
        Actor {
            account: account.id,
            person: account.person,
            login: LoginId(0),
            grants: held.into_iter().map(|record| record.grant).collect(),
        }
    }

    /// Writes a login for somebody and answers its token.
    pub(crate) async fn token_of(&self, actor: &Actor) -> String {
        let token = secrets::new_token(&*self.app.random);
        let (now, hash) = (self.app.now(), secrets::token_hash(&token));
        let login = Login {
            id: LoginId(self.app.next_id()),
            account: actor.account,
            device: String::new(),
            created_at: now,
            seen_at: now,
            expires_at: now + Span::days(30),
        };
        self.app.store.write(move |tx| async move { logins::insert(tx, &login, &hash).await }.boxed()).await.unwrap();
        token
    }

    /// Somebody over HTTP, without the way through a login code.
    pub(crate) async fn client_of(&self, actor: &Actor) -> Client {
        self.client().with_token(self.token_of(actor).await)
    }
}

/// A number of its own for every account, outside of the demo's.
fn phone() -> Phone {
    static NUMBERS: AtomicU32 = AtomicU32::new(0);
    format!("192{:08}", NUMBERS.fetch_add(1, Ordering::SeqCst)).parse().unwrap()
}
