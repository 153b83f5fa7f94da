//! How the newest page of calls meets those that are shown. Ids grow with time; all lists begin with
//! the newest.

use domain::CallId;

/// Calls that are there and not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// So many.
    Are(usize),
    /// More than the newest page holds, perhaps.
    AreAtLeast(usize),
}

/// From which place on the shown calls follow the newest page, which says everything of what stands
/// before; `more` when there are calls behind it. `None` where the page begins the list anew: it is all
/// there is, or calls that nobody knows may lie between it and what is shown.
pub(super) fn meets(shown: &[CallId], newest: &[CallId], more: bool) -> Option<usize> {
    let (first, last) = (shown.first()?, newest.last()?);
    (more && first >= last).then(|| shown.partition_point(|id| id >= last))
}

/// What the newest page has that is not shown.
pub(super) fn news(shown: &[CallId], newest: &[CallId], more: bool) -> Option<News> {
    let count = newest
        .iter()
        .filter(|id| place(shown, **id).is_none())
        .count();
    match (count, meets(shown, newest, more)) {
        (0, _) => None,
        (count, None) if more => Some(News::AreAtLeast(count)),
        (count, _) => Some(News::Are(count)),
    }
}

/// Where a call is shown.
pub(super) fn place(shown: &[CallId], id: CallId) -> Option<usize> {
    shown.binary_search_by(|other| id.cmp(other)).ok()
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;

    /// Calls by the moments they began at.
    fn calls(moments: &[i64]) -> Vec<CallId> {
        let call = |moment: &i64| CallId::new(Timestamp(1_790_000_000_000 + moment), [7; 10]);
        moments.iter().map(call).collect()
    }

    /// The moments a list has after the newest page has come into it.
    fn joined(shown: &[i64], newest: &[i64], more: bool) -> Vec<i64> {
        let kept =
            meets(&calls(shown), &calls(newest), more).map_or(&[][..], |from| &shown[from..]);
        [newest, kept].concat()
    }

    fn told(shown: &[i64], newest: &[i64], more: bool) -> Option<News> {
        news(&calls(shown), &calls(newest), more)
    }

    #[test]
    fn nothing_new_changes_nothing() {
        assert_eq!(joined(&[9, 8, 7, 6, 5], &[9, 8, 7], true), [9, 8, 7, 6, 5]);
        assert_eq!(told(&[9, 8, 7, 6, 5], &[9, 8, 7], true), None);
        assert_eq!(told(&[], &[], false), None);
    }

    #[test]
    fn new_calls_come_to_the_head_and_what_was_loaded_stays() {
        assert_eq!(joined(&[7, 6, 5, 4], &[9, 8, 7], true), [9, 8, 7, 6, 5, 4]);
        assert_eq!(told(&[7, 6, 5, 4], &[9, 8, 7], true), Some(News::Are(2)));
        assert_eq!(joined(&[], &[9], false), [9]);
        assert_eq!(told(&[], &[9], false), Some(News::Are(1)));
    }

    #[test]
    fn a_call_that_was_written_late_finds_its_place() {
        // As another instance does, a moment after it began.
        assert_eq!(joined(&[9, 7, 6, 5], &[9, 8, 7], true), [9, 8, 7, 6, 5]);
        assert_eq!(told(&[9, 7, 6, 5], &[9, 8, 7], true), Some(News::Are(1)));
    }

    #[test]
    fn where_calls_may_be_missing_between_them_the_list_begins_anew() {
        assert_eq!(joined(&[4, 3, 2], &[9, 8, 7], true), [9, 8, 7]);
        assert_eq!(
            told(&[4, 3, 2], &[9, 8, 7], true),
            Some(News::AreAtLeast(3))
        );
        // One call in common is enough to know that none is missing.
        assert_eq!(joined(&[7, 3, 2], &[9, 8, 7], true), [9, 8, 7, 3, 2]);
    }

    #[test]
    fn a_page_with_nothing_behind_it_is_the_whole_list() {
        assert_eq!(joined(&[8, 7, 6], &[9, 8], false), [9, 8]);
        assert_eq!(told(&[8, 7, 6], &[9, 8], false), Some(News::Are(1)));
        assert!(joined(&[8, 7], &[], false).is_empty());
        assert_eq!(told(&[3], &[9, 8], false), Some(News::Are(2)));
    }

    #[test]
    fn a_call_is_found_where_it_is_shown() {
        let shown = calls(&[9, 7, 4, 2]);
        for (index, id) in shown.iter().enumerate() {
            assert_eq!(place(&shown, *id), Some(index));
        }
        assert_eq!(place(&shown, calls(&[5])[0]), None);
    }
}
