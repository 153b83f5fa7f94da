//! What the house and its members have used, summed over the days of whoever reads.

pub mod chart;

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::ops::Range;

use domain::usage::{
    Calendar, Compared, DaySum, HomeFigures, NamedSum, OwnUsage, Period, Span, Sum, Top, Whose,
};
use domain::{KeyId, MemberId, Timestamp};
use store::usage::{PartBy, UsagePart};

use crate::access::SignedIn;
use crate::{Result, Services};

/// Models and members named on the home page.
const TOP: usize = 5;

impl Services {
    /// The figures of the home page.
    ///
    /// # Errors
    /// [`domain::AppError::Forbidden`] for the house's, to whoever does not run it.
    pub async fn home_figures(
        &self,
        who: &SignedIn,
        whose: Whose,
        span: Span,
    ) -> Result<HomeFigures> {
        let member = match whose {
            Whose::House => {
                who.administrator()?;
                None
            }
            Whose::Mine => Some(who.member_id),
        };
        let calendar = self.calendar(who);
        let days = calendar.last_days(span.days());
        let of_chart = whole(&days);
        let (month, last_month) = (calendar.month(), calendar.last_month_so_far());
        // One pass over the table serves all that is summed by time.
        let asked = of_chart.start.min(last_month.start)..of_chart.end;
        let (buckets, parts) = tokio::try_join!(
            self.store().usage_by_bucket(member, &asked),
            self.store()
                .usage_by_part(member, PartBy::Member, &of_chart),
        )?;
        let sum = |time: &Range<Timestamp>| sum_of(&buckets, time);
        let today = days.last().map(|(_, borders)| borders.clone());
        let house = self.house();
        let members = match whose {
            Whose::House => grouped(&parts, |part| MemberId(part.id))
                .into_iter()
                .map(|(id, sum)| NamedSum {
                    name: house.access.member(id).map(|member| member.name.clone()),
                    sum,
                })
                .collect(),
            Whose::Mine => Vec::new(),
        };
        Ok(HomeFigures {
            today: Compared {
                now: today.map(|today| sum(&today)).unwrap_or_default(),
                before: sum(&calendar.yesterday_so_far()),
            },
            month: Compared {
                now: sum(&month),
                before: sum(&last_month),
            },
            total: sum(&of_chart),
            days: days
                .iter()
                .map(|(day, borders)| DaySum {
                    day: *day,
                    sum: sum(borders),
                })
                .collect(),
            models: Top::of(by_model(&parts), TOP),
            members: Top::of(members, TOP),
        })
    }

    /// What the member used in a period, by model and by key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn usage_own(&self, who: &SignedIn, period: Period) -> Result<OwnUsage> {
        let calendar = self.calendar(who);
        let today = calendar.today();
        let (time, from) = match period {
            Period::Today => (whole(&calendar.last_days(1)), today),
            Period::Week => (whole(&calendar.last_days(7)), today.plus(-6)),
            Period::Month => (calendar.month(), today.month_starts().0),
        };
        let parts = self
            .store()
            .usage_by_part(Some(who.member_id), PartBy::Key, &time)
            .await?;
        let mut by_key = grouped(&parts, |part| KeyId(part.id));
        let keyless = by_key.remove(&KeyId::NIL);
        let names: HashMap<KeyId, String> = if by_key.is_empty() {
            HashMap::new()
        } else {
            let keys = self.store().key_list(who.member_id).await?;
            keys.into_iter().map(|key| (key.id, key.name)).collect()
        };
        let keys = by_key.into_iter().map(|(id, sum)| NamedSum {
            name: names.get(&id).cloned(),
            sum,
        });
        Ok(OwnUsage {
            from,
            total: parts.iter().map(|part| part.sum).sum(),
            models: by_model(&parts),
            keys: keys.collect(),
            keyless,
        })
    }

    /// The calendar of a member, as it stands now.
    pub(crate) fn calendar(&self, who: &SignedIn) -> Calendar {
        let house = self.house();
        let zone = who.time_zone.as_deref().unwrap_or(&house.settings.zone);
        Calendar::new(zone, self.runtime().now())
    }
}

/// From the first of some days to the end of the last.
fn whole<D>(days: &[(D, Range<Timestamp>)]) -> Range<Timestamp> {
    match (days.first(), days.last()) {
        (Some((_, first)), Some((_, last))) => first.start..last.end,
        _ => Timestamp(0)..Timestamp(0),
    }
}

/// What lies within a time. The buckets are in order.
fn sum_of(buckets: &[(Timestamp, Sum)], time: &Range<Timestamp>) -> Sum {
    let start = buckets.partition_point(|(bucket, _)| *bucket < time.start);
    let later = buckets.get(start..).unwrap_or_default();
    let within = later.iter().take_while(|(bucket, _)| *bucket < time.end);
    within.map(|(_, sum)| *sum).sum()
}

fn grouped<K: Eq + Hash + Ord>(
    parts: &[UsagePart],
    key: impl Fn(&UsagePart) -> K,
) -> BTreeMap<K, Sum> {
    let mut groups: BTreeMap<K, Sum> = BTreeMap::new();
    for part in parts {
        let sum = groups.entry(key(part)).or_default();
        *sum = sum.plus(part.sum);
    }
    groups
}

fn by_model(parts: &[UsagePart]) -> Vec<NamedSum> {
    grouped(parts, |part| part.model.clone())
        .into_iter()
        .map(|(model, sum)| NamedSum {
            name: Some(model),
            sum,
        })
        .collect()
}
