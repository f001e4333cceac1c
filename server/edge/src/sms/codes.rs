//! What the provider's codes mean for us.

use super::{Fault, SmsError};

/// Sorts a code that is not `OK`.
///
/// A code that is not known counts as the account's fault: nothing is sent again and an operator is told, which is the
/// safe side for a service that costs money per message.
pub(super) fn sort(code: &str) -> SmsError {
    let owned = code.to_owned();
    match code {
        "isp.SYSTEM_ERROR" | "isp.GATEWAY_ERROR" | "isp.UNKNOWN" | "ServiceUnavailable" | "InternalError"
        // Our nonce met an old one: the next has another.
        | "SignatureNonceUsed" => SmsError::Busy { code: owned },
        _ if code == "Throttling" || code.starts_with("Throttling.") => SmsError::Busy { code: owned },
        "isv.BUSINESS_LIMIT_CONTROL" | "isv.DAY_LIMIT_CONTROL" | "isv.MONTH_LIMIT_CONTROL" => {
            SmsError::RateLimited { code: owned }
        }
        "isv.MOBILE_NUMBER_ILLEGAL" | "isv.MOBILE_COUNT_OVER_LIMIT" => {
            SmsError::Refused { code: owned, fault: Fault::Recipient }
        }
        "isv.TEMPLATE_MISSING_PARAMETERS"
        | "isv.TEMPLATE_PARAMS_ILLEGAL"
        | "isv.INVALID_PARAMETERS"
        | "isv.INVALID_JSON_PARAM"
        | "isv.PARAM_LENGTH_LIMIT"
        | "isv.PARAM_NOT_SUPPORT_URL"
        | "isv.BLACK_KEY_CONTROL_LIMIT" => SmsError::Refused { code: owned, fault: Fault::Message },
        _ => SmsError::Refused { code: owned, fault: Fault::Account },
    }
}
