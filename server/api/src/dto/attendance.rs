//! Attendance over the wire.

use linli_application::attendance::Presence;
use poem_openapi::Enum;

use super::people::keys;

keys! {
    /// Where somebody is.
    PresenceKey = Presence {
        /// They should be there by now.
        Missing,
        /// They are to come.
        Expected,
        /// They are there.
        There,
        /// They have left.
        Gone,
        /// They were counted as not come.
        NotCome,
    }
}
