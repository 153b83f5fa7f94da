//! What the demo model says, in English and in Korean.

/// Most characters of a question that are repeated.
const ECHO: usize = 160;
/// Most words and characters of a title.
const TITLE_WORDS: usize = 6;
const TITLE: usize = 48;

/// A few sentences.
pub(super) fn short(asked: &str) -> String {
    let echo = echo(asked);
    if is_korean(asked) {
        return format!(
            "안녕하세요! 저는 이 집에 들어 있는 **데모 모델**입니다. 비용이 들지 않고 인터넷도 쓰지 않으며, \
             답변이 어떻게 도착하는지 보여 드리기 위해 있습니다.\n\n보내신 내용은 다음과 같습니다.\n\n> {echo}\n\n\
             실제 모델과 대화하려면 관리자가 **연결** 화면에서 공급자를 고르고 API 키를 입력하면 됩니다. \
             그다음 이 입력창의 모델 목록에서 새 모델을 선택하세요.\n\n- 더 긴 예시는 `demo-long` 모델에서 볼 수 있습니다.\n\
             - 답변을 다시 만들거나, 중간에 멈추거나, 질문을 고쳐 보세요."
        );
    }
    format!(
        "Hello! I am the **demo model** that comes with this house. I cost nothing, use no network, and am here to \
         show how an answer arrives.\n\nThis is what you sent:\n\n> {echo}\n\nTo talk to a real model, an administrator \
         opens **Connections**, picks a provider and enters an API key. The new models then appear in the list next to \
         this conversation.\n\n- For a longer example, choose the model `demo-long`.\n\
         - Try to regenerate this answer, to stop it half-way, or to edit your question."
    )
}

/// All that Markdown can do.
pub(super) fn long(asked: &str) -> String {
    let echo = echo(asked);
    if is_korean(asked) {
        return format!(
            "# 긴 답변의 예시\n\n저는 **데모 모델**입니다. 이 글은 긴 답변이 화면에 어떻게 나타나는지 보여 줍니다. \
             보내신 내용은 다음과 같습니다.\n\n> {echo}\n\n## 실제 모델을 연결하는 방법\n\n1. 관리자로 로그인합니다.\n\
             2. **연결** 화면을 열고 새 연결을 추가합니다.\n3. 공급자를 고르고 API 키를 입력한 뒤 *연결 시험*을 누릅니다.\n\
             4. 구성원이 쓸 수 있는 모델을 켭니다.\n\n## 목록과 강조\n\n- 보통 글자와 **굵은 글자**, *기울인 글자*\n\
             - 줄 안의 코드: `purser --help`\n  - 한 단계 들어간 항목\n- [ ] 아직 하지 않은 일\n- [x] 끝낸 일\n\n\
             ## 표\n\n| 모델 | 비용 | 쓰임새 |\n| --- | ---: | --- |\n| `demo` | 0 | 짧은 답변 |\n| `demo-long` | 0 | 긴 답변 |\n\n\
             ## 코드\n\n```rust\nfn main() {{\n    let name = \"Purser\";\n    println!(\"안녕하세요, {{name}}!\");\n}}\n```\n\n\
             ## 마무리\n\n답변이 이만큼 길어도 위로 올려 읽는 동안 화면이 움직이지 않아야 합니다. \
             언제든지 멈출 수 있고, 멈춘 곳까지의 글은 그대로 남습니다."
        );
    }
    format!(
        "# An example of a long answer\n\nI am the **demo model**. This text shows how a long answer looks while it \
         arrives and once it is whole. This is what you sent:\n\n> {echo}\n\n## How to connect a real model\n\n\
         1. Sign in as an administrator.\n2. Open **Connections** and add one.\n\
         3. Pick a provider, enter the API key and press *Test*.\n4. Switch on the models that members may use.\n\n\
         ## Lists and emphasis\n\n- Plain, **bold** and *slanted* words\n- Code inside a line: `purser --help`\n  - An item one level down\n\
         - [ ] Something still to do\n- [x] Something done\n\n## A table\n\n| Model | Cost | Good for |\n| --- | ---: | --- |\n\
         | `demo` | 0 | a short answer |\n| `demo-long` | 0 | a long answer |\n\n## Code\n\n```rust\nfn main() {{\n    \
         let name = \"Purser\";\n    println!(\"Hello, {{name}}!\");\n}}\n```\n\n## The end\n\nEven while an answer of this \
         length grows, the page stays where you read it. You can stop at any time, and the text up to there stays."
    )
}

/// The first words of the first paragraph, which is the question; what follows it is its answer.
pub(super) fn title(asked: &str) -> String {
    let question = asked.trim().split("\n\n").next().unwrap_or_default();
    let mut words = question.split_whitespace();
    let line = words
        .by_ref()
        .take(TITLE_WORDS)
        .collect::<Vec<_>>()
        .join(" ");
    let mut line = cut(
        line.trim_end_matches(['.', ',', '?', '!', ':', ';', '。', '？']),
        TITLE,
    );
    if words.next().is_some() && !line.ends_with('…') {
        line.push('…');
    }
    let mut letters = line.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None if is_korean(asked) => "데모 대화".to_owned(),
        None => "Demo chat".to_owned(),
    }
}

fn echo(asked: &str) -> String {
    let line = asked.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        "…".to_owned()
    } else {
        cut(&line, ECHO)
    }
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn is_korean(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}'))
}
