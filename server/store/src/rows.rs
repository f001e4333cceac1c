//! Many rows in one statement of fixed text: arrays with `unnest` on PostgreSQL, one JSON text on SQLite.
//!
//! A VALUES list of changing length would be a new statement for every batch size and drive the others out of the
//! statement cache.

use sea_orm::sea_query::ArrayType;
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

use crate::connect::{Backend, Reads, Tx};
use crate::error::Result;

/// Stands for NULL on its way to PostgreSQL, since the driver below cannot send an array with a NULL in it.
const NO_INT: i64 = -i64::MAX;
/// As [`NO_INT`]. Texts of ours hold no control characters but line breaks.
const NO_TEXT: &str = "\u{1}";

/// The values of one column.
enum Column {
    Int(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
    Bool(Vec<bool>),
    Float(Vec<f64>),
}

/// A table of values to insert, to update from or to look up, column by column.
pub(crate) struct Rows {
    names: Vec<&'static str>,
    columns: Vec<Column>,
}

impl Rows {
    pub(crate) const fn new() -> Self {
        Self { names: Vec::new(), columns: Vec::new() }
    }

    pub(crate) fn int(self, name: &'static str, values: impl IntoIterator<Item = i64>) -> Self {
        self.int_or_null(name, values.into_iter().map(Some))
    }

    pub(crate) fn int_or_null(mut self, name: &'static str, values: impl IntoIterator<Item = Option<i64>>) -> Self {
        self.names.push(name);
        self.columns.push(Column::Int(values.into_iter().collect()));
        self
    }

    pub(crate) fn text(self, name: &'static str, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.text_or_null(name, values.into_iter().map(Some))
    }

    pub(crate) fn text_or_null(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = Option<impl Into<String>>>,
    ) -> Self {
        self.names.push(name);
        self.columns.push(Column::Text(values.into_iter().map(|value| value.map(Into::into)).collect()));
        self
    }

    pub(crate) fn bool(mut self, name: &'static str, values: impl IntoIterator<Item = bool>) -> Self {
        self.names.push(name);
        self.columns.push(Column::Bool(values.into_iter().collect()));
        self
    }

    pub(crate) fn float(mut self, name: &'static str, values: impl IntoIterator<Item = f64>) -> Self {
        self.names.push(name);
        self.columns.push(Column::Float(values.into_iter().collect()));
        self
    }

    fn is_empty(&self) -> bool {
        match self.columns.first() {
            None => true,
            Some(Column::Int(values)) => values.is_empty(),
            Some(Column::Text(values)) => values.is_empty(),
            Some(Column::Bool(values)) => values.is_empty(),
            Some(Column::Float(values)) => values.is_empty(),
        }
    }

    /// The rows as a subselect with the columns' names, to be followed by an alias.
    fn source(&self, backend: Backend) -> String {
        match backend {
            Backend::Postgres => {
                let arrays: Vec<String> = self
                    .columns
                    .iter()
                    .enumerate()
                    .map(|(i, column)| {
                        let kind = match column {
                            Column::Int(_) => "bigint",
                            Column::Text(_) => "text",
                            Column::Bool(_) => "boolean",
                            Column::Float(_) => "double precision",
                        };
                        format!("${}::{kind}[]", i + 1)
                    })
                    .collect();
                let picks: Vec<String> = self
                    .names
                    .iter()
                    .zip(&self.columns)
                    .map(|(name, column)| match column {
                        Column::Int(_) => format!("NULLIF({name}, {NO_INT}) AS {name}"),
                        Column::Text(_) => format!("NULLIF({name}, '{NO_TEXT}') AS {name}"),
                        Column::Bool(_) | Column::Float(_) => (*name).to_owned(),
                    })
                    .collect();
                let (picks, arrays) = (picks.join(", "), arrays.join(", "));
                format!("(SELECT {picks} FROM unnest({arrays}) AS u({}))", self.names.join(", "))
            }
            Backend::Sqlite => {
                let picks: Vec<String> = self
                    .names
                    .iter()
                    .enumerate()
                    .map(|(i, name)| format!("json_extract(value, '$[{i}]') AS {name}"))
                    .collect();
                format!("(SELECT {} FROM json_each($1))", picks.join(", "))
            }
        }
    }

