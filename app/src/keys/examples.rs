//! How a program uses a key.

use leptos::prelude::*;
use locales::text;

use crate::reader::Reader;
use crate::sessions::house_address;
use crate::ui::{CopyButton, Tab, TabPanel, Tabs};

/// The address programs are given, and a first call in three languages, ready to be copied.
#[component]
pub(super) fn Examples(
    /// Unique in the page.
    id: &'static str,
    /// The key; without it a placeholder stands in its place.
    #[prop(optional, into)]
    secret: Option<String>,
    /// The model to call; without it a placeholder stands in its place.
    #[prop(into)]
    model: Option<String>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let address = house_address();
    let base = Signal::derive(move || format!("{}/v1", address.read()));
    let secret = secret.unwrap_or_else(|| format!("{}…", domain::keys::KEY_PREFIX));
    let model = model.unwrap_or_else(|| "MODEL".to_owned());
    let selected = RwSignal::new("curl");
    let panels = EXAMPLES.map(|(key, write)| {
        let (secret, model) = (secret.clone(), model.clone());
        let code = Signal::derive(move || write(&base.read(), &secret, &model));
        view! {
            <TabPanel id key selected>
                <Example language=key code />
            </TabPanel>
        }
    });
    view! {
        <div class="copy-line">
            <span class="faint">{text::keys::base_url(l)}</span>
            <code>{base}</code>
            <CopyButton
                text=move || base.get()
                label=text::keys::copy_url(l)
                copied_label=text::common::copied(l)
            />
        </div>
        <div>
            <Tabs
                id
                label=text::keys::example_title(l)
                tabs=vec![
                    Tab::new("curl", text::keys::example_curl(l)),
                    Tab::new("python", text::keys::example_python(l)),
                    Tab::new("javascript", text::keys::example_javascript(l)),
                ]
                selected
            />
            {panels.into_iter().collect_view()}
        </div>
    }
}

/// A piece of code with a copy button.
#[component]
fn Example(
    /// Its language, as programmers write it.
    language: &'static str,
    /// The code.
    #[prop(into)]
    code: Signal<String>,
) -> impl IntoView {
    let l = Reader::here().locale;
    view! {
        <figure class="code">
            <figcaption>
                <span class="code-lang">{language}</span>
                <CopyButton
                    text=move || code.get()
                    label=text::keys::copy_example(l)
                    copied_label=text::common::copied(l)
                />
            </figcaption>
            <pre tabindex="0"><code>{code}</code></pre>
        </figure>
    }
}

/// Writes an example for a base URL, a key and a model.
type Write = fn(&str, &str, &str) -> String;

const EXAMPLES: [(&str, Write); 3] = [
    ("curl", curl),
    ("python", python),
    ("javascript", javascript),
];

fn curl(base: &str, key: &str, model: &str) -> String {
    // Inside single quotes a shell knows no escape.
    let model = quoted(model).replace('\'', r"'\''");
    format!(
        r#"curl {base}/chat/completions \
  -H "Authorization: Bearer {key}" \
  -H "Content-Type: application/json" \
  -d '{{"model": {model}, "messages": [{{"role": "user", "content": "Hello"}}]}}'"#
    )
}

fn python(base: &str, key: &str, model: &str) -> String {
    let model = quoted(model);
    format!(
        r#"from openai import OpenAI

client = OpenAI(base_url="{base}", api_key="{key}")
reply = client.chat.completions.create(
    model={model},
    messages=[{{"role": "user", "content": "Hello"}}],
)
print(reply.choices[0].message.content)"#
    )
}

fn javascript(base: &str, key: &str, model: &str) -> String {
    let model = quoted(model);
    format!(
        r#"import OpenAI from "openai";

const client = new OpenAI({{ baseURL: "{base}", apiKey: "{key}" }});
const reply = await client.chat.completions.create({{
  model: {model},
  messages: [{{ role: "user", content: "Hello" }}],
}});
console.log(reply.choices[0].message.content);"#
    )
}

/// A JSON string, which is also one of Python and JavaScript.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strange_model_name_does_not_break_out_of_an_example() {
        let name = r#"it's "it""#;
        assert!(curl("b", "k", name).contains(r#""it'\''s \"it\"""#));
        assert!(python("b", "k", name).contains(r#"model="it's \"it\"","#));
        assert!(javascript("b", "k", name).contains(r#"model: "it's \"it\"","#));
    }
}
