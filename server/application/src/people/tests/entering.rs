//! Codes, limits, WeChat, logins.

use linli_domain::refusal::Code;
use linli_domain::time::Span;

use super::super::login::{self, Origin};
use super::super::wechat::{self, WechatEntry};
use super::super::{logins, sessions};
use super::{ALICE, BOB, code_of, enter, home, world};

#[tokio::test]
async fn five_wrong_attempts_kill_a_code_and_a_right_one_works_once() {
    let (app, clock, _folder) = world().await;
    let code = login::request_code(&app, ALICE, home()).await.unwrap().demo_code.unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(code_of(login::with_code(&app, ALICE, wrong, None, home()).await), Code::CodeWrong);
    }
    assert_eq!(code_of(login::with_code(&app, ALICE, &code, None, home()).await), Code::CodeWrong);

    clock.advance(Span::minutes(1));
    let code = login::request_code(&app, ALICE, home()).await.unwrap().demo_code.unwrap();
    login::with_code(&app, ALICE, &code, None, home()).await.unwrap();
    assert_eq!(code_of(login::with_code(&app, ALICE, &code, None, home()).await), Code::CodeWrong);

    clock.advance(Span::minutes(1));
    let code = login::request_code(&app, ALICE, home()).await.unwrap().demo_code.unwrap();
    clock.advance(Span::minutes(5));
    assert_eq!(code_of(login::with_code(&app, ALICE, &code, None, home()).await), Code::CodeWrong, "too old");
}

#[tokio::test]
async fn many_who_try_at_once_get_no_more_than_five_attempts() {
    let (app, _clock, _folder) = world().await;
    let code = login::request_code(&app, ALICE, home()).await.unwrap().demo_code.unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move { code_of(login::with_code(&app, ALICE, wrong, None, home()).await) })
        })
        .collect();
    for one in tries {
        assert_eq!(one.await.unwrap(), Code::CodeWrong);
    }
    assert_eq!(code_of(login::with_code(&app, ALICE, &code, None, home()).await), Code::CodeWrong);
}

#[tokio::test]
async fn codes_are_strict_per_phone_and_loose_per_address() {
    let (app, clock, _folder) = world().await;
    login::request_code(&app, ALICE, home()).await.unwrap();
    let refused = login::request_code(&app, ALICE, home()).await.unwrap_err().refusal();
    assert_eq!((refused.code, refused.retry_after), (Code::TooManyRequests, Some(Span::seconds(60))));
    for _ in 0..4 {
        clock.advance(Span::minutes(1));
        login::request_code(&app, ALICE, home()).await.unwrap();
    }
    clock.advance(Span::minutes(1));
    assert_eq!(code_of(login::request_code(&app, ALICE, home()).await), Code::TooManyRequests, "five an hour");
    clock.advance(Span::hours(1));
    for _ in 0..5 {
        clock.advance(Span::minutes(1));
        login::request_code(&app, ALICE, home()).await.unwrap();
    }
    clock.advance(Span::hours(2));
    assert_eq!(code_of(login::request_code(&app, ALICE, home()).await), Code::TooManyRequests, "ten a day");

    let noisy = Origin([198, 51, 100, 7].into());
    for _ in 0..100 {
        assert_eq!(code_of(login::with_code(&app, BOB, "1", None, noisy).await), Code::CodeWrong);
    }
    assert_eq!(code_of(login::with_code(&app, BOB, "1", None, noisy).await), Code::TooManyRequests);
    for n in 0..150 {
        login::request_code(&app, &format!("19922220{n:03}"), home()).await.unwrap();
    }
    assert_eq!(
        code_of(login::with_code(&app, BOB, "1", None, home()).await),
        Code::CodeWrong,
        "successes do not count"
    );
}

#[tokio::test]
async fn wechat_opens_one_account_however_often_it_is_tapped() {
    let (app, clock, _folder) = world().await;
    let ticket = match wechat::login(&app, "demo:somebody", None, home()).await.unwrap() {
        WechatEntry::Unknown { ticket } => ticket,
        WechatEntry::Known(_) => panic!("nobody is known yet"),
    };
    let taps: Vec<_> = (0..8)
        .map(|_| {
            let (app, ticket) = (app.clone(), ticket.clone());
            tokio::spawn(async move {
                let code = format!("demo:{ALICE}");
                wechat::with_wechat_phone(&app, &ticket, &code, None, home()).await.unwrap().me.account.id
            })
        })
        .collect();
    let mut accounts = Vec::new();
    for tap in taps {
        accounts.push(tap.await.unwrap());
    }
    accounts.dedup();
    assert_eq!(accounts.len(), 1);
    let known = wechat::login(&app, "demo:somebody", None, home()).await.unwrap();
    assert!(matches!(known, WechatEntry::Known(login) if login.me.account.id == accounts[0]));
    clock.advance(Span::minutes(10));
    let late = wechat::with_wechat_phone(&app, &ticket, &format!("demo:{BOB}"), None, home()).await;
    assert_eq!(code_of(late), Code::WechatRefused, "a ticket lives ten minutes");
}

#[tokio::test]
async fn a_revoked_login_ends_at_once_and_a_used_one_lasts() {
    let (app, clock, _folder) = world().await;
    let (first, actor) = enter(&app, &clock, ALICE).await;
    let (second, other) = enter(&app, &clock, ALICE).await;
    assert_eq!(logins::list(&app, &other).await.unwrap().len(), 2);
    logins::revoke(&app, &other, actor.login).await.unwrap();
    assert_eq!(code_of(sessions::authenticate(&app, &first.token).await), Code::TokenInvalid);
    assert_eq!(code_of(logins::revoke(&app, &other, actor.login).await), Code::NotFound);

    let (_, stranger) = enter(&app, &clock, BOB).await;
    assert_eq!(code_of(logins::revoke(&app, &stranger, other.login).await), Code::NotFound);

    clock.advance(Span::days(31));
    assert_eq!(code_of(sessions::authenticate(&app, &second.token).await), Code::TokenInvalid);
    assert_eq!(code_of(sessions::authenticate(&app, "short").await), Code::TokenInvalid);
}

#[tokio::test]
async fn another_process_hears_of_a_revocation() {
    let (app, clock, _folder) = world().await;
    let (_, actor) = enter(&app, &clock, ALICE).await;
    let mut heard = app.hub.subscribe("logins").await;
    logins::revoke(&app, &actor, actor.login).await.unwrap();
    assert_eq!(heard.next().await, Some(actor.account.to_string()));
}
