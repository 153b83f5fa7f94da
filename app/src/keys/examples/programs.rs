//! What known programs are told, each in the form of its own settings.

use leptos::prelude::*;
use locales::{Locale, text};

use super::{Example, Given, Write, quoted, shell_word};
use crate::reader::Reader;
use crate::ui::Field;

/// A program that speaks the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program {
    /// Whatever reads what the libraries of OpenAI read.
    Environment,
    Aider,
    Continue,
    LibreChat,
    OpenWebUi,
    Zed,
}

impl Program {
    const ALL: [Self; 6] = [
        Self::Environment,
        Self::Aider,
        Self::Continue,
        Self::LibreChat,
        Self::OpenWebUi,
        Self::Zed,
    ];

    fn name(self, l: Locale) -> &'static str {
        match self {
            Self::Environment => text::keys::program_environment(l),
            Self::Aider => "aider",
            Self::Continue => "Continue",
            Self::LibreChat => "LibreChat",
            Self::OpenWebUi => "Open WebUI",
            Self::Zed => "Zed",
        }
    }

    /// What to know beside the settings.
    fn note(self, l: Locale) -> &'static str {
        match self {
            Self::Environment => text::keys::note_environment(l),
            Self::Aider => text::keys::note_aider(l),
            Self::Continue => text::keys::note_continue(l),
            Self::LibreChat => text::keys::note_librechat(l),
            Self::OpenWebUi => text::keys::note_open_webui(l),
            Self::Zed => text::keys::note_zed(l),
        }
    }

    /// Where the settings belong.
    const fn place(self) -> &'static str {
        match self {
            Self::Environment | Self::Aider | Self::OpenWebUi => "sh",
            Self::Continue => "config.yaml",
            Self::LibreChat => "librechat.yaml",
            Self::Zed => "settings.json",
        }
    }

    const fn write(self) -> Write {
        match self {
            Self::Environment => environment,
            Self::Aider => aider,
            Self::Continue => continue_config,
            Self::LibreChat => librechat,
            Self::OpenWebUi => open_webui,
            Self::Zed => zed,
        }
    }
}

/// One of the programs, chosen by name, with what it is told.
#[component]
pub(super) fn Programs(
    /// Unique in the page.
    id: String,
    /// What every program is told.
    given: Signal<Given>,
) -> impl IntoView {
    let l = Reader::here().locale;
    let chosen = RwSignal::new(Program::Environment);
    let options = Program::ALL
        .iter()
        .zip(0_usize..)
        .map(|(program, place)| {
            let program = *program;
            view! {
                <option
                    value=place.to_string()
                    prop:selected=move || chosen.get() == program
                >
                    {program.name(l)}
                </option>
            }
        })
        .collect_view();
    let code = Signal::derive(move || chosen.get().write()(&given.read()));
    view! {
        <div class="stack">
            <div class="form">
                <Field id label=text::keys::program(l)>
                    <select
                        class="input"
                        on:change:target=move |event| {
                            let place = event.target().value().parse::<usize>().ok();
                            if let Some(program) = place.and_then(|place| Program::ALL.get(place)) {
                                chosen.set(*program);
                            }
                        }
                    >
                        {options}
                    </select>
                </Field>
            </div>
            <p class="faint small measure" aria-live="polite">{move || chosen.get().note(l)}</p>
            <Example place=Signal::derive(move || chosen.get().place()) code />
        </div>
    }
}

fn environment(Given { base, key, .. }: &Given) -> String {
    let (base, key) = (shell_word(base), shell_word(key));
    format!("export OPENAI_BASE_URL={base}\nexport OPENAI_API_KEY={key}")
}

fn aider(Given { base, key, model }: &Given) -> String {
    let (base, key) = (shell_word(base), shell_word(key));
    let model = shell_word(&format!("openai/{model}"));
    format!("export OPENAI_API_BASE={base}\nexport OPENAI_API_KEY={key}\naider --model {model}")
}

// A JSON string is one of YAML as well.
fn continue_config(Given { base, key, model }: &Given) -> String {
    let (base, key, model) = (quoted(base), quoted(key), quoted(model));
    format!(
        r"name: Purser
version: 0.0.1
schema: v1
models:
  - name: {model}
    provider: openai
    model: {model}
    apiBase: {base}
    apiKey: {key}"
    )
}

fn librechat(Given { base, key, model }: &Given) -> String {
    let (base, key, model) = (quoted(base), quoted(key), quoted(model));
    format!(
        r"version: 1.3.17
endpoints:
  custom:
    - name: Purser
      apiKey: {key}
      baseURL: {base}
      models:
        default: [{model}]
        fetch: true"
    )
}

fn open_webui(Given { base, key, .. }: &Given) -> String {
    let (base, key) = (shell_word(base), shell_word(key));
    format!(
        r"docker run -d -p 8080:8080 -v open-webui:/app/backend/data \
  -e OPENAI_API_BASE_URL={base} \
  -e OPENAI_API_KEY={key} \
  ghcr.io/open-webui/open-webui:main"
    )
}

fn zed(Given { base, model, .. }: &Given) -> String {
    let (base, model) = (quoted(base), quoted(model));
    format!(
        r#"{{
  "language_models": {{
    "openai_compatible": {{
      "Purser": {{
        "api_url": {base},
        "available_models": [
          {{ "name": {model}, "display_name": {model}, "max_tokens": 128000 }}
        ]
      }}
    }}
  }}
}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strange() -> Given {
        Given {
            base: "http://house/v1".to_owned(),
            key: "sk-purser-1".to_owned(),
            model: r#"it's "it": #1"#.to_owned(),
        }
    }

    #[test]
    fn a_strange_model_name_does_not_break_out_of_what_programs_are_told() {
        let model = strange().model;
        assert!(aider(&strange()).ends_with(r#"aider --model 'openai/it'\''s "it": #1'"#));
        assert!(continue_config(&strange()).contains("model: \"it's \\\"it\\\": #1\"\n"));
        assert!(librechat(&strange()).contains("default: [\"it's \\\"it\\\": #1\"]\n"));
        let zed: serde_json::Value = serde_json::from_str(&zed(&strange())).unwrap();
        let house = &zed["language_models"]["openai_compatible"]["Purser"];
        assert_eq!(house["available_models"][0]["name"], model.as_str());
        assert_eq!(house["api_url"], "http://house/v1");
    }

    #[test]
    fn every_program_is_told_the_address_and_all_but_zed_the_key() {
        for program in Program::ALL {
            let told = program.write()(&strange());
            assert!(told.contains("http://house/v1"), "{told}");
            // Zed keeps keys apart from its settings.
            assert_eq!(
                told.contains("sk-purser-1"),
                program != Program::Zed,
                "{told}"
            );
        }
    }
}
