//! The tables of Linli, the same on SQLite and PostgreSQL.
//!
//! A migration is a SQL file in the words both databases share (BIGINT, INTEGER, TEXT, BOOLEAN, CHECK, partial
//! indexes). What only PostgreSQL needs stands beside it in Rust. A landed file is never changed: add the next one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Applies and lists the migrations.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(SqlFile { name: "m0001_people", sql: include_str!("sql/0001_people.sql"), postgres: "" }),
            Box::new(SqlFile { name: "m0002_district", sql: include_str!("sql/0002_district.sql"), postgres: "" }),
            Box::new(SqlFile {
                name: "m0003_booking",
                sql: include_str!("sql/0003_booking.sql"),
                // Half-empty pages let an updated counter stay on its page, without touching the index.
                postgres: "ALTER TABLE pools SET (fillfactor = 50); ALTER TABLE calendars SET (fillfactor = 70);",
            }),
            Box::new(SqlFile { name: "m0004_work", sql: include_str!("sql/0004_work.sql"), postgres: "" }),
            Box::new(SqlFile { name: "m0005_shapes", sql: include_str!("sql/0005_shapes.sql"), postgres: "" }),
            Box::new(SqlFile {
                name: "m0006_organisations",
                sql: include_str!("sql/0006_organisations.sql"),
                postgres: "",
            }),
            Box::new(SqlFile { name: "m0007_channels", sql: include_str!("sql/0007_channels.sql"), postgres: "" }),
            Box::new(SqlFile { name: "m0008_finding", sql: include_str!("sql/0008_finding.sql"), postgres: "" }),
            Box::new(SqlFile {
                name: "m0009_marketplace",
                sql: include_str!("sql/0009_marketplace.sql"),
                postgres: "",
            }),
            Box::new(SqlFile { name: "m0010_areas", sql: include_str!("sql/0010_areas.sql"), postgres: "" }),
            Box::new(SqlFile { name: "m0012_care_files", sql: include_str!("sql/0012_care_files.sql"), postgres: "" }),
            Box::new(SqlFile { name: "m0013_cards", sql: include_str!("sql/0013_cards.sql"), postgres: "" }),
        ]
    }
}

/// One SQL file as a migration.
struct SqlFile {
    name: &'static str,
    sql: &'static str,
    postgres: &'static str,
}

impl MigrationName for SqlFile {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SqlFile {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared(self.sql).await?;
        if manager.get_database_backend() == DbBackend::Postgres && !self.postgres.is_empty() {
            connection.execute_unprepared(self.postgres).await?;
        }
        Ok(())
    }
}
