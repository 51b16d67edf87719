//! Bars, marks and columns as the inside of an SVG. Numbers in, markup out; no word of the wire gets into it.

use std::fmt::Write as _;

use crate::store::{
    Millis,
    lanes::{End, Lane, Scene, Session, scale::Scale, shape::Shape},
};

/// Pixels from the top of a lane's picture to the middle of its bars.
const MIDDLE: i64 = 12;
/// Height of a lane's picture.
pub const LANE: i64 = 24;
/// Half the height of a bar.
const HALF: i64 = 5;

/// Height of the histogram's bars in each direction; the line below them that says when takes 18 pixels more.
pub const COLUMN: i64 = 26;
/// The same of a thin strip.
pub const THIN: i64 = 8;

/// The inside of a lane's picture: its bars, their ends by reason, and its marks.
pub fn lane(scene: &Scene, lane: &Lane) -> String {
    let mut picture = Picture::default();
    for session in &lane.sessions {
        picture.session(scene, session);
    }
    for mark in &lane.marks {
        let x = scene.scale.x(mark.at);
        if in_sight(x, scene) {
            let name = match mark.kind() {
                "refused" => "refused",
                "denied" => "denied",
                _ => "conflict",
            };
            picture.ends.add(("mark", name), mark_path(name), x);
        }
    }
    picture.write()
}

#[derive(Default)]
struct Picture {
    bars: String,
    unseen: String,
    /// Where the bar that was drawn last ends.
    drawn_to: Option<i64>,
    ends: Ends,
}

/// Paths by what they stand for, so that a lane of a thousand sessions is a handful of nodes.
#[derive(Default)]
struct Ends(Vec<Group>);

struct Group {
    names: (&'static str, &'static str),
    last: i64,
    path: String,
}

impl Ends {
    /// Two of a kind within a pixel are one.
    fn add(&mut self, names: (&'static str, &'static str), path: &str, x: i64) {
        let at = self.0.iter().position(|group| group.names == names).unwrap_or_else(|| {
            self.0.push(Group { names, last: i64::MIN, path: String::new() });
            self.0.len() - 1
        });
        let group = &mut self.0[at];
        if group.last != x {
            group.last = x;
            moved(&mut group.path, path, x);
        }
    }
}

impl Picture {
    fn session(&mut self, scene: &Scene, session: &Session) {
        let x = |at: Millis| scene.scale.x(at);
        let begin = x(session.start.unwrap_or(scene.first));
        let (solid, end) = match session.end {
            // It may have begun since the clock moved on.
            End::Open => (x(scene.edge).max(begin), x(scene.edge).max(begin)),
            End::Told { at, .. } => (x(at), x(at)),
            End::Unseen { after, before } => (x(after), x(before)),
        };
        if end < 0 || begin > scene.scale.width {
            return;
        }
        // What is shorter than a pixel, beside one that was drawn there, cannot be told from it.
        if self.drawn_to != Some(solid) || solid > begin {
            self.drawn_to = Some(solid);
            let width = (solid - begin).max(1);
            let _ = write!(self.bars, "M{begin} {}h{width}v{}h-{width}z", MIDDLE - HALF, 2 * HALF);
        }
        if end > solid {
            let _ = write!(self.unseen, "M{solid} {MIDDLE}H{end}");
        }
        if session.start.is_none() {
            self.ends.add(("open", "earlier"), "m0-5h-6m6 10h-6", begin);
        }
        let (shape, reason) = match session.end {
            End::Open => (Shape::Open, "open"),
            End::Unseen { .. } => (Shape::Unseen, "unseen"),
            End::Told { .. } => {
                let reason = session.reason();
                (Shape::of(reason), Shape::reason(reason))
            }
        };
        if in_sight(end, scene) {
            self.ends.add((shape.name(), reason), end_path(shape), end);
        }
    }

    fn write(self) -> String {
        let mut out = String::new();
        path(&mut out, "lane-bar", "", &self.bars);
        path(&mut out, "lane-unseen", "", &self.unseen);
        for Group { names: (shape, reason), path: drawn, .. } in self.ends.0 {
            let names = format!("\" data-shape=\"{shape}\" data-reason=\"{reason}");
            path(&mut out, "lane-end", &names, &drawn);
        }
        out
    }
}

fn in_sight(x: i64, scene: &Scene) -> bool {
    (-12..=scene.scale.width + 12).contains(&x)
}

fn path(out: &mut String, class: &str, names: &str, drawn: &str) {
    if !drawn.is_empty() {
        let _ = write!(out, "<path class=\"{class}{names}\" d=\"{drawn}\"/>");
    }
}

/// Draws a path that begins with a relative movement at `x` in the middle of a lane.
fn moved(out: &mut String, path: &str, x: i64) {
    let _ = write!(out, "M{x} {MIDDLE}{path}");
}

