use proptest::prelude::*;

use super::*;

fn signs() -> Signs {
    Signs::parse(include_str!("../../../data/emergency.toml")).unwrap()
}

/// Sentences as people write them, and the number they must read first.
const NOW: &[(&str, &str)] = &[
    ("着火了", "119"),
    ("我家着 火 了！！", "119"),
    ("3号楼楼道里冒黑烟", "119"),
    ("电动车起火，楼道里都是烟", "119"),
    ("去年着火的那栋楼又着火了", "119"),
    ("是不是着火了？窗户外面都是红的", "119"),
    ("可能着火了，闻到焦糊味", "119"),
    ("ＦＩＲＥ！", "119"),
    ("There is a fire in the stairway", "119"),
    ("The shed is burning", "119"),
    ("I smell smoke on the third floor", "119"),
    ("The fire alarm has been ringing", "119"),
    ("屋里有煤气味", "119"),
    ("闻到很浓的天然气的味道", "119"),
    ("厨房燃气泄漏了怎么办", "119"),
    ("It smells strongly of gas in the kitchen", "119"),
    ("gas leak", "119"),
    ("电梯停了，有老人被困", "119"),
    ("我被关在电梯里了", "119"),
    ("My mother is trapped in the lift", "119"),
    ("We’re stuck in the elevator", "119"),
    ("小孩掉进井里了", "119"),
    ("院墙倒塌压到人", "119"),
    ("有人触电了", "120"),
    ("路灯杆漏电电到人", "120"),
    ("A man was electrocuted by the lamp post", "120"),
    ("老人摔倒了起不来", "120"),
    ("我爸突然昏迷，叫不醒", "120"),
    ("没有呼吸了", "120"),
    ("胸口疼，喘不上气", "120"),
    ("My neighbour passed out in the yard", "120"),
    ("He isn't breathing, he is unconscious", "120"),
    ("chest pain since an hour", "120"),
    ("楼下有人打架，有人拿着刀", "110"),
    ("隔壁在打老婆", "110"),
    ("有人持刀", "110"),
    ("somebody has a gun", "110"),
    ("My husband is attacking me", "110"),
    ("有人正在撬门", "110"),
    ("家里进贼了", "110"),
    ("Somebody is breaking into my flat right now", "110"),
    ("There's an intruder", "110"),
    ("路口出车祸了", "122"),
    ("hit by a car at the crossing", "122"),
    ("我不想活了", "12356"),
    ("他说要自杀", "12356"),
    ("I want to kill myself", "12356"),
    ("有人要跳楼", "12356"),
];

/// What has to do with such things, and may still be nothing: the numbers are shown, with milder words.
const PERHAPS: &[(&str, &str)] = &[
    ("电线老化，怕着火", "119"),
    ("楼道堆放杂物，容易引起火灾", "119"),
    ("飞线充电有火灾隐患", "119"),
    ("电线裸露有触电危险", "120"),
    ("昨晚有人闯入我家院子", "110"),
    ("昨天楼下打架", "110"),
    ("The cable might cause a fire", "119"),
    ("Somebody broke in yesterday", "110"),
    ("There was a fight last night", "110"),
];

/// What must not frighten anybody.
const QUIET: &[&str] = &[
    "灭火器过期",
    "楼道里的灭火器没了",
    "消防栓没有水",
    "防火门关不上",
    "去年着火的楼什么时候修",
    "上个月起火的车棚还没清理",
    "燃气灶打不着火",
    "烟雾报警器没电了",
    "燃气费怎么交",
    "井盖松动，行人容易绊倒",
    "路灯不亮",
    "厨房水龙头漏水",
    "电梯异响、抖动",
    "老年人出行困难，电梯坏了",
    "没有人受伤",
    "没着火，只是跳闸",
    "没有冒烟",
    "想学急救知识",
    "漏电保护器跳闸",
    "防触电的盖子掉了",
    "不是火灾，是做饭",
    "锁坏了，打不开门",
    "垃圾满溢，气味难闻",
    "幼儿园门口车多",
    "fire extinguisher expired",
    "The fire extinguishers on floor 3 are empty",
    "the fire door does not close",
    "fire lane blocked by cars",
    "Smoke detector battery is flat",
    "The building that was on fire last year is still closed off",
    "There is no smoke, only steam",
    "Nobody is hurt",
    "The kitchen tap drips",
    "gas bill",
    "The lift is out of order",
    "street lamp dark",
    "I would like a first aid course",
    "",
    "   ",
    "。。。",
];

