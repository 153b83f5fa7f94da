//! Which build of the browser's files this server serves.

use app::shell::{Life, shell};
use leptos::IntoView;
use leptos::config::LeptosOptions;
use locales::Locale;
use services::secrets::{hash, hex};

/// The worker, as far as it is the same in every build.
const WORKER: &str = include_str!("routes/installed/service-worker.js");
/// The script of the offline page.
pub(crate) const OFFLINE_SCRIPT: &str = include_str!("routes/installed/offline.js");

/// One build. Two servers with the same files have the same one.
#[derive(Debug)]
pub(crate) struct Build {
    /// Its id: a page that carries another one is older or newer than the server.
    pub(crate) id: String,
    /// What brings a page to life.
    pub(crate) life: Life,
    /// The page that answers when nobody else does.
    pub(crate) offline: String,
    /// The service worker.
    pub(crate) worker: String,
}

impl Build {
    /// The build whose files are named in `hashes`, the content of `hash.txt`; without it their names
    /// stay the same for ever, and nothing of them may be kept.
    pub(crate) fn new(hashes: Option<&str>, options: &LeptosOptions) -> Self {
        let offline = app::installed::offline_document(options);
        let texts = Locale::ALL
            .iter()
            .map(|locale| locales::bundle_name(*locale))
            .collect::<String>();
        let all = [
            hashes.unwrap_or_default(),
            &texts,
            &offline,
            WORKER,
            OFFLINE_SCRIPT,
        ];
        let mut id = hex(&hash(&all.join("\n")));
        id.truncate(16);
        let stylesheet = address("css", hashes, options);
        let shell = ["/offline", &stylesheet, "/offline.js", "/favicon.svg"];
        let for_ever: &[&str] = match hashes {
            Some(_) => &["/pkg/", "/texts/"],
            None => &["/texts/"],
        };
        // As JSON, which is JavaScript too.
        let worker = format!(
            "\"use strict\";\nconst BUILD = {};\nconst SHELL = {};\nconst FOR_EVER = {};\n\n{WORKER}",
            serde_json::json!(id),
            serde_json::json!(shell),
            serde_json::json!(for_ever),
        );
        let life = Life {
            script: address("js", hashes, options),
            module: address("wasm", hashes, options),
        };
        Self {
            id,
            life,
            offline,
            worker,
        }
    }

    /// The document around every page of the app.
    pub(crate) fn document(&self, options: &LeptosOptions) -> impl IntoView + use<> {
        shell(options.clone(), self.id.clone(), self.life.clone())
    }
}

/// The address of one of the browser's files, as cargo-leptos names it.
fn address(kind: &str, hashes: Option<&str>, options: &LeptosOptions) -> String {
    let hash = hashes
        .into_iter()
        .flat_map(str::lines)
        .find_map(|line| line.strip_prefix(kind)?.strip_prefix(':'))
        .map(|hash| format!(".{}", hash.trim()))
        .unwrap_or_default();
    let (folder, name) = (&options.site_pkg_dir, &options.output_name);
    format!("/{folder}/{name}{hash}.{kind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(hashes: Option<&str>) -> Build {
        let options = LeptosOptions::builder().output_name("purser").build();
        Build::new(hashes, &options)
    }

    #[test]
    fn another_file_is_another_build_and_the_same_files_are_the_same() {
        let one = build(Some("js: a\nwasm: b\ncss: c\n"));
        assert_eq!(one.id, build(Some("js: a\nwasm: b\ncss: c\n")).id);
        assert_ne!(one.id, build(Some("js: a\nwasm: d\ncss: c\n")).id);
        assert_eq!(
            (one.life.script.as_str(), one.life.module.as_str()),
            ("/pkg/purser.a.js", "/pkg/purser.b.wasm")
        );
        assert!(
            one.worker
                .contains(&format!("const BUILD = \"{}\";", one.id))
        );
        assert!(
            one.worker.contains("\"/pkg/purser.c.css\""),
            "{}",
            one.worker
        );
    }

    #[test]
    fn files_without_a_hash_in_their_name_are_never_kept() {
        let Build { worker, life, .. } = build(None);
        assert_eq!(life.module, "/pkg/purser.wasm");
        assert!(
            worker.contains("const FOR_EVER = [\"/texts/\"];"),
            "{worker}"
        );
        assert!(worker.contains("\"/pkg/purser.css\""), "{worker}");
    }
}
