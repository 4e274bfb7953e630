use leptos::prelude::*;
use model::time::Timestamp as Instant;

/// When something happened or will happen.
///
/// The server and the first rendering in the browser show the absolute time in UTC, so both agree. Then it becomes
/// relative ("4 min ago"), or with `full` the reader's local time. The absolute one stays in `title`.
///
/// ```ignore
/// <Timestamp at=token.last_used_at />
/// ```
#[component]
pub fn Timestamp(
    /// The instant.
    at: Instant,
    /// Date and time instead of how long ago: where order or evidence matters.
    #[prop(optional)]
    full: bool,
) -> impl IntoView {
    let text = RwSignal::new(at.to_human());
    Effect::new(move |_| {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a date are far below 2^53")]
        let now = js_sys::Date::now() as i64;
        text.set(if full {
            local(at)
        } else {
            relative(at, Instant::from_millis(now)).unwrap_or_else(|| local(at))
        });
    });
    view! {
        <time class="whitespace-nowrap tabular-nums" datetime=at.to_rfc3339() title=at.to_human()>
            {move || text.get()}
        </time>
    }
}

/// In the time zone of the browser.
fn local(at: Instant) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a date are far below 2^53")]
    let date = js_sys::Date::new(&(at.millis() as f64).into());
    // Minutes *behind* UTC: what is shown is the clock on the reader's wall.
    #[expect(clippy::cast_possible_truncation, reason = "an offset is at most a day")]
    let behind = date.get_timezone_offset() as i64;
    let shown = at.plus_ms(-behind * 60_000).to_human();
    shown.strip_suffix(" UTC").unwrap_or(&shown).to_owned()
}

/// How long ago, or until when. `None` from 30 days on: a date says more then.
fn relative(at: Instant, now: Instant) -> Option<String> {
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let past = now.since_ms(at);
    let span = past.abs();
    let amount = match span {
        // Clocks differ a little; nobody wants to read "in 2 s" about the past.
        0..45_000 => return Some(if past >= -5_000 { "just now" } else { "in a moment" }.to_owned()),
        45_000..HOUR => format!("{} min", ((span + MINUTE / 2) / MINUTE).max(1)),
        HOUR..DAY => format!("{} h", span / HOUR),
        DAY..172_800_000 => "1 day".to_owned(),
        172_800_000..2_592_000_000 => format!("{} days", span / DAY),
        _ => return None,
    };
    Some(if past > 0 { format!("{amount} ago") } else { format!("in {amount}") })
}

#[cfg(test)]
mod text {
    use super::{Instant, relative};

    #[test]
    fn relative_times() {
        let now = Instant::from_millis(1_700_000_000_000);
        let ago = |ms: i64| relative(now.plus_ms(-ms), now);
        assert_eq!(ago(0).as_deref(), Some("just now"));
        assert_eq!(ago(-2_000).as_deref(), Some("just now"));
        assert_eq!(ago(50_000).as_deref(), Some("1 min ago"));
        assert_eq!(ago(5 * 60_000).as_deref(), Some("5 min ago"));
        assert_eq!(ago(7_200_000).as_deref(), Some("2 h ago"));
        assert_eq!(ago(86_400_000).as_deref(), Some("1 day ago"));
        assert_eq!(ago(-7 * 86_400_000).as_deref(), Some("in 7 days"));
        assert_eq!(ago(31 * 86_400_000), None);
    }
}
