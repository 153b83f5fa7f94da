//! What models write and the translator does not know, in words that it knows.

/// Commands of our own, made of its.
pub(super) const MACROS: [(&str, &str); 7] = [
    ("pmb", r"\boldsymbol{#1}"),
    ("qed", r"\blacksquare"),
    ("substack", r"\begin{matrix}#1\end{matrix}"),
    // Colours are the page's own: what another one is readable on, a model cannot know.
    ("textcolor", "#2"),
    ("mathclap", "#1"),
    // There is no element for a box: `mathml` makes one of the stroke that is falling, and both strokes rise.
    ("boxed", r"\bcancel{#1}"),
    ("bcancel", r"\cancel{#1}"),
];

/// Names that mean the same to us.
const RENAMED: [(&str, &str); 13] = [
    (r"\mbox{", r"\text{"),
    (r"\fbox{", r"\text{"),
    (r"\textnormal{", r"\text{"),
    (r"\nonumber", ""),
    (r"\notag", ""),
    (r"\hfill", r"\quad "),
    ("{split}", "{aligned}"),
    ("{align*}", "{aligned}"),
    ("{align}", "{aligned}"),
    ("{gather*}", "{gathered}"),
    ("{gather}", "{gathered}"),
    ("{smallmatrix}", "{matrix}"),
    ("{eqnarray}", "{aligned}"),
];

/// Around a formula that stands alone already.
const AROUND: [&str; 4] = [
    r"\begin{equation*}",
    r"\end{equation*}",
    r"\begin{equation}",
    r"\end{equation}",
];

/// The formula in the translator's words.
pub(super) fn rewritten(latex: &str) -> String {
    let mut latex = latex.trim().to_owned();
    for (theirs, ours) in RENAMED {
        if latex.contains(theirs) {
            latex = latex.replace(theirs, ours);
        }
    }
    for around in AROUND {
        if latex.contains(around) {
            latex = latex.replace(around, "");
        }
    }
    // A number is for reference, and there is no other page to refer from.
    latex = with_argument(&latex, r"\label{", |_| String::new());
    with_argument(&latex, r"\tag{", |tag| format!(r"\qquad\text{{({tag})}}"))
}

/// Replaces a command whose argument has no braces of its own.
fn with_argument(latex: &str, command: &str, by: impl Fn(&str) -> String) -> String {
    let mut parts = latex.split(command);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((argument, rest)) if !argument.contains('{') => {
                out.push_str(&by(argument));
                out.push_str(rest);
            }
            _ => {
                out.push_str(command);
                out.push_str(part);
            }
        }
    }
    out
}
