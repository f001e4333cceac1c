//! Names: invented, and plainly so where somebody could live there.

use linli_domain::words::Words;

const FIRST: [(&str, &str); 24] = [
    ("春晓", "Chunxiao"),
    ("明月", "Mingyue"),
    ("清风", "Qingfeng"),
    ("荷香", "Hexiang"),
    ("梧桐", "Wutong"),
    ("杏林", "Xinglin"),
    ("锦绣", "Jinxiu"),
    ("康乐", "Kangle"),
    ("和顺", "Heshun"),
    ("安泰", "Antai"),
    ("福源", "Fuyuan"),
    ("永宁", "Yongning"),
    ("瑞景", "Ruijing"),
    ("文华", "Wenhua"),
    ("书香", "Shuxiang"),
    ("翠湖", "Cuihu"),
    ("金桂", "Jingui"),
    ("银杏", "Yinxing"),
    ("玉兰", "Yulan"),
    ("海棠", "Haitang"),
    ("紫藤", "Ziteng"),
    ("碧水", "Bishui"),
    ("东篱", "Dongli"),
    ("南山", "Nanshan"),
];

const LAST: [(&str, &str); 6] = [
    ("园", "Garden"),
    ("里", "Terrace"),
    ("苑", "Court"),
    ("家园", "Homes"),
    ("新村", "New Village"),
    ("花园", "Gardens"),
];

const ROADS: [(&str, &str); 30] = [
    ("朝霞", "Zhaoxia"),
    ("晴川", "Qingchuan"),
    ("长桥", "Changqiao"),
    ("柳岸", "Liu'an"),
    ("渔歌", "Yuge"),
    ("稻香", "Daoxiang"),
    ("枣林", "Zaolin"),
    ("梨花", "Lihua"),
    ("云帆", "Yunfan"),
    ("听雨", "Tingyu"),
    ("望海", "Wanghai"),
    ("观澜", "Guanlan"),
    ("松涛", "Songtao"),
    ("竹影", "Zhuying"),
    ("兰亭", "Lanting"),
    ("菊香", "Juxiang"),
    ("镇海", "Zhenhai"),
    ("狮城", "Shicheng"),
    ("武馆", "Wuguan"),
    ("杂技", "Zaji"),
    ("金丝", "Jinsi"),
    ("冬菜", "Dongcai"),
    ("漕运", "Caoyun"),
    ("码头", "Matou"),
    ("古槐", "Guhuai"),
    ("石狮", "Shishi"),
    ("白鹭", "Bailu"),
    ("芦苇", "Luwei"),
    ("飞鸿", "Feihong"),
    ("星河", "Xinghe"),
];

/// The name of a compound: the pools are gone through, and then again with the next zone.
pub(super) fn compound(number: usize) -> Words {
    let (first, last) = (FIRST[number % FIRST.len()], LAST[number / FIRST.len() % LAST.len()]);
    match number / (FIRST.len() * LAST.len()) {
        0 => Words::new(format!("演示{}{}", first.0, last.0), format!("Demo {} {}", first.1, last.1)),
        zone => Words::new(
            format!("演示{}{}{}区", first.0, last.0, zone + 1),
            format!("Demo {} {}, Zone {}", first.1, last.1, zone + 1),
        ),
    }
}

/// The name of a village.
pub(super) fn village(number: usize) -> Words {
    let (first, turn) = (FIRST[(number * 7) % FIRST.len()], number / FIRST.len());
    let (zh, en) = [("庄", "zhuang"), ("屯", "tun"), ("铺", "pu")][turn % 3];
    Words::new(format!("演示{}{zh}", first.0), format!("Demo {}{en} Village", first.1))
}

/// The name of a line of the paper: streets run north, roads east.
pub(super) fn line(number: usize, is_northward: bool, is_main: bool) -> Words {
    // Stepping by a number that shares no factor with the length visits every name; the two directions start apart.
    let (zh, en) = ROADS[(number * 7 + usize::from(is_northward) * 13) % ROADS.len()];
    match (is_northward, is_main) {
        (true, true) => Words::new(format!("{zh}大街"), format!("{en} Avenue")),
        (true, false) => Words::new(format!("{zh}街"), format!("{en} Street")),
        (false, true) => Words::new(format!("{zh}大道"), format!("{en} Boulevard")),
        (false, false) => Words::new(format!("{zh}路"), format!("{en} Road")),
    }
}
