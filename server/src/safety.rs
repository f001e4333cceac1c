//! What must hold before anybody is served: the numbers are within bounds, a demo stays private, and a live service
//! has its own secrets and can reach people.

use std::net::SocketAddr;
use std::ops::RangeInclusive;

use linli_domain::phone::Phone;
use linli_store::sqlite_file;
use secrecy::ExposeSecret;

use crate::config::{Config, Mode, Problem};

/// A master key of fewer different characters was typed, not drawn.
const FEWEST_CHARACTERS: usize = 10;

/// Everything that forbids running with this configuration.
pub(crate) fn problems(config: &Config) -> Vec<Problem> {
    let mut found = bounds(config);
    found.extend(match config.mode {
        Mode::Demo => demo(config),
        Mode::Live => live(config),
    });
    if let Some(key) = &config.secrets.master_key {
        found.extend(weak_key(key.expose_secret()).map(|problem| Problem::new("secrets.master_key", problem)));
    }
    found
}

/// What forbids listening: a demo in public that was not told so twice, or no address at all.
pub(crate) fn listening(config: &Config, yes_demo_in_public: bool) -> Result<SocketAddr, Problem> {
    let address: SocketAddr = config.server.listen.parse().map_err(|_| {
        Problem::new("server.listen", "is no address with a port. Allowed: 127.0.0.1:8080, 0.0.0.0:8080, [::1]:8080")
    })?;
    let told_twice = config.demo_on_public_address && yes_demo_in_public;
    if config.mode == Mode::Demo && !address.ip().is_loopback() && !told_twice {
        return Err(Problem::new(
            "server.listen",
            format!(
                "{address} can be reached from outside, and in a demo everybody can log in as anybody. Listen on \
                 127.0.0.1, or set mode = \"live\". If a public demo is what you want, say so twice: \
                 demo_on_public_address = true, and the option --yes-demo-in-public"
            ),
        ));
    }
    Ok(address)
}

fn bounds(config: &Config) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut within = |key: &str, value: u64, allowed: RangeInclusive<u64>| {
        if !allowed.contains(&value) {
            found.push(Problem::new(key, format!("must lie between {} and {}", allowed.start(), allowed.end())));
        }
    };
    within("server.drain_seconds", config.server.drain_seconds, 0..=300);
    within("server.proxies", config.server.proxies as u64, 0..=8);
    within("database.connections", config.database.connections.into(), 2..=100);
    within("database.acquire_timeout_ms", config.database.acquire_timeout_ms, 100..=60_000);
    within("database.write_queue", config.database.write_queue as u64, 1..=100_000);
    within("database.desk_queue", config.database.desk_queue as u64, 1..=100_000);
    within("login.days", config.login.days.into(), 1..=365);
    within("worker.concurrency", config.worker.concurrency as u64, 1..=64);
    within("worker.lease_seconds", config.worker.lease_seconds.into(), 10..=3_600);
    for program in &config.open311.keys {
        found.extend(weak_key(program.key.expose_secret()).map(|problem| Problem::new("open311.keys.key", problem)));
        if program.phone.parse::<Phone>().is_err() {
            found.push(Problem::new("open311.keys.phone", "must be the mobile number of an account"));
        }
    }
    if let Some(tiles) = config.map.tiles() {
        if tiles.origin().is_none() {
            let allowed = "must read https://HOST/PATH with {z}, {x} and {y} in the path, such as https://tiles.example.com/{z}/{x}/{y}.png";
            found.push(Problem::new("map.tiles", allowed));
        }
        if tiles.attribution.trim().is_empty() {
            found.push(Problem::new("map.attribution", "is missing: say whose the tiles are, as their terms ask for"));
        }
    }
    let url = config.database.url.expose_secret();
    let good = match sqlite_file(url) {
        Some(file) => !file.as_os_str().is_empty() && !url.contains(":memory:"),
        None => url.starts_with("postgres://") || url.starts_with("postgresql://"),
    };
    if !good {
        found.push(Problem::new("database.url", "must read sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME"));
    }
    found
}

fn demo(config: &Config) -> Vec<Problem> {
    let mut found = Vec::new();
    if config.sms.is_some() {
        found.push(Problem::new("sms", "a demo sends no messages. Remove the section, or set mode = \"live\""));
    }
    if config.secrets.master_key.is_none() && sqlite_file(config.database.url.expose_secret()).is_none() {
        found.push(Problem::new(
            "secrets.master_key",
            "is missing. Only a demo on SQLite makes its own. Make one: openssl rand -base64 36",
        ));
    }
    found
}

fn live(config: &Config) -> Vec<Problem> {
    let mut found = Vec::new();
    if config.demo_begins_at.is_some() {
        found.push(Problem::new("demo_begins_at", "real residents live in the present. Remove the key"));
    }
    if config.secrets.master_key.is_none() {
        found.push(Problem::new("secrets.master_key", "is missing. Make one: openssl rand -base64 36"));
    }
    if config.sms.is_none() {
        found.push(Problem::new("sms", "is missing: without text messages nobody can log in. See linli.example.toml"));
    }
    if config.help_phone == Config::default().help_phone {
        found.push(Problem::new("help_phone", "is still that of the example. Set a number residents can call"));
    }
    if config.demo_on_public_address {
        found.push(Problem::new("demo_on_public_address", "makes no sense with mode = \"live\". Remove it"));
    }
    found
}

