//! The keyboard in a list that a search field steers.

use leptos::html;
use leptos::prelude::*;

/// Where a key leads: the place of the option to go to, or `None` for a key that is not for the list.
/// At either end it stays.
pub fn moved(key: &str, now: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowDown" => Some(now.map_or(0, |now| (now + 1).min(last))),
        "ArrowUp" => Some(now.map_or(last, |now| now.saturating_sub(1))),
        _ => None,
    }
}

/// Scrolls to an option once the keyboard is at it.
pub fn keep_in_view(option: NodeRef<html::Div>, is_active: Memo<bool>) {
    Effect::new(move || {
        if let Some(option) = option.get()
            && is_active.get()
        {
            #[cfg(feature = "hydrate")]
            {
                let nearest = web_sys::ScrollIntoViewOptions::new();
                nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
                option.scroll_into_view_with_scroll_into_view_options(&nearest);
            }
            #[cfg(not(feature = "hydrate"))]
            drop(option);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_move_and_stay_at_the_ends() {
        assert_eq!(moved("ArrowDown", None, 3), Some(0));
        assert_eq!(moved("ArrowDown", Some(2), 3), Some(2));
        assert_eq!(moved("ArrowUp", None, 3), Some(2));
        assert_eq!(moved("ArrowUp", Some(0), 3), Some(0));
        assert_eq!(moved("ArrowDown", None, 0), None);
        assert_eq!(moved("a", Some(1), 3), None);
    }
}
