//! A house that has been lived in: a long chat and many calls, written as the server writes them.

use domain::calls::{CallState, Door, Outcome, Purpose, UsageSource};
use domain::messages::{Author, MessagePart, MessageState};
use domain::prices::PriceState;
use domain::{CallId, ChatId, ConnectionId, KeyId, MemberId, MessageId, NanoUsd, Timestamp, Usage};
use store::Store;
use store::calls::{Attempt, Call, SettledCall};
use store::chats::Chat;
use store::messages::Message;

use crate::Failure;
use crate::house::MODEL;

/// 21 November 2026.
const NOW: i64 = 1_795_219_200_000;
/// Rows of one transaction, as the writer takes them.
const BATCH: u32 = 250;

fn random(number: u32) -> [u8; 10] {
    let mut random = [0x5a; 10];
    random[6..].copy_from_slice(&number.to_be_bytes());
    random
}

/// A chat of so many messages; gives its id.
pub(crate) async fn chat(store: &Store, owner: MemberId, messages: u32) -> Result<ChatId, Failure> {
    let chat = ChatId::new(Timestamp(NOW), random(0));
    let id = |number: u32| MessageId::new(Timestamp(NOW + i64::from(number)), random(number));
    let tx = store.write().await?;
    tx.chat_create(&Chat {
        id: chat,
        member_id: owner,
        title: Some("A long conversation".to_owned()),
        active_leaf_id: None,
        model: Some(MODEL.to_owned()),
        created_at: Timestamp(NOW),
        updated_at: Timestamp(NOW),
    })
    .await?;
    tx.commit().await?;
    let all: Vec<Message> = (0..messages)
        .map(|number| Message {
            id: id(number),
            chat_id: chat,
            parent_id: number.checked_sub(1).map(id),
            depth: i32::try_from(number).unwrap_or(i32::MAX),
            author: if number % 2 == 0 { Author::User } else { Author::Assistant },
            state: MessageState::Complete,
            model: (number % 2 == 1).then(|| MODEL.to_owned()),
            parts: vec![MessagePart::Text {
                text: format!(
                    "Line {number} of a long conversation, with **some** Markdown, `code` and a list:\n\n- one\n- two\n"
                ),
                provider_state: None,
            }],
            notice: None,
            created_at: Timestamp(NOW + i64::from(number)),
            updated_at: Timestamp(NOW + i64::from(number)),
        })
        .collect();
    for batch in all.chunks(BATCH as usize) {
        let tx = store.write().await?;
        tx.message_create(batch).await?;
        tx.commit().await?;
    }
    let tx = store.write().await?;
    let leaf = id(messages.saturating_sub(1));
    tx.chat_set_leaf(chat, leaf, Some(MODEL), None).await?;
    tx.commit().await?;
    Ok(chat)
}

/// So many settled calls over thirty days, with attempts and rollups.
pub(crate) async fn calls(store: &Store, owner: MemberId, calls: u32) -> Result<(), Failure> {
    let numbers: Vec<u32> = (0..calls).collect();
    for batch in numbers.chunks(BATCH as usize) {
        let settled: Vec<SettledCall> = batch
            .iter()
            .map(|number| settled(owner, *number, calls))
            .collect();
        let tx = store.write().await?;
        tx.calls_settle(&settled).await?;
        tx.rollup_add(&store::rollups::summed(settled.iter().map(|one| &one.call)))
            .await?;
        tx.commit().await?;
    }
    Ok(())
}

fn settled(owner: MemberId, number: u32, of: u32) -> SettledCall {
    let ago = i64::from(of - number) * (30 * 86_400_000 / i64::from(of.max(1)));
    let at = Timestamp(NOW - ago);
    let usage = Usage {
        input: Some(1_200),
        output: Some(300),
        requests: Some(1),
        ..Usage::default()
    };
    let cost = Some(NanoUsd(360_000));
    SettledCall {
        call: Call {
            id: CallId::new(at, random(number)),
            member_id: owner,
            key_id: KeyId::NIL,
            group_id: uuid::Uuid::nil(),
            connection_id: ConnectionId::NIL,
            door: Door::Gateway,
            purpose: Purpose::Reply,
            parent_call_id: None,
            model: MODEL.to_owned(),
            admitted_at: at,
            state: CallState::Settled,
            outcome: Some(Outcome::Answered),
            usage,
            usage_source: Some(UsageSource::Reported),
            price_state: PriceState::Priced,
            hold: NanoUsd(500_000),
            cost,
            charge: cost,
            overrun: false,
            tag: None,
            first_token_ms: Some(320),
            duration_ms: Some(2_400),
        },
        attempts: vec![Attempt {
            connection_id: ConnectionId::NIL,
            price_id: None,
            outcome: Outcome::Answered,
            usage,
            usage_source: Some(UsageSource::Reported),
            cost,
            reported_cost: None,
        }],
        holds: Vec::new(),
    }
}
