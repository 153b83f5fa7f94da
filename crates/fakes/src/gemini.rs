//! Google Gemini's dialect with an API key: generation, token counting and the model list, under both versions.

mod errors;
mod generate;
mod models;
mod stream;

use crate::{
    ErrorKind,
    call::{Call, is_valid},
    reply::Reply,
    request::percent_decoded,
};

use self::errors::Shape;

pub(crate) fn answer(call: &Call<'_>) -> Reply {
    let request = call.request;
    let sse = request.query_value("alt").as_deref() == Some("sse");
    // The colon before the method name is percent-encoded by some clients.
    let path = percent_decoded(call.path);
    let streaming = path.ends_with(":streamGenerateContent");
    let shape = if streaming && !sse {
        Shape::Array
    } else {
        Shape::Object
    };

    let query_key = request.query_value("key");
    let key = request
        .header("x-goog-api-key")
        .or(query_key.as_deref())
        .unwrap_or_default();
    if key.is_empty() {
        return errors::reply(ErrorKind::MissingKey, "", shape);
    }
    if !is_valid(key) {
        return errors::reply(ErrorKind::BadKey, "", shape);
    }
    let rest = path
        .strip_prefix("/v1beta/models")
        .or_else(|| path.strip_prefix("/v1/models"));
    let Some(rest) = rest else {
        return errors::no_such_url(&path);
    };
    let target = rest.strip_prefix('/').unwrap_or_default();
    match (request.method.as_str(), target.split_once(':')) {
        ("GET", None) if rest.is_empty() => models::list(call, key),
        ("GET", None) => models::one(call, key, target),
        ("POST", Some((model, "generateContent"))) => generate::whole(call, key, model),
        ("POST", Some((model, "streamGenerateContent"))) => {
            generate::stream(call, key, model, shape)
        }
        ("POST", Some((model, "countTokens"))) => generate::count(call, key, model),
        _ => errors::no_such_url(&path),
    }
}