fn weak_key(key: &str) -> Option<String> {
    let different = key.chars().collect::<std::collections::BTreeSet<_>>().len();
    (key.len() < 32 || different < FEWEST_CHARACTERS)
        .then(|| "must be at least 32 random characters. Make one: openssl rand -base64 36".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "q8Zr1vXw4kTn6bYj0LhGd5sPm2cRf9aUeWxQ";

    fn keys(config: &Config) -> Vec<String> {
        problems(config).into_iter().map(|problem| problem.key).collect()
    }

    fn live_config() -> Config {
        Config {
            mode: Mode::Live,
            help_phone: "0317-1234567".into(),
            secrets: crate::config::Secrets { master_key: Some(KEY.into()) },
            sms: Some(
                toml::from_str(
                    "access_key_id = 'a'\naccess_key_secret = 'b'\nsign_name = 'c'\nlogin_template = 'SMS_1'",
                )
                .unwrap(),
            ),
            ..Config::default()
        }
    }

    #[test]
    fn a_demo_runs_as_it_comes_and_stays_private() {
        let mut config = Config::default();
        assert_eq!(keys(&config), [""; 0]);
        assert!(listening(&config, false).is_ok());
        for public in ["0.0.0.0:8080", "[::]:8080", "192.168.1.5:80"] {
            config.server.listen = public.into();
            config.demo_on_public_address = false;
            assert!(listening(&config, false).is_err());
            assert!(listening(&config, true).is_err(), "told once, by option");
            config.demo_on_public_address = true;
            assert!(listening(&config, false).is_err(), "told once, by key");
            assert!(listening(&config, true).is_ok(), "told twice");
        }
        config.server.listen = "localhost".into();
        assert!(listening(&config, true).is_err());
    }

    #[test]
    fn a_demo_sends_nothing_and_makes_a_key_on_sqlite_only() {
        let config = Config { mode: Mode::Demo, ..live_config() };
        assert_eq!(keys(&config), ["sms"]);
        let mut config = Config::default();
        config.database.url = "postgres://linli@127.0.0.1/linli".into();
        assert_eq!(keys(&config), ["secrets.master_key"]);
    }

    #[test]
    fn a_program_that_files_reports_has_a_drawn_key_and_an_account() {
        let keys_of = |key: &str, phone: &str| {
            let mut config = live_config();
            config.open311.keys.push(crate::config::Open311Key { key: key.into(), phone: phone.into() });
            keys(&config)
        };
        assert_eq!(keys_of(KEY, "13800000000"), [""; 0]);
        assert_eq!(keys_of("open", "0317"), ["open311.keys.key", "open311.keys.phone"]);
    }

    #[test]
    fn tiles_come_from_somewhere_and_are_somebodys() {
        let keys_of = |tiles: &str, attribution: &str| {
            let mut config = live_config();
            (config.map.tiles, config.map.attribution) = (Some(tiles.into()), attribution.into());
            keys(&config)
        };
        assert_eq!(keys_of("https://tiles.example.com/{z}/{x}/{y}.png", "© Somebody"), [""; 0]);
        assert_eq!(keys_of("http://tiles.example.com/{z}/{x}/{y}.png", "© Somebody"), ["map.tiles"]);
        assert_eq!(keys_of("https://tiles.example.com/{z}/{x}.png", " "), ["map.tiles", "map.attribution"]);
    }

    #[test]
    fn a_live_service_needs_its_own_secrets_and_messages() {
        assert_eq!(keys(&live_config()), [""; 0]);
        let mut config = live_config();
        config.server.listen = "0.0.0.0:8080".into();
        assert!(listening(&config, false).is_ok());
        let bare = Config { mode: Mode::Live, ..Config::default() };
        assert_eq!(keys(&bare), ["secrets.master_key", "sms", "help_phone"]);
        for weak in ["short", &"a".repeat(40), &"abcabc".repeat(8)] {
            config.secrets.master_key = Some(weak.into());
            assert_eq!(keys(&config), ["secrets.master_key"], "{weak}");
        }
    }

    #[test]
    fn numbers_and_addresses_are_bounded() {
        let mut config = Config::default();
        config.database.connections = 0;
        config.worker.concurrency = 65;
        config.login.days = 0;
        config.database.url = "mysql://localhost/linli".into();
        assert_eq!(keys(&config)[..4], ["database.connections", "login.days", "worker.concurrency", "database.url"]);
        for bad in ["sqlite://", "sqlite::memory:", ""] {
            config = Config::default();
            config.database.url = bad.into();
            assert!(keys(&config).contains(&"database.url".to_owned()), "{bad}");
        }
    }
}
