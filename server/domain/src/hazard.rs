//! What others may read of a report: never who made it, nor a number by which they could be found.

use crate::platform::Kind;

/// What stands for something left out.
const LEFT_OUT: &str = "＊＊＊";

/// The shortest run of digits that may be a phone or an identity number.
const NUMBER: usize = 7;

/// The words of a report fit for everybody: what the kind's form asks first, without numbers to call and addresses of
/// mail.
pub fn what(kind: &Kind, form: &serde_json::Value) -> String {
    let said = kind.form.first().and_then(|field| form.get(&field.key)).and_then(serde_json::Value::as_str);
    masked(said.unwrap_or_default())
}

/// A text without phone numbers, identity numbers and mail addresses.
pub fn masked(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for (index, word) in text.split(char::is_whitespace).enumerate() {
        if index > 0 {
            clean.push(' ');
        }
        clean.push_str(&without_mail(word));
    }
    without_numbers(&clean)
}

/// A mail address is Latin: it ends where Chinese begins.
fn without_mail(word: &str) -> String {
    let is_mail = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@');
    let mut clean = String::new();
    let mut rest = word;
    while !rest.is_empty() {
        let run: usize = rest.chars().take_while(|c| is_mail(*c)).map(char::len_utf8).sum();
        let (mail, after) = rest.split_at(run);
        let inside = mail.trim_matches('@');
        clean.push_str(if inside.contains('@') { LEFT_OUT } else { mail });
        let next = after.chars().next().map_or(0, char::len_utf8);
        clean.push_str(&after[..next]);
        rest = &after[next..];
    }
    clean
}

/// Runs of digits, also with single blanks and hyphens between them, in full width, or in Chinese.
fn without_numbers(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c) || "零〇一二三四五六七八九幺".contains(c);
    let mut clean = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let (mut end, mut digits, mut ahead) = (at, 0, at);
        while ahead < chars.len() {
            if is_digit(chars[ahead]) {
                (digits, ahead) = (digits + 1, ahead + 1);
                end = ahead;
            } else if digits > 0 && ahead == end && matches!(chars[ahead], ' ' | '-' | '－' | '—') {
                ahead += 1;
            } else {
                break;
            }
        }
        if digits >= NUMBER {
            clean.push_str(LEFT_OUT);
            at = end;
        } else {
            clean.push(chars[at]);
            at += 1;
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_mail_are_left_out_and_the_rest_stays() {
        for (text, clean) in [
            ("井盖松动，电话19900000001", "井盖松动，电话＊＊＊"),
            ("call 199 0000 0001 please", "call ＊＊＊ please"),
            ("０３１７-0000001找王师傅", "＊＊＊找王师傅"),
            ("一九九零零零零零零零一", "＊＊＊"),
            ("身份证99010120000101001X", "身份证＊＊＊X"),
            ("写信到a.b@example.org谢谢", "写信到＊＊＊谢谢"),
            ("3号楼2单元 15层，2026-11-23 起", "3号楼2单元 15层，＊＊＊ 起"),
            ("@路口 lamp 12 dark", "@路口 lamp 12 dark"),
            ("", ""),
        ] {
            assert_eq!(masked(text), clean, "{text}");
        }
    }
}
