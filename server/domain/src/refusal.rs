//! "No", with a stable code and words in Chinese and English that say what to do instead.

use std::fmt;

use crate::time::{Day, Instant, Span};
use crate::words::{Language, Words, say};

/// What sort of "no" it is; the HTTP interface turns it into a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// The request could not be read at all.
    Malformed,
    /// Nobody is logged in, or no longer.
    Unauthenticated,
    /// Known, but not allowed. Only where existence is no secret.
    Forbidden,
    /// It is not there, or the asker may not know that it is.
    NotFound,
    /// The path exists, the method does not.
    Method,
    /// It was right a moment ago: full, stale, overlapping, already done.
    Conflict,
    /// Larger than allowed.
    TooLarge,
    /// Not in a form that is understood.
    MediaType,
    /// Read and understood, and against a rule.
    Invalid,
    /// Too often; wait.
    TooMany,
    /// A fault of ours.
    Internal,
    /// For the moment; try again.
    Unavailable,
}

/// A value inside the words of a refusal or a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Param {
    /// The same in both languages: a number, a name.
    Text(String),
    /// Different in the two languages.
    Words(Words),
    /// Said as people say it.
    Instant(Instant),
    /// Said as people say it.
    Day(Day),
}

impl Param {
    fn said(&self, language: Language) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Words(words) => words.in_language(language).to_owned(),
            Self::Instant(instant) => say::instant(*instant, language),
            Self::Day(day) => say::day(*day, language),
        }
    }
}

impl From<String> for Param {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<Words> for Param {
    fn from(words: Words) -> Self {
        Self::Words(words)
    }
}
impl From<Instant> for Param {
    fn from(instant: Instant) -> Self {
        Self::Instant(instant)
    }
}
impl From<Day> for Param {
    fn from(day: Day) -> Self {
        Self::Day(day)
    }
}
macro_rules! param_from_numbers {
    ($($number:ty),*) => {$(
        impl From<$number> for Param {
            fn from(number: $number) -> Self {
                Self::Text(number.to_string())
            }
        }
    )*};
}
param_from_numbers!(u8, u16, u32, u64, i32, i64, usize);

/// Fills `{name}` in a template with the parameters of that name.
pub fn fill(template: &str, params: &[(&'static str, Param)], language: Language) -> String {
    params
        .iter()
        .fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), &value.said(language)))
}

/// "No", as a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which "no".
    pub code: Code,
    /// The field of the request it is about, as the client wrote it.
    pub field: Option<&'static str>,
    /// What stands in the words.
    pub params: Vec<(&'static str, Param)>,
    /// When trying again makes sense.
    pub retry_after: Option<Span>,
}

impl Refusal {
    /// A refusal without particulars.
    pub const fn new(code: Code) -> Self {
        Self { code, field: None, params: Vec::new(), retry_after: None }
    }

    /// Names the field it is about.
    #[must_use]
    pub const fn field(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    /// Adds a value to the words.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Param>) -> Self {
        self.params.push((name, value.into()));
        self
    }

    /// Says when to try again.
    #[must_use]
    pub const fn retry_after(mut self, span: Span) -> Self {
        self.retry_after = Some(span);
        self
    }

    /// The short words, what happened.
    pub fn title(&self, language: Language) -> String {
        fill(self.code.title().in_language(language), &self.params, language)
    }

    /// The longer words, what to do instead.
    pub fn detail(&self, language: Language) -> String {
        fill(self.code.detail().in_language(language), &self.params, language)
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.key(), self.title(Language::En))
    }
}

impl std::error::Error for Refusal {}

macro_rules! codes {
    ($($name:ident $key:literal $sort:ident { $zh:literal $zh_detail:literal $en:literal $en_detail:literal })*) => {
        /// The stable codes. A code is never renamed or reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $en] $name,)*
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The key in answers, such as `slot_full`.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key),* }
            }

            /// What sort of "no" it is.
            pub const fn sort(self) -> Sort {
                match self { $(Self::$name => Sort::$sort),* }
            }

            fn title(self) -> Words {
                match self { $(Self::$name => Words::new($zh, $en)),* }
            }

            fn detail(self) -> Words {
                match self { $(Self::$name => Words::new($zh_detail, $en_detail)),* }
            }
        }
    };
}

