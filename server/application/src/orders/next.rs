//! What happens next with an order, in words a resident reads.

use linli_domain::order::State;
use linli_domain::refusal::{Param, fill};
use linli_domain::time::Instant;
use linli_domain::visit::VisitState;
use linli_domain::words::{Language, Words};
use linli_store::booking::Order;
use linli_store::booking::queue::{Ticket, TicketState};

/// What happens next with a booking of a place, and by when.
pub(super) fn step(
    order: &Order,
    line: Option<(u32, u32)>,
    queue: Option<&(Ticket, Option<i32>, u32)>,
    phone: &str,
    now: Instant,
) -> Words {
    let number = queue.map_or(0, |(ticket, _, _)| ticket.number);
    let ahead = queue.map_or(0, |(_, _, ahead)| *ahead);
    let params: [(&'static str, Param); 8] = [
        ("when", order.starts_at.into()),
        ("until", order.held_until.unwrap_or(order.starts_at).into()),
        ("changes", order.changes_until.into()),
        ("code", order.check_in_code.as_str().into()),
        ("position", line.map_or(1, |(position, _)| position).into()),
        ("number", number.into()),
        ("ahead", ahead.into()),
        ("phone", phone.into()),
    ];
    let (zh, en) = match (order.state, queue.map(|(ticket, _, _)| ticket.state)) {
        (State::Requested, _) => (
            "等待场地确认，电话{phone}。有答复会马上通知您，这段时间先为您留着。",
            "Waiting for the place to say yes ({phone}). You will be told at once; it is kept for you meanwhile.",
        ),
        (State::Waiting, _) => (
            "您排在第 {position} 位。有空位会为您保留，并发短信通知。",
            "You are number {position} in line. When a place comes free it is held for you and you get a text message.",
        ),
        (State::Held, _) => {
            ("请在{until}前确认，过时会给下一位。", "Please accept by {until}, or it goes to the next in line.")
        }
        (State::Confirmed, _) if now > order.changes_until => (
            "{when}前到场，凭取号码 {code} 在前台取号。如不能前往，请致电{phone}。",
            "Come by {when} and check in at the desk with code {code}. If you cannot come, please call {phone}.",
        ),
        (State::Confirmed, _) => (
            "{when}前到场，凭取号码 {code} 在前台取号。{changes}前可以取消或改期。",
            "Come by {when} and check in at the desk with code {code}. You can cancel or move it until {changes}.",
        ),
        (State::Underway, Some(TicketState::Waiting)) => (
            "您是 {number} 号，前面还有 {ahead} 位。请留意叫号。",
            "Your number is {number}; {ahead} ahead of you. Please listen for your number.",
        ),
        (State::Underway, Some(TicketState::Called)) => {
            ("正在叫您的号：{number} 号。", "Your number is being called: {number}.")
        }
        (State::Underway, Some(TicketState::Missed)) => (
            "叫到 {number} 号时您不在。请到前台，工作人员会重新安排。",
            "You were not there when number {number} was called. Please go to the desk; the staff will call you again.",
        ),
        (State::Underway, _) => ("服务正在进行。", "It is under way."),
        (State::Fulfilled, _) => (
            "如果没有问题，请确认完成；有问题可以要求继续处理。",
            "Please confirm if all is well, or ask for more if it is not.",
        ),
        (State::Reopened, _) => {
            ("工作人员会与您联系。也可以致电{phone}。", "The staff will contact you. You can also call {phone}.")
        }
        (State::Closed, _) => ("已结束。", "Closed."),
        (State::Rejected, _) => {
            ("没有被接受。请看看其他时间或地点。", "It was not accepted. Please look at another time or place.")
        }
        (State::Cancelled, _) => ("已取消。可以重新预约。", "It is cancelled. You can book again."),
        (State::Expired, _) => ("已过期。可以重新预约。", "It has expired. You can book again."),
        (State::NoShow, _) => {
            ("记录为未到场。如有疑问请致电{phone}。", "It is recorded as missed. If that is wrong please call {phone}.")
        }
    };
    filled(zh, en, &params)
}

/// What happens next with a visit, where somebody comes to the door.
pub(super) fn of_visit(order: &Order, visit: VisitState, phone: &str) -> Words {
    let params: [(&'static str, Param); 2] = [("when", order.starts_at.into()), ("phone", phone.into())];
    let (zh, en) = match (order.state, visit) {
        (State::Requested, _) => (
            "正在为您联系上门的人，联系到会马上通知您。如有急事请致电{phone}。",
            "We are looking for somebody to come. You will be told at once; if it is urgent please call {phone}.",
        ),
        (State::Underway, VisitState::Arrived) => (
            "上门的人已到门口。请核对后报出四位开工码。",
            "They are at the door. Please see that it is them, then read out the four digits.",
        ),
        (State::Underway, _) => ("正在为您服务。", "They are at work."),
        (State::Confirmed, VisitState::OnTheWay) => (
            "上门的人已出发。到门口时请报出四位开工码。",
            "They are on the way. When they are at the door, read out the four digits.",
        ),
        (State::Confirmed, VisitState::Arrived) => (
            "上门的人已到门口。请核对后报出四位开工码。",
            "They are at the door. Please see that it is them, then read out the four digits.",
        ),
        (State::Confirmed, _) => (
            "约{when}上门。到门口时请报出四位开工码。如有变化请致电{phone}。",
            "Somebody comes at about {when}. At the door, read out the four digits. If anything changes please call {phone}.",
        ),
        (State::Fulfilled, _) => (
            "如果没有问题，请确认完成；有问题可以要求继续处理。",
            "Please confirm if all is well, or ask for more if it is not.",
        ),
        (State::Reopened, _) => (
            "会有人再次上门处理，时间会另行通知。也可以致电{phone}。",
            "Somebody will come again; you will be told when. You can also call {phone}.",
        ),
        (State::NoShow, _) => (
            "记录为上门时家中无人。如有疑问请致电{phone}。",
            "It is recorded that nobody was at home. If that is wrong please call {phone}.",
        ),
        (State::Rejected, _) => {
            ("这一单没有被接受。如有疑问请致电{phone}。", "It was not accepted. If you wonder why please call {phone}.")
        }
        (State::Expired, _) => (
            "这段时间没有人能上门。可以换个时间再试，或致电{phone}。",
            "Nobody could come in this time. You can try another time, or call {phone}.",
        ),
        (State::Cancelled, _) => ("已取消。可以重新下单。", "It is cancelled. You can ask again."),
        // A visit is neither held nor in line.
        (State::Closed | State::Waiting | State::Held, _) => ("已结束。", "Closed."),
    };
    filled(zh, en, &params)
}

fn filled(zh: &str, en: &str, params: &[(&'static str, Param)]) -> Words {
    Words::new(fill(zh, params, Language::Zh), fill(en, params, Language::En))
}