    fn values(self, backend: Backend) -> Vec<Value> {
        match backend {
            Backend::Postgres => self.columns.into_iter().map(Column::into_array).collect(),
            Backend::Sqlite => {
                let length = match &self.columns[0] {
                    Column::Int(values) => values.len(),
                    Column::Text(values) => values.len(),
                    Column::Bool(values) => values.len(),
                    Column::Float(values) => values.len(),
                };
                let rows: Vec<Vec<serde_json::Value>> =
                    (0..length).map(|row| self.columns.iter().map(|column| column.json(row)).collect()).collect();
                vec![
                    serde_json::Value::from(rows.into_iter().map(serde_json::Value::from).collect::<Vec<_>>())
                        .to_string()
                        .into(),
                ]
            }
        }
    }

    /// Inserts all rows; `tail` is what follows the select, such as `ON CONFLICT DO NOTHING`. Answers how many were
    /// inserted.
    pub(crate) async fn insert(self, tx: &Tx, table: &str, tail: &str) -> Result<u64> {
        if self.is_empty() {
            return Ok(0);
        }
        let names = self.names.join(", ");
        // `WHERE true` keeps SQLite from reading ON CONFLICT as part of a join.
        let head = format!("INSERT INTO {table} ({names}) SELECT {names} FROM");
        self.execute(tx, &head, &format!("AS v WHERE true {tail}")).await
    }

    /// Runs `head (rows) tail`, where the tail names the rows, as in `UPDATE t SET … FROM` / `AS v WHERE …`.
    pub(crate) async fn execute(self, tx: &Tx, head: &str, tail: &str) -> Result<u64> {
        if self.is_empty() {
            return Ok(0);
        }
        let statement = self.statement(tx, head, tail);
        Ok(tx.connection().execute_raw(statement).await?.rows_affected())
    }

    /// Asks `head (rows) tail`.
    pub(crate) async fn query(self, db: &impl Reads, head: &str, tail: &str) -> Result<Vec<QueryResult>> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        let statement = self.statement(db, head, tail);
        Ok(db.connection().query_all_raw(statement).await?)
    }

    fn statement(self, db: &impl Reads, head: &str, tail: &str) -> Statement {
        let backend = db.backend();
        let sql = format!("{head} {} {tail}", self.source(backend));
        Statement::from_sql_and_values(db.connection().get_database_backend(), sql, self.values(backend))
    }
}

impl Column {
    fn into_array(self) -> Value {
        fn array(kind: ArrayType, values: impl Iterator<Item = Value>) -> Value {
            Value::Array(kind, Some(Box::new(values.collect())))
        }
        match self {
            Self::Int(values) => {
                array(ArrayType::BigInt, values.into_iter().map(|value| value.unwrap_or(NO_INT).into()))
            }
            Self::Text(values) => {
                let texts = values.into_iter().map(|value| value.unwrap_or_else(|| NO_TEXT.to_owned()).into());
                array(ArrayType::String, texts)
            }
            Self::Bool(values) => array(ArrayType::Bool, values.into_iter().map(|value| Value::Bool(Some(value)))),
            Self::Float(values) => array(ArrayType::Double, values.into_iter().map(|value| Value::Double(Some(value)))),
        }
    }

    fn json(&self, row: usize) -> serde_json::Value {
        match self {
            Self::Int(values) => values[row].into(),
            Self::Text(values) => values[row].clone().into(),
            Self::Bool(values) => values[row].into(),
            Self::Float(values) => values[row].into(),
        }
    }
}
