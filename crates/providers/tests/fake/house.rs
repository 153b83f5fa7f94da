//! A house with one fake provider next door.

use std::time::Duration;

use domain::Usage;
use domain::calls::ProviderFailure;
use domain::connections::ProviderKind;
use fakes::{Dialect, Fake};
use futures::StreamExt;
use outbound::{Outbound, Policy, Secret};
use providers::{Answer, ChatRequest, Endpoint, Event, Finish, Message, Options, Providers, Role};

pub(crate) const KEY: &str = "sk-fake-canary-0123456789";

/// Every dialect with the kind that speaks it and a model of it.
pub(crate) const DIALECTS: [(Dialect, ProviderKind, &str); 4] = [
    (Dialect::OpenAi, ProviderKind::OpenAi, "gpt-6-luna"),
    (
        Dialect::Compatible,
        ProviderKind::OpenAiCompatible,
        "org/local-chat-large",
    ),
    (
        Dialect::Anthropic,
        ProviderKind::Anthropic,
        "claude-haiku-5-5",
    ),
    (Dialect::Gemini, ProviderKind::Gemini, "gemini-3.8-flash"),
];

pub(crate) struct House {
    pub(crate) fake: Fake,
    pub(crate) providers: Providers,
}

/// All that came of one reply.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Heard {
    pub(crate) text: String,
    pub(crate) reasoning: String,
    pub(crate) usage: Option<Usage>,
    pub(crate) finish: Option<Finish>,
    pub(crate) done: usize,
    pub(crate) events: Vec<Event>,
    pub(crate) raw: Vec<u8>,
    pub(crate) failure: Option<ProviderFailure>,
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::with_fake(Fake::start().await.unwrap(), Duration::from_secs(20))
    }

    pub(crate) fn with_fake(fake: Fake, idle: Duration) -> Self {
        let outbound = Outbound::new(Policy {
            idle,
            ..Policy::default()
        })
        .unwrap();
        outbound.allow("127.0.0.1", fake.port()).unwrap();
        Self {
            fake,
            providers: Providers::new(outbound),
        }
    }

    pub(crate) fn endpoint(&self, dialect: Dialect) -> Endpoint {
        self.endpoint_with_key(dialect, KEY)
    }

    pub(crate) fn endpoint_with_key(&self, dialect: Dialect, key: &str) -> Endpoint {
        let (_, kind, _) = DIALECTS
            .into_iter()
            .find(|(other, ..)| *other == dialect)
            .unwrap();
        Endpoint {
            kind,
            base_url: self.fake.url(dialect),
            key: Secret::new(key),
        }
    }

    /// Asks, and listens to the end.
    pub(crate) async fn hear(&self, dialect: Dialect, request: &ChatRequest) -> Heard {
        hear(self.providers.chat(&self.endpoint(dialect), request).await).await
    }
}

pub(crate) fn ask(model: &str, stream: bool) -> ChatRequest {
    ChatRequest {
        model: model.into(),
        messages: vec![
            Message::text(Role::System, "Be brief."),
            Message::text(Role::User, "Say something, please."),
        ],
        max_output: None,
        stream,
        options: Options::default(),
        raw: None,
    }
}

pub(crate) async fn hear(answer: Result<Answer, ProviderFailure>) -> Heard {
    let mut heard = Heard::default();
    match answer {
        Err(failure) => heard.failure = Some(failure),
        Ok(Answer::Whole(whole)) => {
            heard.raw = whole.raw.to_vec();
            heard.take(whole.events);
        }
        Ok(Answer::Stream(mut frames)) => {
            while let Some(frame) = frames.next().await {
                assert_eq!(heard.failure, None, "an error is the last item");
                match frame {
                    Ok(frame) => {
                        heard.raw.extend_from_slice(&frame.raw);
                        heard.take(frame.events);
                    }
                    Err(failure) => heard.failure = Some(failure),
                }
            }
            assert_eq!(
                heard.done == 1,
                heard.failure.is_none(),
                "one end or one failure"
            );
        }
    }
    heard
}

impl Heard {
    fn take(&mut self, events: Vec<Event>) {
        for event in events {
            match &event {
                Event::Text(text) => self.text.push_str(text),
                Event::Reasoning(text) => self.reasoning.push_str(text),
                Event::Usage(usage) => {
                    self.usage = Some(self.usage.unwrap_or_default().updated_by(*usage));
                }
                Event::Finish(finish) => self.finish = Some(*finish),
                Event::Done => self.done += 1,
                _ => {}
            }
            self.events.push(event);
        }
    }

    /// Name and arguments of every tool call, in order of their indices.
    pub(crate) fn tools(&self) -> Vec<(String, String)> {
        let mut tools: Vec<(String, String)> = Vec::new();
        for event in &self.events {
            if let Event::ToolCall {
                index,
                name,
                arguments,
                ..
            } = event
            {
                let index = usize::try_from(*index).unwrap();
                tools.resize(tools.len().max(index + 1), <_>::default());
                tools[index].0.push_str(name.as_deref().unwrap_or_default());
                tools[index].1.push_str(arguments);
            }
        }
        tools
    }
}
