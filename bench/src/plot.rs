//! Bars as SVG: readable on light and dark paper, in a document or on its own.

use countersign_bench::stats::shown;

use crate::docs::measured;
use crate::outcome::Outcome;

const WIDTH: f64 = 720.0;
/// Where bars begin: names stand left of it.
const LEFT: f64 = 250.0;
/// Room for the figure at the end of the longest bar.
const RIGHT: f64 = 110.0;
const ROW: f64 = 28.0;
const HEADING: f64 = 40.0;

/// One group of bars for each metric that is drawn.
pub fn bars(outcome: &Outcome) -> String {
    let mut body = String::new();
    let mut y = 12.0;
    for metric in outcome.metrics.iter().filter(|metric| metric.drawn) {
        let sides: Vec<(&str, f64)> = measured(outcome)
            .iter()
            .filter_map(|it| Some((it.title.as_str(), outcome.median(&it.id, &metric.id)?)))
            .collect();
        let most = sides.iter().map(|(_, value)| *value).fold(0.0, f64::max);
        if most <= 0.0 {
            continue;
        }
        let better = if metric.more { "more is better" } else { "less is better" };
        body.push_str(&format!(
            "<text class=\"h\" x=\"0\" y=\"{}\">{} <tspan class=\"s\">({better})</tspan></text>\n",
            y + 16.0,
            escaped(&metric.title)
        ));
        y += HEADING - 10.0;
        for (index, (title, value)) in sides.iter().enumerate() {
            let length = (value / most * (WIDTH - LEFT - RIGHT)).max(1.0);
            let class = if index == 0 { "us" } else { "them" };
            let middle = y + ROW / 2.0 + 4.5;
            body.push_str(&format!(
                "<text x=\"{}\" y=\"{middle}\" text-anchor=\"end\">{}</text>\
                 <rect class=\"{class}\" x=\"{LEFT}\" y=\"{}\" width=\"{length:.1}\" height=\"{}\" rx=\"3\"/>\
                 <text x=\"{:.1}\" y=\"{middle}\">{}</text>\n",
                LEFT - 10.0,
                escaped(title),
                y + 4.0,
                ROW - 8.0,
                LEFT + length + 8.0,
                shown(*value, metric.digits)
            ));
            y += ROW;
        }
        y += 14.0;
    }
    let title = escaped(&outcome.title);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {y}\" width=\"{WIDTH}\" \
         height=\"{y}\" role=\"img\" aria-label=\"{title}\">\n<title>{title}</title>\n{STYLE}\n{body}</svg>\n"
    )
}

/// The reader's scheme decides; grey text alone would be unreadable on one of the two.
const STYLE: &str = "<style>\
text{font:14px system-ui,sans-serif;fill:#1f2328}.h{font-weight:600}.s{font-weight:400;fill:#59636e}\
.us{fill:#b3125f}.them{fill:#8c959f}\
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.s{fill:#9198a1}.us{fill:#ff6fae}.them{fill:#656c76}}\
</style>";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::tests::example;

    #[test]
    fn the_longest_bar_fills_the_width_and_the_others_are_in_proportion() {
        let svg = bars(&example());
        let full = WIDTH - LEFT - RIGHT;
        assert!(svg.contains(&format!("width=\"{full:.1}\"")), "{svg}");
        assert!(svg.contains(&format!("width=\"{:.1}\"", full / 18.0)), "{svg}");
        assert!(svg.contains("36,000") && svg.contains("prefers-color-scheme"));
        assert!(!svg.contains("p99"), "only what is to be drawn");
    }

    #[test]
    fn text_cannot_break_the_picture() {
        assert_eq!(escaped("a<b & \"c\""), "a&lt;b &amp; &quot;c&quot;");
    }
}
