//! One line for each thing that was measured, with its goal.

use std::time::Duration;

/// Prints the median and a higher quantile.
pub(crate) fn times(what: &str, times: &mut [Duration], quantile: f64, goal: &str) {
    times.sort_unstable();
    let at = |q: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a rank within a short list"
        )]
        let rank = ((times.len() - 1) as f64 * q).round() as usize;
        times[rank].as_secs_f64() * 1000.0
    };
    println!("{what:<66} {:>7.2} / {:>7.2} ms   {goal}", at(0.5), at(quantile));
}

/// Prints one number.
pub(crate) fn number(what: &str, number: f64, unit: &str, goal: &str) {
    println!("{what:<66} {number:>17.1} {unit}   {goal}");
}