codes! {
    // The request itself
    Malformed "malformed" Malformed {
        "没有看懂这次请求" "请检查填写的内容后再试一次。"
        "The request could not be read" "Please check what you entered and try again." }
    NotFound "not_found" NotFound {
        "没有找到" "它可能已被移除，或者链接有误。请返回上一页。"
        "Not found" "It may have been removed, or the link is wrong. Please go back." }
    MethodNotAllowed "method_not_allowed" Method {
        "不支持这种操作" "请返回上一页再试。"
        "This cannot be done here" "Please go back and try again." }
    BodyTooLarge "body_too_large" TooLarge {
        "内容太大" "请缩短内容后再试。"
        "Too large" "Please shorten it and try again." }
    UnsupportedMediaType "unsupported_media_type" MediaType {
        "格式不受支持" "请用 JSON 格式提交。"
        "This format is not supported" "Please send JSON." }
    KeyMissing "idempotency_key_missing" Malformed {
        "缺少幂等键" "提交预约时需要 Idempotency-Key 请求头（1 到 64 个字母、数字、连字符或下划线）。"
        "The Idempotency-Key is missing" "Send an Idempotency-Key header of 1 to 64 letters, digits, dashes or underscores." }
    KeyReused "idempotency_key_reused" Invalid {
        "这个幂等键用过了" "同一个幂等键只能用于同一次操作。请刷新后重新提交。"
        "This key was used for something else" "One Idempotency-Key belongs to one action. Please refresh and submit again." }
    TextEmpty "text_empty" Invalid {
        "请填写内容" "这一项不能为空。"
        "Please fill this in" "This field cannot be empty." }
    TextTooLong "text_too_long" Invalid {
        "内容太长" "最多 {max} 个字。"
        "Too long" "At most {max} characters." }
    TextControl "text_control" Invalid {
        "内容里有不能使用的字符" "请删去特殊字符后再试。"
        "It contains characters that cannot be used" "Please remove special characters and try again." }
    DateInvalid "date_invalid" Invalid {
        "日期或时间不对" "请选择一个存在的日期和时间。"
        "The date or time does not exist" "Please choose an existing date and time." }
    ValueInvalid "value_invalid" Invalid {
        "这一项填得不对" "可以填：{allowed}。"
        "This value is not allowed" "Allowed: {allowed}." }
    StaleVersion "stale_version" Conflict {
        "内容已更新" "在您操作之前它已有变化。请刷新后再试。"
        "It has changed" "It changed before your action. Please refresh and try again." }

    // Who is asking
    TokenMissing "token_missing" Unauthenticated {
        "请先登录" "登录后就可以继续。"
        "Please log in" "You can continue after logging in." }
    TokenInvalid "token_invalid" Unauthenticated {
        "登录已过期" "请重新登录，您填写的内容还在。"
        "Your login has ended" "Please log in again; what you entered is kept." }
    RoleMissing "role_missing" Forbidden {
        "您没有这项权限" "如有需要，请联系社区或单位的管理员。"
        "You may not do this" "If you need to, please ask your community or organisation." }
    PhoneInvalid "phone_invalid" Invalid {
        "手机号不对" "请输入 11 位中国大陆手机号。"
        "This is not a mobile number" "Please enter an 11-digit mainland mobile number." }
    CodeWrong "login_code_wrong" Invalid {
        "验证码不对或已过期" "请核对短信，或重新获取验证码。"
        "The code is wrong or has expired" "Please check the message or ask for a new code." }
    SmsFailed "sms_failed" Unavailable {
        "短信没有发出去" "请稍后再试，或到社区服务台办理。"
        "The message could not be sent" "Please try again shortly, or come to the community desk." }
    WechatRefused "wechat_refused" Invalid {
        "微信登录没有成功" "请重试，或改用手机号登录。"
        "WeChat login did not succeed" "Please try again, or log in with your phone number." }
    WechatUnavailable "wechat_unavailable" Unavailable {
        "暂时连不上微信" "请稍后再试，或改用手机号登录。"
        "WeChat cannot be reached" "Please try again shortly, or log in with your phone number." }

    // Too often, not now
    TooManyRequests "too_many_requests" TooMany {
        "操作太频繁" "请在 {seconds} 秒后再试。"
        "Too many attempts" "Please try again in {seconds} seconds." }
    PaymentTooMuch "payment_too_much" Invalid {
        "金额超过应付" "应付 {due} 元。多收的钱请退还居民；如需加价，请先报价并由居民同意。"
        "That is more than is due" "{due} yuan are due. Please give back what is too much; a higher price needs the resident's yes first." }
    LiveFull "live_full" TooMany {
        "同时打开的页面太多" "请关闭一些页面，或一分钟后再试。"
        "Too many pages are open at once" "Please close some of them, or try again in a minute." }
    SocketExpected "socket_expected" Malformed {
        "这里只接受 WebSocket 连接" "不能使用 WebSocket 时，请改用 /live/events。"
        "This opens a WebSocket" "Where a WebSocket cannot be opened, please ask /live/events instead." }
    OriginForeign "origin_foreign" Forbidden {
        "连接来自别的网站" "请在本服务自己的页面上打开。"
        "The connection comes from another site" "Please open it from a page of this service." }
    QueueFull "queue_full" Unavailable {
        "现在预约的人太多" "您的预约没有提交。请几秒后再试。"
        "Very many people are booking right now" "Your booking was not submitted. Please try again in a few seconds." }
    DatabaseBusy "database_busy" Unavailable {
        "系统正忙" "这次操作没有生效。请几秒后再试。"
        "The service is busy" "Nothing was changed. Please try again in a few seconds." }
    DatabaseGone "database_gone" Unavailable {
        "系统暂时不可用" "这次操作没有生效，已有的预约不受影响。请稍后再试。"
        "The service is unavailable for the moment" "Nothing was changed and your bookings are safe. Please try again shortly." }
    Internal "internal" Internal {
        "我们这边出了问题" "这次操作没有生效。请稍后再试；如仍不行，请致电社区。"
        "Something went wrong on our side" "Nothing was changed. Please try again later, or call your community." }

    // People
    NameInvalid "name_invalid" Invalid {
        "请填写姓名" "姓名为 1 到 30 个字。"
        "Please enter a name" "A name has 1 to 30 characters." }
    BirthDateInvalid "birth_date_invalid" Invalid {
        "出生日期不对" "请填写真实的出生日期。"
        "The birth date is not possible" "Please enter the real birth date." }
    BirthDateLocked "birth_date_locked" Conflict {
        "出生日期已核验" "如需更正，请带证件到社区服务台。"
        "The birth date has been verified" "To correct it, please bring your document to the community desk." }
    IdentityNumberInvalid "identity_number_invalid" Invalid {
        "身份证号不对" "请逐位核对 18 位身份证号。"
        "The identity number is not right" "Please check all 18 characters." }
    IdentityNumberTaken "identity_number_taken" Conflict {
        "这个证件已登记" "如果不是您本人登记的，请带证件到社区服务台核对。"
        "This identity number is already registered" "If that was not you, please bring your document to the community desk." }
    IdentityMismatch "identity_mismatch" Conflict {
        "证件与资料不一致" "身份证上的出生日期与您填写的不同，请核对。"
        "The document does not match the profile" "The birth date in the number differs from the one you entered." }
    NotAMinor "not_a_minor" Invalid {
        "家庭成员需未满 18 岁" "成年家人请用自己的手机号登录。"
        "Only minors can be added" "Grown-ups log in with their own phone number." }
    GuardianTooYoung "guardian_too_young" Invalid {
        "监护人需年满 18 岁" "请先填写您的出生日期，或由成年家人添加。"
        "A guardian must be an adult" "Please enter your birth date first, or let an adult add the child." }
    ConsentMissing "consent_missing" Invalid {
        "需要单独同意" "为未满 14 岁的孩子办理，需要监护人单独同意处理孩子的个人信息。"
        "A separate consent is needed" "For a child under 14 the guardian must agree separately to the use of the child's data." }
    HouseholdFull "household_full" Conflict {
        "家庭成员已满" "最多可添加 {max} 人。"
        "The household is full" "At most {max} people can be added." }
    FactMissing "fact_not_declared" Conflict {
        "还没有填写这一项" "请先补充资料，再进行核验。"
        "This has not been entered yet" "Please complete the profile first, then verify it." }
    SelfVerification "self_verification" Conflict {
        "不能为自己或家人核验" "请由另一位工作人员核验。"
        "You cannot verify yourself or your household" "Please ask a colleague to do it." }
    ConsentUnknown "consent_unknown" Invalid {
        "没有这一项同意书" "请刷新后再试。"
        "There is no such consent" "Please refresh and try again." }
    HasOpenOrders "has_open_orders" Conflict {
        "还有未完成的预约" "请先完成或取消这些预约。"
        "There are open bookings" "Please finish or cancel them first." }
    CommunityUnknown "community_unknown" Invalid {
        "没有这个社区" "请从列表中选择您的社区。"
        "There is no such community" "Please choose your community from the list." }

    // What may be ordered
    KindConfidential "kind_confidential" Conflict {
        "这项服务请电话联系" "为保护隐私，请拨打 {phone}，由专人接待。"
        "Please call for this service" "To protect your privacy please call {phone}; somebody will help you in person." }
    KindNotBuilt "kind_not_open" Conflict {
        "这项服务还没有开通线上预约" "请到社区服务台办理。"
        "This service cannot be booked online yet" "Please come to the community desk." }
    OfferingClosed "offering_closed" Conflict {
        "这项服务目前没有开放" "请看看其他时间或地点。"
        "This service is not on offer now" "Please look at another time or place." }
    SlotUnknown "slot_unknown" Invalid {
        "没有这个时段" "时间安排可能有变化，请刷新后重新选择。"
        "There is no such time" "The schedule may have changed; please refresh and choose again." }
    SlotPast "slot_past" Conflict {
        "这个时段已经过去" "请选择之后的时段。"
        "This time has passed" "Please choose a later time." }
    SlotNotOpen "slot_not_open" Conflict {
        "还没有开始放号" "{opens}开始预约。"
        "Booking has not opened yet" "Booking opens {opens}." }
    SlotBookingClosed "slot_booking_closed" Conflict {
        "这个时段已停止预约" "请选择之后的时段，或到现场询问。"
        "Booking for this time has closed" "Please choose a later time, or ask at the desk." }
    SlotClosed "slot_closed" Conflict {
        "这个时段停诊或停办" "请选择其他时段。"
        "This time has been cancelled by the provider" "Please choose another time." }
    SlotFull "slot_full" Conflict {
        "这个时段已约满" "请看看别的时段；开放候补的，可以加入候补。"
        "This time is full" "Please look at another time, or join the waiting line where there is one." }
    SlotHasLine "slot_has_line" Conflict {
        "这个时段有人在候补" "空出的名额会先给候补的人。可以加入候补，或看看别的时段。"
        "People are waiting for this time" "Places that come free go to those in line first. You can join the line, or look at another time." }
    LineFull "line_full" Conflict {
        "候补已满" "请选择其他时段。"
        "The waiting line is full" "Please choose another time." }
    UnitBusy "unit_busy" Conflict {
        "这段时间已有人用" "请换一个时间，或选择别的房间、桌位。"
        "Somebody else has it at that time" "Please choose another time, or another room or table." }
    SpanInvalid "span_invalid" Invalid {
        "请选择开放时间内的一段时间" "从整点的档位开始，最短 {min} 分钟，最长 {max} 分钟。"
        "Please choose a time within the opening hours" "It begins and ends on a step, and lasts {min} to {max} minutes." }
    LimitHours "limit_hours" Conflict {
        "这一周的时长已用完" "每人每周最多 {max} 小时。请缩短时间，或选择其他周。"
        "The hours for that week are used up" "At most {max} hours per person and week. Please take less, or choose another week." }
    SessionOver "session_over" Conflict {
        "活动已经结束" "请看看之后的活动。"
        "It is over" "Please look at what comes next." }
    SessionCancelled "session_cancelled" Conflict {
        "活动已取消" "请看看其他活动。"
        "It was cancelled" "Please look at other events." }
    SessionClosed "session_booking_closed" Conflict {
        "报名已截止" "请看看其他活动，或到现场询问。"
        "Booking has closed" "Please look at other events, or ask on the spot." }
    AlreadyIn "already_in" Conflict {
        "已经报过名" "{person}已在这项活动里，不用重复报名。"
        "Already booked" "{person} has a seat or a place in line already." }
    HolidaySkipped "holiday" Conflict {
        "当天是{name}" "节假日不开放。请选择其他日期。"
        "That day is {name}" "It is closed on holidays. Please choose another day." }
    SeriesPartlyTaken "series_partly_taken" Conflict {
        "有 {bad} 个日期约不上" "{days}约不上，什么都没有预约。可以只约其余 {good} 个日期。"
        "{bad} of the dates cannot be had" "Not to be had: {days}. Nothing was booked. You can book the other {good}." }
    SeriesInvalid "series_invalid" Invalid {
        "请选择要重复的日期" "选好星期和起止日期，一次最多 {max} 个日期。"
        "Please choose the dates" "Choose weekdays and the first and last day; at most {max} dates at once." }
    PersonBusy "person_busy" Conflict {
        "时间冲突" "{person}在{when}已有预约：{other}。请先改期或取消，或选择其他时段。"
        "The times overlap" "{person} already has a booking {when}: {other}. Please move or cancel it, or choose another time." }
    LimitDay "limit_per_day" Conflict {
        "当天已约过这项服务" "每人每天最多 {max} 个。请选择其他日期。"
        "Already booked for that day" "At most {max} per person and day. Please choose another day." }
    LimitWeek "limit_per_week" Conflict {
        "这一周的次数已用完" "每人每周最多 {max} 个。请选择其他周。"
        "The limit for that week is reached" "At most {max} per person and week. Please choose another week." }
    LimitOpen "limit_open" Conflict {
        "未完成的预约太多" "同一服务最多 {max} 个未完成的预约。请先完成或取消。"
        "Too many open bookings" "At most {max} open bookings of this service. Please finish or cancel one first." }
    LimitUntilVerified "limit_until_verified" Conflict {
        "核验身份前只能约一个" "您已有一个未完成的预约。就诊时带上身份证，工作人员核对后就可以多约；也可以先取消现在这个。"
        "One booking until your identity card was seen" "You have an open booking already. Bring your identity card to it; once staff have seen the card you can book more. You can also cancel the one you have." }
    TooYoung "too_young" Invalid {
        "年龄不符" "这项服务需年满 {min} 岁（按服务当天计算）。"
        "Too young" "This service is for people of {min} or more on the day." }
    TooOld "too_old" Invalid {
        "年龄不符" "这项服务面向 {max} 岁及以下（按服务当天计算）。"
        "Too old" "This service is for people of {max} or less on the day." }
    TooYoungThen "too_young_on_a_day" Invalid {
        "年龄不符" "{day}那次需年满 {min} 岁，当天还不到。请选择其他班或活动。"
        "Too young on one of the days" "One has to be {min} or more on {day}. Please choose another class or event." }
    TooOldThen "too_old_on_a_day" Invalid {
        "年龄不符" "{day}那次面向 {max} 岁及以下，当天已超过。请选择其他班或活动。"
        "Too old on one of the days" "One has to be {max} or less on {day}. Please choose another class or event." }
    BirthDateNeeded "birth_date_needed" Invalid {
        "请先填写出生日期" "这项服务有年龄要求，请在“我的”里补充出生日期。"
        "The birth date is needed" "This service depends on age; please add the birth date to the profile." }
    IdentityNotDeclared "identity_not_declared" Invalid {
        "还差姓名和身份证号" "请填写姓名和身份证号，填好就能约。就诊时请带上身份证，由工作人员核对。"
        "Name and identity number are missing" "Please give your name and identity number, then you can book at once. Bring your identity card when you come; staff will look at it." }
    IdentityNotVerified "identity_not_verified" Invalid {
        "需要先核验身份" "请带身份证到社区服务台核验，当场就可以办好。"
        "Identity must be verified first" "Please bring your identity card to the community desk; it takes a minute." }
    BirthDateNotVerified "birth_date_not_verified" Invalid {
        "需要先核验出生日期" "请带身份证或户口簿到社区服务台核验。"
        "The birth date must be verified first" "Please bring your identity card or household register to the community desk." }
    ResidenceNotVerified "residence_not_verified" Invalid {
        "需要先核验居住地" "请带居住证明到社区服务台核验。"
        "Residence must be verified first" "Please bring proof of residence to the community desk." }
    WrongCommunity "wrong_community" Invalid {
        "这项服务面向{area}的居民" "请在“我的”里核对您的社区，或选择附近的服务。"
        "This service is for residents of {area}" "Please check your community in the profile, or choose a service near you." }
    Blocked "blocked_no_show" Conflict {
        "暂时不能预约" "因为多次未到，{until}之前不能线上预约这项服务。仍可电话或到现场预约。"
        "Booking is paused" "After several missed visits this service cannot be booked online until {until}. You can still book by phone or at the desk." }
    FormInvalid "form_invalid" Invalid {
        "请完善“{label}”" "这一项必须填写，最多 {max} 个字。"
        "Please complete \"{label}\"" "It is required and has at most {max} characters." }

    // An order's life
    TransitionRefused "not_possible_now" Conflict {
        "现在不能这样操作" "这个预约目前是“{state}”。请刷新后再看。"
        "This is not possible now" "The booking is \"{state}\". Please refresh and look again." }
    DeadlinePassed "deadline_passed" Conflict {
        "已过截止时间" "{deadline}之前可以取消或改期。请致电 {phone}。"
        "The deadline has passed" "It could be cancelled or moved until {deadline}. Please call {phone}." }
    HoldEnded "hold_ended" Conflict {
        "保留时间已过" "名额已经给了下一位。可以重新候补。"
        "The time to accept has ended" "The place went to the next person. You can join the line again." }
    MoveSame "move_same_time" Invalid {
        "就是原来的时段" "请选择另一个时段。"
        "That is the same time" "Please choose another time." }
    CheckInCodeWrong "check_in_code_wrong" Invalid {
        "没有找到这个取号码" "请核对号码和日期，或按手机号查找。"
        "No booking has this code" "Please check the code and the date, or search by phone." }
    CheckInTooEarly "check_in_too_early" Conflict {
        "还没到取号时间" "{from}开始取号。"
        "Too early to check in" "Check-in opens {from}." }
    QueueEmpty "queue_empty" Conflict {
        "没有等候的人" "有人取号后再叫号。"
        "Nobody is waiting" "Call the next number when somebody has checked in." }
    PersonUnknown "person_unknown" Invalid {
        "没有找到这个人" "请核对，或为其新建登记。"
        "This person was not found" "Please check, or register the person." }
    GrantUnknown "role_unknown" Invalid {
        "没有这种角色或范围" "请核对角色与所属社区、街道或单位。"
        "There is no such role or scope" "Please check the role and its community, street or organisation." }
    FavouritesFull "favourites_full" Conflict {
        "收藏已满" "最多收藏 {max} 个。请先取消一些不再需要的。"
        "Your list of favourites is full" "It holds at most {max}. Please remove some you no longer need first." }

    // Messages
    WechatNotLinked "wechat_not_linked" Conflict {
        "还没有关联微信" "请先在微信小程序里登录一次，再订阅消息。"
        "WeChat is not linked" "Please log in once inside the WeChat mini-program, then agree to messages." }
    AnnouncementWithdrawn "announcement_withdrawn" Conflict {
        "这条通知已撤回" "如需再次通知居民，请重新发布。"
        "This announcement was withdrawn" "To tell residents again, please make a new one." }

    // Running an organisation
    RulesOutOfBounds "rules_out_of_bounds" Invalid {
        "超出平台允许的范围" "“{rule}”可以是：{allowed}。"
        "Outside what the platform allows" "{rule} may be: {allowed}." }
    KindIsFree "kind_is_free" Invalid {
        "这项服务免费" "平台规定这项服务不收费，请把价格填为 0。"
        "This service is free of charge" "The platform makes this service free; please set the price to 0." }
    ScheduleOverlaps "schedule_overlaps" Invalid {
        "时间安排有重叠" "{line}与另一行重叠。请错开时间后再保存。"
        "Lines of the schedule overlap" "{line} overlaps another line. Please move one of them and save again." }
    ScheduleNotUsed "schedule_not_used" Conflict {
        "这项服务没有每周时间" "它按场次安排，请在“场次”里设置日期。"
        "This service has no weekly hours" "It takes place in sessions; please set their dates there." }
    OrdersWithoutTime "orders_without_time" Conflict {
        "有预约的时间会消失" "{count} 个预约在新的安排里没有对应的时间。请保留这些时间；或者选择保留这些预约，它们的时间不变。"
        "Bookings would lose their time" "{count} bookings have no time in the new schedule. Please keep their times, or choose to keep these bookings: they stay as they are." }
    OfferingOrdersStand "offering_orders_stand" Conflict {
        "还有预约" "{from}起还有 {count} 位居民的预约。请先为他们改期或取消，或者选择更晚的日期。"
        "Bookings stand" "{count} residents still have bookings from {from} on. Please move or cancel them first, or choose a later day." }
    UnitOrdersStand "unit_orders_stand" Conflict {
        "还有预约" "{from}起还有 {count} 个预约用到它。请先改到别处或取消，或者选择更晚的日期。"
        "Bookings stand" "{count} bookings use it from {from} on. Please move or cancel them first, or choose a later day." }
    CatalogueKeyTaken "catalogue_key_taken" Conflict {
        "这个编号已经用过" "请换一个编号。"
        "This key is taken" "Please choose another key." }
    SelfGrant "self_grant" Conflict {
        "不能给自己分配角色" "请由另一位管理员或社区、街道办理。"
        "You cannot give roles to yourself" "Please ask another manager, your community or street office." }
    LastManager "last_manager" Conflict {
        "您是本单位唯一的管理员" "请先指定另一位管理员，再结束自己的角色。"
        "You are the only manager of this organisation" "Please name another manager first, then end your own role." }
    ImportTooLarge "import_too_large" TooLarge {
        "文件太大" "一次最多 {rows} 行、{megabytes} MB。请分成几个文件导入。"
        "The file is too large" "At most {rows} rows and {megabytes} MB at once. Please split it into several files." }
    ImportEncoding "import_encoding" Invalid {
        "看不懂文件里的文字" "请存成 UTF-8 或 GB18030 编码的 CSV，或存成 XLSX。"
        "The text of the file cannot be read" "Please save it as CSV in UTF-8 or GB18030, or as XLSX." }
    ImportUnreadable "import_unreadable" Invalid {
        "打不开这个表格" "文件可能已损坏、带密码，或是旧版 XLS。请另存为 XLSX 或 CSV 再试。"
        "The workbook cannot be opened" "It may be damaged, have a password, or be an old XLS file. Please save it as XLSX or CSV and try again." }
    ImportHeading "import_heading" Invalid {
        "表头不对" "{problem} 可以下载模板对照。"
        "The heading is not right" "{problem} Please compare it with the template." }
    ExportTooLarge "export_too_large" Invalid {
        "内容太多" "一次最多导出 {max} 行。请缩短日期范围。"
        "Too much at once" "At most {max} rows can be exported at once. Please choose fewer days." }
    // Feedback
    RatingTooEarly "rating_too_early" Conflict {
        "还不能评价" "目前是“{state}”，服务完成后就可以评价。"
        "It cannot be rated yet" "The booking is \"{state}\". It can be rated when it is done." }
    RatingTooLate "rating_too_late" Conflict {
        "评价时间已过" "{until}前可以评价。如仍有意见，可以随时投诉或表扬。"
        "The time to rate has ended" "It could be rated until {until}. You can still make a complaint or a praise at any time." }
    RatingExists "rating_exists" Conflict {
        "已经评价过" "每次服务评价一次。一天之内可以修改。"
        "It was rated already" "There is one rating for each booking. It can be changed within a day." }
    RatingEditLate "rating_edit_late" Conflict {
        "已过修改时间" "{until}之前可以修改。如仍有意见，可以随时投诉或表扬。"
        "It can no longer be changed" "It could be changed until {until}. You can still make a complaint or a praise at any time." }
    RatingShown "rating_shown" Conflict {
        "评价已经公开" "双方已能看到对方的评价，或者已有答复，不能再修改。如仍有意见，可以投诉或表扬。"
        "It can be read by the other side" "Both sides can read each other, or it was answered, so it stays as it is. You can still make a complaint or a praise." }
    RatingAnswered "rating_answered" Conflict {
        "已经答复过" "每条评价答复一次。"
        "It was answered already" "Each rating is answered once." }
    RatingReported "rating_reported" Conflict {
        "已经举报过" "工作人员会查看，结果会通知您。"
        "You have reported it already" "The staff will look at it and tell you the outcome." }
    MatterNotPossible "matter_not_possible" Conflict {
        "现在不能这样操作" "这件事目前是“{state}”。请刷新后再看。"
        "This is not possible now" "The matter is \"{state}\". Please refresh and look again." }
    MatterAtTop "matter_at_top" Conflict {
        "已经到区一级" "这件事已由区里处理，没有更高一级。也可以拨打 12345。"
        "It is with the district already" "There is no one above. You can also call 12345." }
    MatterFollowed "matter_followed" Conflict {
        "已经评价过处理结果" "处理结果评价一次。仍不满意的，可以转交上级处理。"
        "You have rated the outcome already" "The outcome is rated once. If you are still not satisfied, you can send it up." }

    // Courses and contracts
    CourseUnknown "course_unknown" Invalid {
        "没有这个疗程" "这项服务没有这个疗程。请刷新后重新选择。"
        "There is no such course" "This service has no such course. Please refresh and choose again." }
    CourseTooEarly "course_too_early" Conflict {
        "{visit}还没到时间" "间隔还不够，{earliest}起可以约。请选择那天或之后的时段。"
        "Too early for {visit}" "The interval is not over. It can be on {earliest} or later; please choose such a time." }
    CourseTooLate "course_too_late" Conflict {
        "{visit}已过建议的时间" "建议不晚于{latest}。请致电 {phone} 或到服务台，由工作人员为您安排。"
        "Too late for {visit}" "It should be on {latest} at the latest. Please call {phone} or come to the desk; the staff will arrange it." }
    CourseVisitBooked "course_visit_booked" Conflict {
        "{visit}已经约好" "已约在{day}。如需改时间，请改期，不用重新预约。"
        "Already booked: {visit}" "It is booked for {day}. To have it at another time, please move that booking." }
    CourseVisitNotNext "course_visit_not_next" Conflict {
        "次序不对" "接下来应登记{next}。请按次序登记。"
        "That is not the next visit" "The next one is {next}. Please record visits in their order." }
    CourseOver "course_over" Conflict {
        "这个疗程已经结束" "如需再做一次，请重新预约第一次。"
        "This course is over" "To begin again, please book its first visit." }
    ContractNotOffered "contract_not_offered" Invalid {
        "这里不能签约" "这项服务没有签约。请选择提供签约的医生或团队。"
        "There is no contract here" "This service has none. Please choose one that has." }
    ContractExists "contract_exists" Conflict {
        "已经签约或已提交" "{person}同一时间只能签一份。如需更换，请先结束原来的签约。"
        "There is a contract already" "{person} can have one at a time. To change, please end the present one first." }
    PanelFull "panel_full" Conflict {
        "名额已满" "这位医生的签约名额已满。请选择其他医生，或以后再看。"
        "No place left" "This doctor can take nobody more. Please choose another one, or look again later." }
    ContractNotRenewable "contract_not_renewable" Conflict {
        "还没到续签时间" "{from}起可以续签，到时会提醒您。"
        "It is too early to renew" "It can be renewed from {from} on; you will be reminded." }
    ContractNotPossible "contract_not_possible" Conflict {
        "现在不能这样操作" "这份签约目前是“{state}”。请刷新后再看。"
        "This is not possible now" "The contract is {state}. Please refresh and look again." }

    // Workers, their papers and pictures
    WorkerOnly "worker_only" Forbidden {
        "只有通过审核的服务人员可以使用" "请先填写服务人员资料，并等待社区审核。"
        "Only verified providers can use this" "Please complete your provider's file and wait for your community to verify it." }
    WorkerNotPossible "worker_not_possible" Conflict {
        "现在不能这样操作" "这份资料目前是“{state}”。请刷新后再看。"
        "This is not possible now" "The file is {state}. Please refresh and look again." }
    WorkerIncomplete "worker_incomplete" Conflict {
        "资料还没有填完" "{first}。补齐后就可以提交。"
        "The file is not complete" "{first}. Once everything is there, you can submit it." }
    WorkerLocked "worker_locked" Conflict {
        "这一项已经审核，不能自行修改" "如需更正，请联系社区工作人员。"
        "This was verified and cannot be changed by yourself" "To correct it, please ask your community staff." }
    WorkerDocumentMissing "worker_document_missing" Conflict {
        "缺少证件" "{service}需要有效的“{document}”。请先审核这份证件。"
        "A paper is missing" "{service} needs a valid {document}. Please verify that paper first." }
    WorkerHoursInvalid "worker_hours_invalid" Invalid {
        "服务时间不对" "每天一到四段，每段至少半小时，不能重叠。"
        "The hours are not possible" "One to four spans a day of half an hour or more that do not overlap." }
    WorkerServiceUnknown "worker_service_unknown" Invalid {
        "没有这项上门服务" "请从列表中选择服务和技能。"
        "There is no such service at the door" "Please choose services and skills from the list." }
    WorkerPriceInvalid "worker_price_invalid" Invalid {
        "价格超出范围" "“{service}”的价格可以是 {allowed}。"
        "The price is out of bounds" "The price of {service} may be {allowed}." }
    DocumentUnknown "document_unknown" Invalid {
        "没有这种证件" "请从列表中选择证件。"
        "There is no such paper" "Please choose a paper from the list." }
    DocumentEndMissing "document_end_missing" Invalid {
        "请填写有效期" "请填写{document}的最后有效日期。"
        "Please say until when it is valid" "Please enter the last day the {document} is valid." }
    DocumentExpired "document_expired" Invalid {
        "证件已过期" "请上传仍在有效期内的证件。"
        "The paper has expired" "Please upload one that is still valid." }
    PictureInvalid "picture_invalid" Invalid {
        "这不是能用的图片" "请上传 JPEG、PNG 或 WebP 图片；文件可能已损坏。"
        "This is not a picture that can be used" "Please send a JPEG, PNG or WebP picture; the file may be damaged." }
    PictureTooLarge "picture_too_large" TooLarge {
        "图片太大" "图片最大 {megabytes} MB、{megapixels} 百万像素。请缩小后再上传。"
        "The picture is too large" "At most {megabytes} MB and {megapixels} million pixels. Please make it smaller and send it again." }
    FileUnknown "file_unknown" Invalid {
        "没有找到这张图片" "请重新上传图片。"
        "This picture was not found" "Please upload it again." }
    FilesUnavailable "files_unavailable" Unavailable {
        "图片暂时存不了" "没有保存任何内容。请稍后再试。"
        "Pictures cannot be stored or read for the moment" "Nothing was changed. Please try again shortly." }

    // Events, terms and groups
    MeetingPast "meeting_past" Invalid {
        "时间已经过去" "{when}已经过去，请选择之后的时间。"
        "This time has passed" "{when} has passed. Please choose a later time." }
    MeetingTooFar "meeting_too_far" Invalid {
        "时间太远" "最多安排到 {days} 天以内。"
        "This lies too far ahead" "Meetings can be planned at most {days} days ahead." }
    MeetingsOverlap "meetings_overlap" Invalid {
        "时间重叠" "{when}与{other}的活动重叠（按一刻钟计算）。请错开时间。"
        "Two meetings overlap" "{when} overlaps the meeting of {other}, counted by the quarter hour. Please move one of them." }
    MeetingsTooMany "meetings_too_many" Invalid {
        "次数太多" "一次最多安排 {max} 次活动。请缩短日期范围，分期开设。"
        "Too many meetings" "At most {max} meetings can be planned. Please choose fewer, or open several terms." }
    MeetingsNone "meetings_none" Invalid {
        "没有可用的日期" "这样安排没有任何一次活动。请核对星期、日期和节假日。"
        "There is no date" "This leads to no meeting at all. Please check the weekdays, the dates and the holidays." }
    MeetingStarted "meeting_started" Conflict {
        "这次活动已经开始" "已经开始或结束的活动不能再改。请改之后的活动。"
        "This meeting has begun" "A meeting that has begun cannot be changed any more. Please change a later one." }
    SessionExists "session_exists" Conflict {
        "已经有同名的活动" "同一地点、同一时间已有“{title}”。请核对，或换一个名称。"
        "There is such a session already" "\"{title}\" exists already at the same place and time. Please check, or choose another title." }
    SeatsTaken "seats_taken" Conflict {
        "名额不能少于已报名人数" "已有 {taken} 人占用名额。请填写不少于 {taken} 的数，或先取消几个报名。"
        "Fewer seats than people" "{taken} seats are taken. Please enter {taken} or more, or cancel some of the bookings first." }
    RoomTaken "room_taken" Conflict {
        "房间已被占用" "{room}在{when}已有安排：{other}。请换一个时间或房间。"
        "The room is taken" "{room} is taken {when}: {other}. Please choose another time or room." }
    AttendanceEarly "attendance_too_early" Conflict {
        "还不能点名" "{from}开始可以点名。"
        "Too early to mark attendance" "Attendance can be marked from {from}." }
    AttendanceLate "attendance_too_late" Conflict {
        "点名已经封存" "{until}之后不能再改。如有错误，请联系区里。"
        "The roster is closed" "It could be changed until {until}. If something is wrong, please ask the district." }
    CertificateNotEarned "certificate_not_earned" Conflict {
        "还不能开具证明" "全部结束、且到场满三分之二后可以开具。目前到场 {attended} 次，共 {planned} 次。"
        "No certificate yet" "It is given after the end, for two thirds of the meetings. So far: {attended} of {planned}." }
    AddressOffStreets "address_off_streets" Invalid {
        "地址离道路太远" "这个位置 200 米内没有道路，上门的人到不了。请在地图上重新选点，或填写小区名称。"
        "The address is off the streets" "There is no street within 200 metres of this point, so nobody can get there. Please choose the point again, or name the compound." }
    AddressUnknown "address_unknown" Invalid {
        "没有找到这个地址" "请从我的地址中选择，或填写小区并在地图上选点。"
        "The address is not known" "Please choose one of your addresses, or name the compound and set the point on the map." }
    WindowInvalid "window_invalid" Invalid {
        "上门时间不对" "请选择 {from} 到 {until} 之间的时间，时段至少 {minutes} 分钟。"
        "The time does not fit" "Please choose a time between {from} and {until}, at least {minutes} minutes long." }
    WishUnknown "wish_unknown" Invalid {
        "这项服务没有这样的选择" "可以选择：{allowed}。"
        "This cannot be chosen here" "You can choose: {allowed}." }
    VisitGone "visit_gone" Conflict {
        "这一单已有人接了" "您没有任何损失。请看看其他订单。"
        "Somebody else has this job" "Nothing is lost for you. Please look at the other jobs." }
    VisitOver "visit_over" Conflict {
        "这一单已经取消" "居民已取消，或时间已过。您没有任何损失，请看看其他订单。"
        "This job was called off" "The resident has cancelled it, or its time is over. Nothing is lost for you; please look at the other jobs." }
    OfferEnded "offer_ended" Conflict {
        "邀约已过时" "接单时间已过，这一单可能已转给别人。不影响您以后接单。"
        "The offer has ended" "Its time is over and the job may have gone to somebody else. This does not count against you." }
    OffDuty "off_duty" Conflict {
        "您现在不在岗" "请先打开上岗开关，再接单。"
        "You are off duty" "Please switch on duty first, then accept." }
    TooManyJobs "too_many_jobs" Conflict {
        "手上的单已满" "您同时最多接 {max} 单。请完成一单后再接，或在资料中调整。"
        "You have enough jobs" "You take at most {max} at once. Please finish one first, or change the limit in your file." }
    ServiceNotYours "service_not_yours" Conflict {
        "您没有开通这项服务" "请在资料中添加{service}并通过审核。"
        "You do not offer this service" "Please add {service} to your file and have it verified." }
    PaperExpired "paper_expired" Conflict {
        "证件已过期" "接{service}需要有效的{document}。请上传新的证件。"
        "A paper has expired" "{service} needs a valid {document}. Please upload the new one." }
    WorkerBusy "worker_busy" Conflict {
        "这段时间已有安排" "加上路上的时间，与您的另一单冲突。请看看其他订单。"
        "Busy at that time" "With the way there it overlaps another job of yours. Please look at the other jobs." }
    TooFarAway "too_far_away" Conflict {
        "离得太远" "路上约需 {minutes} 分钟，超出这一单的范围。"
        "Too far away" "It would take about {minutes} minutes to get there: more than this job allows." }
    VisitOnTheWay "visit_on_the_way" Conflict {
        "服务人员已经在路上" "请先打电话给对方说一声，由对方或社区工作人员取消：{phone}。"
        "They are on the way" "Please call them first; they or the community staff can cancel it: {phone}." }
    StepTimeInvalid "step_time_invalid" Invalid {
        "时间对不上" "可以填 {from} 到 {until} 之间的时间。请检查手机时间。"
        "The time does not fit" "It may be between {from} and {until}. Please check the clock of your phone." }
    StartCodeWrong "start_code_wrong" Conflict {
        "开工码不对" "还可以试 {left} 次。请居民再念一遍；也可以写明原因直接开始。"
        "The code is wrong" "{left} tries are left. Please ask the resident to read it again, or start with a reason." }
    StartCodeLocked "start_code_locked" Conflict {
        "开工码已锁定" "错误次数太多，已通知社区。请写明原因开始服务。"
        "The code is locked" "There were too many wrong codes and the community has been told. Please start with a reason." }
    StartCodeMissing "start_code_missing" Invalid {
        "需要开工码" "请向居民要四位开工码，或写明没有开工码的原因。"
        "The code is missing" "Please ask the resident for the four digits, or say why you start without them." }
    NotOnTheWay "not_on_the_way" Conflict {
        "现在不需要位置" "只有在路上时才发送位置。这一单目前是“{state}”。"
        "No position is wanted now" "A position is sent only while you are on the way. The job is: {state}." }
    QuoteNotHere "quote_not_here" Conflict {
        "这项服务不用报价" "价格已经定好，不能在现场更改。"
        "No price is asked for here" "The price is set and cannot be changed at the door." }
    QuoteGone "quote_gone" Conflict {
        "报价已有变化" "报价已更改、撤回或已答复。请刷新后再看。"
        "The price has changed" "It was changed, taken back or answered. Please refresh and look again." }
    QuoteOpen "quote_open" Conflict {
        "居民还没有答复报价" "请等居民同意，或撤回报价后再完成。"
        "The resident has not answered the price" "Please wait for the answer, or take the price back, and finish then." }
    PicturesTooMany "pictures_too_many" Conflict {
        "照片太多" "一单最多 {max} 张照片。"
        "Too many pictures" "A job has at most {max} pictures." }
    CallNotPossible "call_not_possible" Conflict {
        "现在不能打电话" "接单后到结束后一天内可以通话。如有需要请致电 {phone}。"
        "No call is possible now" "Calls are possible from acceptance until a day after the end. If you need help, please call {phone}." }
    NumberMissing "number_missing" Conflict {
        "对方没有留下号码" "请致电 {phone}，由社区帮您联系。"
        "They have left no number" "Please call {phone}; the community will help you." }
    HelpTaken "help_taken" Conflict {
        "已有人在处理" "另一位工作人员已接手或已结束这次求助。请刷新后再看。"
        "Somebody is on it already" "A colleague has taken this call for help or closed it. Please refresh." }
    HomeOffStreets "home_off_streets" Invalid {
        "出发地离道路太远" "这个位置 200 米内没有可以{travel}的道路，无法计算上门时间。请在地图上重新选点，或换一种出行方式。"
        "Where you start from is off the streets" "There is no street within 200 metres of it to travel {travel}, so no way can be worked out. Please choose the point again, or another way to travel." }
    WorkerUnknown "worker_unknown" Invalid {
        "没有这位服务人员" "请从列表中选择。"
        "There is no such worker" "Please choose from the list." }

    // Meals
    MealCutOff "meal_cut_off" Conflict {
        "已过订餐截止时间" "{day}{meal}已于{until}截止，不能再订、改或取消。请选择之后的日期；如有急事请致电 {phone}。"
        "Too late for this meal" "Orders, changes and cancellations for {meal} on {day} closed {until}. Please choose a later day; if it is urgent, please call {phone}." }
    MenuNotPublished "menu_not_published" Conflict {
        "菜单还没有公布" "{day}{meal}的菜单还没有公布。请稍后再看，或选择已公布的日期。"
        "The menu is not published yet" "There is no menu for {meal} on {day} yet. Please look again later, or choose a day with a menu." }
    MealPlanEmpty "meal_plan_empty" Invalid {
        "没有选择用餐时间" "请至少选择一天的午餐或晚餐。"
        "No meal is chosen" "Please choose lunch or dinner on one day at least." }
    MealPlanDates "meal_plan_dates" Invalid {
        "日期不对" "请选择{from}到{until}之间的日期，结束不早于开始。"
        "The dates do not fit" "Please choose days between {from} and {until}, the last not before the first." }
    MealPlanEnded "meal_plan_ended" Conflict {
        "这个订餐计划已经结束" "如需继续用餐，请新建一个计划。"
        "This plan has ended" "To have meals again, please make a new plan." }
    MealPortions "meal_portions" Invalid {
        "份数不对" "每餐 1 到 {max} 份。"
        "The number of portions does not fit" "A meal has 1 to {max} portions." }

    // Cards
    CardUnknown "card_unknown" Invalid {
        "没有这张卡" "请核对卡上的号码。卡已挂失或换新的，请用新卡，或按手机号查找。"
        "There is no such card" "Please check the code on the card. If it was lost or replaced, use the new one, or look the person up by phone." }
    CardNone "card_none" NotFound {
        "还没有邻里卡" "可以现在发一张。"
        "There is no card yet" "One can be given out now." }

    // The home-care file
    CareFileTooYoung "care_file_too_young" Conflict {
        "60 岁起可以建立居家照护档案" "还没有登记出生日期，或还不到 60 岁。请先在“我的资料”中填写出生日期。"
        "A home-care file is for people of 60 and more" "The birth date is missing or tells of fewer years. Please enter the birth date in the profile first." }
    CareFileExists "care_file_exists" Conflict {
        "档案已经建立" "不用重复建立。请刷新后直接填写。"
        "There is a file already" "There is no need for another one. Please refresh and fill it in." }
    CareFileNone "care_file_none" NotFound {
        "还没有居家照护档案" "如果您愿意，可以现在建立；也可以请社区服务台帮您建立。"
        "There is no home-care file yet" "You can open one now if you wish, or ask the community desk to do it for you." }
    AbilityScores "ability_scores" Invalid {
        "评分不对" "{what}。请核对评估表后重新填写。"
        "The scores are not right" "{what}. Please compare them with the form and enter them again." }
    AssessorsTwo "assessors_two" Invalid {
        "需要两名评估人员" "请填写两名不同评估人员的姓名和证书编号。"
        "Two assessors are needed" "Please enter the names and certificate numbers of two different assessors." }
    AssessmentDay "assessment_day" Invalid {
        "评估日期不对" "评估日期不能晚于今天，也不能早于一年前。"
        "The day of the assessment is not possible" "It can be neither later than today nor more than a year ago." }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_speak_both_languages() {
        let mut seen = HashSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.key()), "{} twice", code.key());
            for words in [code.title(), code.detail()] {
                assert!(!words.zh.is_empty() && !words.en.is_empty(), "{}", code.key());
                let holes = |text: &str| -> HashSet<String> {
                    text.split('{').skip(1).filter_map(|p| p.split('}').next()).map(str::to_owned).collect()
                };
                assert_eq!(holes(&words.zh), holes(&words.en), "{}: both languages say the same", code.key());
                assert!(words.en.is_ascii(), "{}: English in plain ASCII", code.key());
            }
        }
    }

    #[test]
    fn parameters_are_said_in_the_readers_language() {
        let refusal = Refusal::new(Code::LimitDay).with("max", 1u16);
        assert_eq!(refusal.detail(Language::Zh), "每人每天最多 1 个。请选择其他日期。");
        let opens: Instant = "2026-11-24T07:00:00+08:00".parse().unwrap();
        let refusal = Refusal::new(Code::SlotNotOpen).with("opens", opens);
        assert_eq!(refusal.detail(Language::Zh), "11月24日 周二 上午7:00开始预约。");
        assert_eq!(refusal.detail(Language::En), "Booking opens Tue 24 Nov, 7:00 am.");
    }
}
