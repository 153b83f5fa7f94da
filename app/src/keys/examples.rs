//! How a program uses a key.

mod programs;

use leptos::prelude::*;
use locales::text;

use self::programs::Programs;
use crate::reader::Reader;
use crate::sessions::house_address;
use crate::ui::{CopyButton, Tab, TabPanel, Tabs};

/// The address programs are given, a first call in three languages, and what known programs are told;
/// all ready to be copied.
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
    let given = Signal::derive(move || Given {
        base: base.get(),
        key: secret.clone(),
        model: model.clone(),
    });
    let panels = EXAMPLES.map(|(key, write)| {
        let code = Signal::derive(move || write(&given.read()));
        view! {
            <TabPanel id key selected>
                <Example place=key code />
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
                    Tab::new(PROGRAMS, text::keys::example_programs(l)),
                ]
                selected
            />
            {panels.into_iter().collect_view()}
            <TabPanel id key=PROGRAMS selected>
                <Programs id=format!("{id}-program") given />
            </TabPanel>
        </div>
    }
}

/// A piece of code with a copy button.
#[component]
fn Example(
    /// Its language, as programmers write it, or the file it belongs into.
    #[prop(into)]
    place: Signal<&'static str>,
    /// The code.
    #[prop(into)]
    code: Signal<String>,
) -> impl IntoView {
    let l = Reader::here().locale;
    view! {
        <figure class="code">
            <figcaption>
                <span class="code-lang">{place}</span>
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

/// The tab of known programs.
const PROGRAMS: &str = "programs";

/// What every program is told.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Given {
    /// Where the protocol is spoken, without a slash at the end.
    base: String,
    key: String,
    model: String,
}

/// Writes an example.
type Write = fn(&Given) -> String;

const EXAMPLES: [(&str, Write); 3] = [
    ("curl", curl),
    ("python", python),
    ("javascript", javascript),
];

fn curl(Given { base, key, model }: &Given) -> String {
    let model = quoted(model);
    let body = shell_word(&format!(
        r#"{{"model": {model}, "messages": [{{"role": "user", "content": "Hello"}}]}}"#
    ));
    format!(
        r#"curl {base}/chat/completions \
  -H "Authorization: Bearer {key}" \
  -H "Content-Type: application/json" \
  -d {body}"#
    )
}

fn python(Given { base, key, model }: &Given) -> String {
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

fn javascript(Given { base, key, model }: &Given) -> String {
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

/// A word of a shell, taken as it is.
fn shell_word(text: &str) -> String {
    // Inside single quotes a shell knows no escape.
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strange_model_name_does_not_break_out_of_an_example() {
        let given = Given {
            base: "b".to_owned(),
            key: "k".to_owned(),
            model: r#"it's "it""#.to_owned(),
        };
        assert!(curl(&given).contains(r#""it'\''s \"it\"""#));
        assert!(python(&given).contains(r#"model="it's \"it\"","#));
        assert!(javascript(&given).contains(r#"model: "it's \"it\"","#));
    }
}
