//! What GeoReport answers with, written as XML or as JSON.
//!
//! The two differ in form: where JSON has a list, XML has an element around elements of one name.

use std::io;

use poem::Response;
use poem::http::StatusCode;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde_json::Value;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// `text/xml`.
    Xml,
    /// `application/json`.
    Json,
}

impl Format {
    /// That of a path by its ending; XML where it has none, since that is what every client reads.
    pub(super) fn of(path: &str) -> Self {
        if path.ends_with(".json") { Self::Json } else { Self::Xml }
    }
}

/// A value of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// A text; an empty one is nothing.
    Text(String),
    /// A number.
    Number(f64),
    /// A whole number.
    Whole(i64),
    /// Yes or no.
    Flag(bool),
    /// Fields, in their order.
    Fields(Vec<(&'static str, Node)>),
    /// A list, and what one of it is called.
    List(&'static str, Vec<Node>),
}

impl Node {
    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Nothing.
    pub(super) fn nothing() -> Self {
        Self::Text(String::new())
    }

    /// The answer, with the name XML gives to all of it.
    pub(super) fn answer(&self, root: &'static str, format: Format, status: StatusCode) -> Response {
        let (content_type, body) = match format {
            Format::Json => ("application/json; charset=utf-8", self.json().to_string().into_bytes()),
            Format::Xml => ("text/xml; charset=utf-8", self.xml(root)),
        };
        Response::builder().status(status).content_type(content_type).body(body)
    }

    fn json(&self) -> Value {
        match self {
            Self::Text(text) if text.is_empty() => Value::Null,
            Self::Text(text) => text.as_str().into(),
            Self::Number(number) => (*number).into(),
            Self::Whole(number) => (*number).into(),
            Self::Flag(flag) => (*flag).into(),
            Self::Fields(fields) => {
                Value::Object(fields.iter().map(|(name, node)| ((*name).to_owned(), node.json())).collect())
            }
            Self::List(_, nodes) => nodes.iter().map(Self::json).collect(),
        }
    }

    fn xml(&self, root: &str) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new());
        writer
            .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
            .and_then(|()| self.write(&mut writer, root))
            .expect("memory can be written to");
        writer.into_inner()
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>, name: &str) -> io::Result<()> {
        writer.write_event(Event::Start(BytesStart::new(name)))?;
        match self {
            Self::Text(text) => writer.write_event(Event::Text(BytesText::new(&allowed(text))))?,
            Self::Number(number) => writer.write_event(Event::Text(BytesText::new(&number.to_string())))?,
            Self::Whole(number) => writer.write_event(Event::Text(BytesText::new(&number.to_string())))?,
            Self::Flag(flag) => writer.write_event(Event::Text(BytesText::new(&flag.to_string())))?,
            Self::Fields(fields) => fields.iter().try_for_each(|(name, node)| node.write(writer, name))?,
            Self::List(one, nodes) => nodes.iter().try_for_each(|node| node.write(writer, one))?,
        }
        writer.write_event(Event::End(BytesEnd::new(name)))
    }
}

/// A text without the characters XML cannot hold, however they are written (XML 1.0, section 2.2).
fn allowed(text: &str) -> String {
    let may = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars().filter(may).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lists_and_fields_in_both_forms() {
        let one = Node::Fields(vec![
            ("name", Node::text("灯 <3> & \u{1}\"x\"")),
            ("lat", Node::Number(38.25)),
            ("open", Node::Flag(true)),
            ("code", Node::Whole(404)),
            ("none", Node::nothing()),
        ]);
        let list = Node::List("request", vec![one]);
        let body = |format| list.answer("service_requests", format, StatusCode::OK).into_body().into_string();
        assert_eq!(
            body(Format::Json).await.unwrap(),
            r#"[{"code":404,"lat":38.25,"name":"灯 <3> & \u0001\"x\"","none":null,"open":true}]"#
        );
        assert_eq!(
            body(Format::Xml).await.unwrap(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><service_requests><request>\
             <name>灯 &lt;3&gt; &amp; &quot;x&quot;</name><lat>38.25</lat><open>true</open><code>404</code>\
             <none></none></request></service_requests>"
        );
        assert_eq!(
            (Format::of("/x.json"), Format::of("/x.xml"), Format::of("/x")),
            (Format::Json, Format::Xml, Format::Xml)
        );
    }
}