#[test]
fn what_happens_now_is_heard_and_the_right_number_comes_first() {
    let signs = signs();
    for (text, number) in NOW {
        let alarm = signs.find(text).unwrap_or_else(|| panic!("nothing heard in {text:?}"));
        assert_eq!((alarm.urgency, alarm.numbers[0].number.as_str()), (Urgency::Now, *number), "{text}: {alarm:?}");
    }
}

#[test]
fn what_may_happen_is_said_in_milder_words() {
    let signs = signs();
    for (text, number) in PERHAPS {
        let alarm = signs.find(text).unwrap_or_else(|| panic!("nothing heard in {text:?}"));
        assert_eq!((alarm.urgency, alarm.numbers[0].number.as_str()), (Urgency::Perhaps, *number), "{text}: {alarm:?}");
        assert_eq!(alarm.words, &signs.milder);
    }
}

#[test]
fn what_only_sounds_like_it_stays_quiet() {
    let signs = signs();
    for text in QUIET {
        assert_eq!(signs.find(text).map(|alarm| alarm.signs), None, "{text}");
    }
}

#[test]
fn width_case_blanks_and_marks_do_not_matter() {
    let signs = signs();
    let wide = |text: &str| -> String {
        let widen = |c: char| match c {
            '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
            c => c,
        };
        text.chars().map(widen).collect()
    };
    for (text, _) in NOW.iter().chain(PERHAPS) {
        let said = signs.find(text);
        assert_eq!(signs.find(&wide(text)), said, "{text}");
        assert_eq!(signs.find(&text.to_uppercase()), said, "{text}");
        assert_eq!(signs.find(&format!("  （{text}）")), said, "{text}");
    }
}

#[test]
fn the_numbers_of_everything_heard_follow_each_other_once() {
    let signs = signs();
    let alarm = signs.find("车祸起火，有人受伤").unwrap();
    let numbers: Vec<&str> = alarm.numbers.iter().map(|one| one.number.as_str()).collect();
    assert_eq!(numbers, ["119", "120", "122"]);
    assert_eq!(alarm.signs, ["fire", "medical", "traffic"]);
    assert!(alarm.words.zh.contains("119") && alarm.words.en.contains("119"));
}

#[test]
fn every_pattern_is_heard_by_itself() {
    let signs = signs();
    for sign in &signs.signs {
        for pattern in &sign.patterns {
            let text: Vec<String> = pattern
                .iter()
                .map(|part| match part {
                    Part::Is(Piece::Character(c)) => c.to_string(),
                    Part::Is(Piece::Word(word)) | Part::Begins(word) => format!(" {word} "),
                    Part::Gap => String::new(),
                })
                .collect();
            let heard = signs.find(&text.concat()).unwrap_or_else(|| panic!("{text:?} is not heard"));
            assert!(heard.signs.contains(&sign.key.as_str()), "{text:?}: {heard:?}");
        }
    }
}

#[test]
fn a_bad_file_is_refused() {
    let file = include_str!("../../../data/emergency.toml");
    assert!(matches!(Signs::parse(&file.replace("\"着火\"", "\"着火 ..\"")), Err(BadSigns::NoPattern(_))));
    let unknown = file.replace("numbers = [\"122\", \"120\"]", "numbers = [\"911\"]");
    assert!(matches!(Signs::parse(&unknown), Err(BadSigns::UnknownNumber(_))));
    assert!(matches!(Signs::parse("signs = 1"), Err(BadSigns::Unreadable(_))));
}

proptest! {
    #[test]
    fn any_text_can_be_read(text in "\\PC{0,200}") {
        let signs = signs();
        if let Some(alarm) = signs.find(&text) {
            prop_assert!(!alarm.numbers.is_empty());
        }
    }
}