/// The shape of an end, from its middle.
pub fn end_path(shape: Shape) -> &'static str {
    match shape {
        Shape::Open => "m0-5h6m-6 10h6",
        Shape::Goodbye => "m0-5a5 5 0 0 1 0 10z",
        Shape::Will => "m0-5a5 5 0 0 1 0 10zm8 5a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
        Shape::Silent => "m1-6l-7 6l7 6z",
        Shape::Lost => "m0-9l-3 4l6 3l-6 4l6 3l-3 4",
        Shape::TakenOver => "m-3-7l6 7l-6 7",
        Shape::Ended => "m0-9v18",
        Shape::Fault => "m-5-6l10 12m0-12l-10 12",
        Shape::Broker => "m-6-6h12v12h-12z",
        Shape::Other => "m0-7l6 7l-6 7l-6-7z",
        Shape::Plain => "m0-5v10",
        Shape::Unseen => "m2-1v2m4-2v2m4-2v2",
    }
}

/// The shape of a mark, from its middle.
pub fn mark_path(kind: &str) -> &'static str {
    match kind {
        "refused" => "m-4-4l8 8m0-8l-8 8",
        "denied" => "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0m2 0h6",
        _ => "m-6-2h11l-3-3m4 7h-11l3 3",
    }
}

/// The inside of the histogram's picture: who came above the line, who left below it, `tall` pixels each, and when.
pub fn histogram(scene: &Scene, tall: i64, offset: impl Fn(Millis) -> i32) -> String {
    let Scene { scale, columns, .. } = scene;
    let mut out = String::from(
        "<pattern id=\"unknown\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><path class=\"hatch\" d=\"M0 0V6\"/></pattern>",
    );
    let (mut grid, mut words) = (String::new(), String::new());
    for tick in scale.ticks(offset) {
        let _ = write!(grid, "M{} 0V{}", tick.x, 2 * tall + 4);
        // A label that would be cut stays away.
        if (28..scale.width - 28).contains(&tick.x) {
            let _ = write!(words, "<text x=\"{}\" y=\"{}\">{}</text>", tick.x, 2 * tall + 14, tick.label);
        }
    }
    path(&mut out, "moments-grid", "", &grid);
    rectangles(&mut out, "moments-gap", scene.gaps(), scale, 2 * tall);
    let most = i64::from(columns.most().max(1));
    let (mut came, mut left) = (String::new(), String::new());
    for (at, column) in columns.columns.iter().enumerate() {
        let begin = scale.x(columns.edge(at)).max(0);
        let width = (scale.x(columns.edge(at + 1)) - begin - 1).max(1);
        // One among thousands is still seen.
        let height = |count: u32| (i64::from(count) * (tall - 2) + most - 1) / most;
        for (out, count, sign) in [(&mut came, column.came, "-"), (&mut left, column.left, "")] {
            if count > 0 {
                let height = height(count);
                let back = if sign.is_empty() { "-" } else { "" };
                let _ = write!(out, "M{begin} {tall}v{sign}{height}h{width}v{back}{height}z");
            }
        }
    }
    path(&mut out, "moments-came", "", &came);
    path(&mut out, "moments-left", "", &left);
    let _ = write!(out, "<path class=\"moments-line\" d=\"M0 {tall}H{}\"/>", scale.width);
    out.push_str(&words);
    edges(&mut out, scene, 2 * tall);
    out
}

/// The inside of the picture over all lanes: what is not known, what lies outside of the span, and the moment.
pub fn over(scene: &Scene, height: i64, offset: impl Fn(Millis) -> i32) -> String {
    let mut out = String::new();
    let mut grid = String::new();
    for tick in scene.scale.ticks(offset) {
        let _ = write!(grid, "M{} 0V{height}", tick.x);
    }
    path(&mut out, "moments-grid", "", &grid);
    rectangles(&mut out, "lanes-gap", scene.gaps(), &scene.scale, height);
    edges(&mut out, scene, height);
    out
}

/// What the span leaves out, its edges, and the line of the moment.
fn edges(out: &mut String, scene: &Scene, height: i64) {
    let scale = &scene.scale;
    let before = scene.since.map(|since| (scale.from, since));
    let behind = scene.until.map(|until| (until, scale.to));
    let outside = [before, behind].into_iter().flatten();
    rectangles(out, "moments-outside", outside, scale, height);
    for at in [scene.since, scene.until].into_iter().flatten() {
        let x = scale.x(at);
        if (0..=scale.width).contains(&x) {
            let _ = write!(out, "<path class=\"moments-edge\" d=\"M{x} 0V{height}\"/>");
        }
    }
    let x = scale.x(scene.edge);
    if x <= scale.width {
        let _ = write!(out, "<path class=\"moments-now\" d=\"M{x} 0V{height}\"/>");
    }
}

/// A rectangle for each of these times, those that meet within a pixel as one.
fn rectangles(
    out: &mut String,
    class: &str,
    times: impl Iterator<Item = (Millis, Millis)>,
    scale: &Scale,
    height: i64,
) {
    // The attribute, since a stylesheet made by a script has no base for the address.
    let fill = if class.ends_with("gap") { " fill=\"url(#unknown)\"" } else { "" };
    let mut drawn_to = i64::MIN;
    for (from, to) in times.filter(|(from, to)| from < to) {
        let begin = scale.x(from).clamp(0, scale.width).max(drawn_to);
        let end = scale.x(to).clamp(0, scale.width).max(begin + 1);
        if scale.x(to) > drawn_to {
            drawn_to = end;
            let width = end - begin;
            let _ = write!(
                out,
                "<rect class=\"{class}\"{fill} x=\"{begin}\" y=\"0\" width=\"{width}\" height=\"{height}\"/>"
            );
        }
    }
}
