//! What fits into a notice's fields. WeChat refuses the whole notice (47003) when one value is too long.

/// Cuts a value to what the field's type allows; the type is the field's name without its number.
///
/// A cut `thing` ends in `…`. The other types allow no such sign (a `phrase` and a `name` are letters only, a
/// `character_string` holds digits, letters and plain signs), so theirs are cut bare.
pub(super) fn fit(field: &str, value: &str) -> String {
    let value: String = value.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match field.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "thing" if units(&value) > 20 => cut(&value, 19) + "…",
        "phrase" => cut(&value, 5),
        // Ten Han characters or twenty letters: a mixed name is held to the shorter.
        "name" => cut(&value, if value.is_ascii() { 20 } else { 10 }),
        "character_string" => cut(&value, 32),
        _ => value,
    }
}

/// Length as WeChat's own programs count it, in UTF-16: a rare character or an emoji counts twice.
fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The longest start of whole characters within so many units.
fn cut(text: &str, most: usize) -> String {
    let mut used = 0;
    text.chars()
        .take_while(|c| {
            used += c.len_utf16();
            used <= most
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cut_at_whole_characters() {
        let twenty = "一二三四五六七八九十一二三四五六七八九十";
        assert_eq!(fit("thing1", twenty), twenty);
        assert_eq!(fit("thing1", &format!("{twenty}百")), "一二三四五六七八九十一二三四五六七八九…");
        assert_eq!(fit("thing12", &"😀".repeat(11)), format!("{}…", "😀".repeat(9)));
        assert_eq!(fit("thing3", " 一\n二 "), "一 二");
        assert_eq!(fit("phrase2", "已经预约成功"), "已经预约成");
        assert_eq!(fit("name1", "甲乙丙丁戊己庚辛壬癸子"), "甲乙丙丁戊己庚辛壬癸");
        assert_eq!(fit("name1", "Abcdefghijklmnopqrstuvw"), "Abcdefghijklmnopqrst");
        assert_eq!(fit("character_string4", &"A1-".repeat(11)), format!("{}A1", "A1-".repeat(10)));
        assert_eq!(fit("time2", "2026-11-23 09:30"), "2026-11-23 09:30");
    }
}
