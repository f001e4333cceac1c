use std::time::Instant;

use pinyin::ToPinyinMulti;
use proptest::prelude::*;

use super::*;

fn document(zh: &str, en: &str, words: &[&str]) -> Document {
    Document {
        titles: vec![zh.to_owned(), en.to_owned()],
        words: words.iter().map(|words| (*words).to_owned()).collect(),
    }
}

fn district() -> Vec<Document> {
    vec![
        document("健身房", "Gym", &["文化 Culture", "水月寺街文化中心"]),
        document("社区健身房开放日", "Open day of the gym", &["文化"]),
        document("中医门诊", "Chinese medicine", &["医疗 Medical", "水月寺街社区卫生服务中心", "赵大夫 Dr Zhao"]),
        document("全科门诊", "General practice", &["医疗 Medical", "南环中路社区卫生服务中心"]),
        document("音乐队", "Music troupe", &["合唱、民乐"]),
        document("健身", "Exercise", &[]),
        document("3号楼活动室", "Activity room 3", &["健康讲座"]),
    ]
}

fn found(query: &str) -> Vec<(usize, Grade)> {
    Index::new(district()).search(query).into_iter().map(|found| (found.document, found.grade)).collect()
}

#[test]
fn the_better_find_comes_first() {
    use Grade::{InTitle, InWords, InitialsInTitle, InitialsInWords, PairsInWords, Title, TitleBegins};
    for (query, expected) in [
        ("健身", vec![(5, Title), (0, TitleBegins), (1, InTitle)]),
        ("健", vec![(5, TitleBegins), (0, TitleBegins), (1, InTitle), (6, InWords)]),
        ("房", vec![(0, InTitle), (1, InTitle)]),
        ("健身房", vec![(0, Title), (1, InTitle)]),
        ("jianshen", vec![(5, Title), (0, TitleBegins), (1, InTitle)]),
        ("jian shen", vec![(5, Title), (0, TitleBegins), (1, InTitle)]),
        ("Js", vec![(5, InitialsInTitle), (0, InitialsInTitle), (1, InitialsInTitle)]),
        ("ZYMZ", vec![(2, InitialsInTitle)]),
        ("sysj", vec![(0, InitialsInWords), (2, InitialsInWords)]),
        ("ｚｙｍｚ", vec![(2, InitialsInTitle)]),
        ("gym", vec![(0, Title), (1, InTitle)]),
        ("yinyue", vec![(4, TitleBegins)]),
        ("yinle", vec![(4, TitleBegins)]),
        ("水月寺中医", vec![(2, PairsInWords)]),
        ("中医 水月寺", vec![(2, InWords)]),
        ("shuiyuesi zhongyi", vec![(2, InWords)]),
        ("赵", vec![(2, InWords)]),
        ("3号楼", vec![(6, TitleBegins)]),
        ("３號", vec![]),
        ("游泳", vec![]),
        ("健身游泳", vec![]),
        ("", vec![]),
        ("。。。", vec![]),
    ] {
        assert_eq!(found(query), expected, "{query}");
    }
}

#[test]
fn what_is_found_is_the_same_whatever_the_case_and_the_width() {
    let width = |text: &str| -> String {
        text.chars()
            .map(|c| if ('!'..='~').contains(&c) { char::from_u32(u32::from(c) + 0xFEE0).unwrap() } else { c })
            .collect()
    };
    for query in ["gym", "jian shen", "zymz", "medical", "3号"] {
        assert!(!found(query).is_empty(), "{query}");
        assert_eq!(found(query), found(&query.to_uppercase()), "{query}");
        assert_eq!(found(query), found(&width(query)), "{query}");
    }
}

/// Characters of our texts, with those of several readings among them.
fn characters() -> impl Strategy<Value = Vec<char>> {
    prop::collection::vec(
        prop::sample::select("健身房中医门诊乐重行长女绿安西王社区音活动室".chars().collect::<Vec<_>>()),
        1..12,
    )
}

fn reading(c: char, choice: usize) -> String {
    let readings: Vec<&str> = c.to_pinyin_multi().unwrap().into_iter().map(pinyin::Pinyin::plain).collect();
    readings[choice % readings.len()].replace('ü', "v")
}

proptest! {
    #[test]
    fn a_title_is_found_by_every_piece_of_it(title in characters(), from in 0usize..12, length in 1usize..12, choice in 0usize..9) {
        let from = from % title.len();
        let piece = &title[from..(from + length).min(title.len())];
        let text: String = title.iter().collect();
        let index = Index::new([document("别的", "Other", &[]), document(&text, "", &[])]);
        let grade = |query: &str| index.search(query).into_iter().find(|found| found.document == 1).map(|found| found.grade);
        let by_characters = grade(&piece.iter().collect::<String>());
        prop_assert!(by_characters.is_some_and(|grade| grade <= Grade::InTitle));
        if piece.len() == title.len() {
            prop_assert_eq!(by_characters, Some(Grade::Title));
        }
        let syllables: Vec<String> = piece.iter().map(|c| reading(*c, choice)).collect();
        let joined = syllables.concat();
        if joined.len() <= super::super::LONGEST {
            prop_assert!(grade(&joined).is_some_and(|grade| grade <= Grade::InTitle), "{joined}");
            prop_assert!(grade(&syllables.join(" ")).is_some());
        }
        let initials: String = syllables.iter().filter_map(|syllable| syllable.chars().next()).collect();
        prop_assert!(grade(&initials).is_some_and(|grade| grade <= Grade::InitialsInTitle), "{initials}");
    }

    #[test]
    fn anything_can_be_asked(query in any::<String>(), title in any::<String>()) {
        let index = Index::new([document(&title, &query, &[&title]), document(&query, "", &[])]);
        let found = index.search(&query);
        prop_assert!(found.is_sorted_by_key(|found| found.grade));
        if query.chars().filter(|c| c.is_alphanumeric()).count() <= 20 && query.chars().any(char::is_alphanumeric) {
            prop_assert!(found.len() == 2, "both have it: {found:?}");
        }
    }
}

/// What a search costs. `cargo test --release -p linli-domain --lib search -- --ignored --nocapture`
#[test]
#[ignore = "measures; says nothing about right and wrong"]
fn ten_thousand_documents() {
    let pieces = district();
    let streets = ["水月寺街", "南环中路", "南湖", "市场", "西环中街", "公园", "小赵庄", "南陈屯"];
    let documents = (0..10_000usize).map(|n| {
        let mut document = pieces[n % pieces.len()].clone();
        document.titles[0] = format!("{}{}号{}", streets[n / 7 % streets.len()], n / 56, document.titles[0]);
        document.words.push(format!("运河区{}演示路{}号 {} Demo Road", streets[n / 7 % streets.len()], n, n));
        document
    });
    let documents: Vec<Document> = documents.collect();
    let begun = Instant::now();
    let index = Index::new(documents);
    println!("building {} documents: {:?}", index.len(), begun.elapsed());
    for query in
        ["健", "社区", "健身房", "jianshen", "js", "s", "zymz", "水月寺中医", "zhongyi shuiyuesi", "medical", "游泳馆"]
    {
        let begun = Instant::now();
        let found = index.search(query).len();
        println!("{query}: {found} found in {:?}", begun.elapsed());
    }
}
