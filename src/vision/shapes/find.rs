//! All shapes of a screenshot: candidates in one pass over the rows, then each looked at closely, then each kept once.

use super::edges::Edges;
use super::icons::icons;
use super::kept::{Kept, SAME};
use super::lattice::Lattice;
use super::letters::{LETTER, letter_height};
use super::marks::{self, goes_on, is_part, is_square, mark, small};
use super::rectangles::rectangle;
use crate::target::Shape;
use crate::vision::components::{Component, Tracer, each_run};
use crate::vision::picture::Picture;
use crate::vision::spans::Spans;

/// The most shapes that are told; of more, the upper ones.
const MOST_SHAPES: usize = 4000;

/// The most runs of blocks that are traced, flat ones and steep ones together and all steps together: a page of small text at 3840
/// by 2160 has less than a third of that. What has more is noise, and what later steps would find is left out.
const MOST_RUNS: usize = 12 << 20;

/// The most flat areas that are looked at closely; of more, the upper ones.
const MOST_AREAS: usize = 1 << 14;

/// The most pieces of ink; with more, no check boxes, radio buttons and icons are looked for.
const MOST_INKS: usize = 1 << 17;

/// The most pieces of ink that are looked at closely as a check box or a radio button; of more, the upper ones.
const MOST_SQUARES: usize = 1 << 14;

/// Sides of the smallest flat area, blocks.
const LEAST_AREA: u32 = 6;

/// Sides of the largest piece of ink that may be a check box, a letter or a part of an icon, blocks.
const MOST_INK: u32 = 140;

/// Levels by which colours differ at least where something begins, one after the other, on a noisy picture. Gradients of legacy
/// buttons lie below the first, the pale borders of today's pages above it; the others are for what JPEG made of them.
const STEPS: [u8; 3] = [9, 20, 40];

/// The same where few pixels differ a little from their neighbours: the palest borders, of what is disabled, need the first.
const FINE_STEPS: [u8; 3] = [5, 9, 20];

/// The share of pixels that differ a little from the next one from which on a picture is noisy: JPEG is, and so are gradients,
/// which lose nothing by it.
const NOISY: f64 = 0.035;

/// The shapes on `screen`, whose colours change as `spans` tell, from top to bottom and from left to right, at most 4000 of them.
///
/// Those whose tops are within 4 pixels of one another stand in one line. A picture with more changes of colour than any screen
/// has gives none, or few. No text is read, so that a lone letter in large type may be taken for an icon, and an icon whose
/// outline is a square for a check box; what has no outline of its own, such as a button that is but a word, isn't found.
#[must_use]
pub(in crate::vision) fn shapes(screen: &Picture, spans: &Spans) -> Vec<Shape> {
    let mut kept = Kept::default();
    let mut runs = 0;
    // Icons are looked for once, by the step at which JPEG leaves nothing around them.
    let (steps, drawn) = if is_noisy(screen) { (STEPS, STEPS[2]) } else { (FINE_STEPS, FINE_STEPS[1]) };
    let (mut drawings, mut letters) = (Vec::new(), LETTER);
    for step in steps {
        let edges = Edges::new(spans, step);
        let Some(Pieces { areas, inks }) = pieces(&edges, &mut runs) else { break };
        let letter = letter_height(&inks);
        let most = (marks::MOST * letter / LETTER).round() as u32;
        let lattice = Lattice::new(screen, &inks);
        let squares = inks.iter().enumerate().filter(|(_, ink)| is_square(ink, most)).take(MOST_SQUARES);
        for (index, ink) in squares {
            if let Some(shape) = mark(screen, &edges, ink).filter(|_| !is_part(ink, index, &inks, &lattice)) {
                kept.keep(shape);
            }
        }
        for area in &areas {
            if kept.knows(area) {
                continue;
            }
            if let Some(shape) = rectangle(screen, step, area) {
                let is_small = shape.place.width.max(shape.place.height) <= most;
                if !is_small {
                    kept.keep(shape);
                } else if !goes_on(shape.place, &inks, &lattice) {
                    kept.keep(small(screen, &edges, shape));
                }
            }
        }
        if step == drawn {
            (drawings, letters) = (inks, letter);
        }
    }
    for icon in icons(screen, &drawings, |ink| !kept.surrounded_by(ink), letters) {
        kept.keep(icon);
    }
    in_reading_order(kept.shapes)
}

/// Whether many pixels differ a little from their neighbours.
fn is_noisy(screen: &Picture) -> bool {
    /// One row of so many is looked at.
    const EVERY: usize = 16;
    let (mut little, mut all) = (0_usize, 0_usize);
    for y in (0..screen.height).step_by(EVERY) {
        let row = screen.row(y);
        for (a, b) in row.chunks_exact(3).zip(row[3..].chunks_exact(3)) {
            let most = a[0].abs_diff(b[0]).max(a[1].abs_diff(b[1])).max(a[2].abs_diff(b[2]));
            little += usize::from((1..STEPS[0]).contains(&most));
        }
        all += screen.width;
    }
    little as f64 > NOISY * all as f64
}

/// Flat areas that may be the inside of a widget, and pieces of ink.
struct Pieces {
    areas: Vec<Component>,
    inks: Vec<Component>,
}

/// None where the picture is too busy to be a screen.
fn pieces(edges: &Edges, runs: &mut usize) -> Option<Pieces> {
    let (mut areas, mut inks) = (Vec::new(), Vec::new());
    let mut keep_area = |area: Component| {
        if area.width() >= LEAST_AREA && area.height() >= LEAST_AREA && areas.len() < MOST_AREAS {
            areas.push(area);
        }
    };
    let mut keep_ink = |ink: Component| {
        if ink.width() <= MOST_INK && ink.height() <= MOST_INK && inks.len() <= MOST_INKS {
            inks.push(ink);
        }
    };
    let (mut flat, mut steep) = (Tracer::new(false), Tracer::new(true));
    for y in 0..edges.height {
        each_run(edges.row(y), |value, start, end| {
            *runs += 1;
            if value == 0 { flat.push(start, end) } else { steep.push(start, end) }
        });
        if *runs > MOST_RUNS {
            return None;
        }
        flat.end_row(&mut keep_area);
        steep.end_row(&mut keep_ink);
    }
    flat.finish(&mut keep_area);
    steep.finish(&mut keep_ink);
    if inks.len() > MOST_INKS {
        inks.clear();
    }
    Some(Pieces { areas, inks })
}

/// From top to bottom, and from left to right where tops are about the same.
fn in_reading_order(mut shapes: Vec<Shape>) -> Vec<Shape> {
    shapes.sort_by_key(|shape| (shape.place.y, shape.place.x, shape.place.width, shape.place.height));
    let mut start = 0;
    while start < shapes.len() {
        let top = shapes[start].place.y;
        let line = shapes[start..].iter().take_while(|shape| shape.place.y - top <= SAME).count();
        shapes[start..start + line].sort_by_key(|shape| (shape.place.x, shape.place.y));
        start += line;
    }
    shapes.truncate(MOST_SHAPES);
    shapes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Form, Place};
    use crate::vision::text::draw_plate;
    use image::{Rgb, RgbImage};
    use imageproc::drawing::{draw_filled_circle_mut, draw_filled_rect_mut, draw_hollow_rect_mut, draw_line_segment_mut};
    use imageproc::rect::Rect;
    use proptest::prelude::*;

    const WHITE: Rgb<u8> = Rgb([255; 3]);
    const INK: Rgb<u8> = Rgb([20, 24, 30]);
    const BLUE: Rgb<u8> = Rgb([20, 90, 220]);
    const GREY: Rgb<u8> = Rgb([200; 3]);
    const NIGHT: Rgb<u8> = Rgb([32, 34, 38]);

    fn page(ground: Rgb<u8>) -> RgbImage {
        RgbImage::from_pixel(320, 200, ground)
    }

    fn fill(page: &mut RgbImage, (x, y, width, height): (i32, i32, u32, u32), colour: Rgb<u8>) {
        draw_filled_rect_mut(page, Rect::at(x, y).of_size(width, height), colour);
    }

    fn frame(page: &mut RgbImage, (x, y, width, height): (i32, i32, u32, u32), colour: Rgb<u8>) {
        draw_hollow_rect_mut(page, Rect::at(x, y).of_size(width, height), colour);
    }

    fn found(screen: &Picture) -> Vec<Shape> {
        shapes(screen, &Spans::new(screen))
    }

    fn seen(page: RgbImage) -> Vec<Shape> {
        found(&Picture { width: page.width() as usize, height: page.height() as usize, rgb: page.into_raw() })
    }

    /// The forms and places alone.
    fn outlines(page: RgbImage) -> Vec<(Form, (u32, u32, u32, u32))> {
        let outline = |Place { x, y, width, height }: Place| (x, y, width, height);
        seen(page).into_iter().map(|shape| (shape.form, outline(shape.place))).collect()
    }

    #[test]
    fn a_filled_button_is_found_with_its_colours() {
        let mut page = page(WHITE);
        fill(&mut page, (40, 30, 110, 34), BLUE);
        draw_plate(&mut page, (60, 40), "Save", 1, BLUE, WHITE);
        let found = seen(page);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].form, found[0].place), (Form::Filled, Place { x: 40, y: 30, width: 110, height: 34 }));
        assert_eq!((found[0].ground, found[0].around), (BLUE.0, WHITE.0));
        assert!(found[0].sureness > 0.9);
    }

    #[test]
    fn a_gradient_in_the_fill_is_one_ground() {
        let mut page = page(WHITE);
        for row in 0..30_u8 {
            fill(&mut page, (40, 30 + i32::from(row), 110, 1), Rgb([230 - 2 * row; 3]));
        }
        assert_eq!(outlines(page), [(Form::Filled, (40, 30, 110, 30))]);
    }

    #[test]
    fn borders_are_seen_on_light_and_on_dark_and_corners_may_be_round() {
        for (ground, line) in [(WHITE, GREY), (NIGHT, Rgb([80, 84, 90]))] {
            let mut page = page(ground);
            frame(&mut page, (20, 20, 120, 32), line);
            draw_plate(&mut page, (40, 29), "Print", 1, ground, INK);
            frame(&mut page, (160, 20, 90, 32), line);
            for (x, y) in [(160, 20), (249, 20), (160, 51), (249, 51)] {
                page.put_pixel(x, y, ground);
            }
            assert_eq!(outlines(page), [(Form::Bordered, (20, 20, 120, 32)), (Form::Bordered, (160, 20, 90, 32))]);
        }
    }

    #[test]
    fn a_button_lies_in_a_panel() {
        let mut page = page(GREY);
        fill(&mut page, (10, 10, 280, 150), WHITE);
        frame(&mut page, (30, 30, 80, 30), INK);
        assert_eq!(outlines(page), [(Form::Filled, (10, 10, 280, 150)), (Form::Bordered, (30, 30, 80, 30))]);
    }

    #[test]
    fn a_sunken_field_has_lines_on_two_sides() {
        let mut page = page(GREY);
        fill(&mut page, (30, 40, 150, 22), WHITE);
        fill(&mut page, (30, 40, 150, 1), INK);
        fill(&mut page, (30, 40, 1, 22), INK);
        assert_eq!(outlines(page), [(Form::Bordered, (30, 40, 150, 22))]);
    }

    #[test]
    fn check_boxes_are_marked_or_not() {
        let mut page = page(WHITE);
        frame(&mut page, (20, 20, 14, 14), INK);
        draw_plate(&mut page, (40, 20), "Iodine", 1, WHITE, INK);
        frame(&mut page, (20, 50, 14, 14), INK);
        for down in 0..2 {
            let (left, right) = ((24.0, 57.0 + down as f32), (30.0, 53.0 + down as f32));
            draw_line_segment_mut(&mut page, left, (26.0, 59.0 + down as f32), INK);
            draw_line_segment_mut(&mut page, (26.0, 59.0 + down as f32), right, INK);
        }
        draw_plate(&mut page, (40, 50), "Latex", 1, WHITE, INK);
        let expected = [(Form::Check { marked: false }, (20, 20, 14, 14)), (Form::Check { marked: true }, (20, 50, 14, 14))];
        assert_eq!(outlines(page), expected);
    }

    #[test]
    fn a_drawing_that_is_open_at_the_top_is_no_check_box() {
        let mut page = page(WHITE);
        draw_plate(&mut page, (60, 20), "Courbe", 1, WHITE, INK);
        // The axes and the columns of a chart, with smooth sides.
        let drawing = [
            "---...............",
            "-#+............---",
            "-#+............-#+",
            "-#+............-#+",
            "-#+.....-+-....-#+",
            "-#+.....+#-....-#+",
            "-#+.....+#-.++.-#+",
            "-#+.....+#-.##.-#+",
            "-#+.-+-.+#-.##.-#+",
            "-#+.+#+.+#-.##.-#+",
            "-#+.+#+.+#-.##.-#+",
            "-#+.+#+.+#-.##.-#+",
            "-#+.+#+.+#-.##.-#+",
            "-#+...............",
            "-#+---------------",
            "-+###############+",
            ".-++++++++++++++++",
        ];
        for (y, row) in (20..).zip(drawing) {
            for (x, sign) in (20..).zip(row.chars()) {
                let level = match sign {
                    '#' => 20,
                    '+' => 100,
                    '-' => 200,
                    _ => continue,
                };
                page.put_pixel(x, y, Rgb([level; 3]));
            }
        }
        assert_eq!(outlines(page), [(Form::Icon, (20, 20, 18, 17))]);
    }

    /// A disc with smooth edges.
    fn disc(page: &mut RgbImage, (x, y): (f64, f64), radius: f64, colour: Rgb<u8>) {
        for (column, row, pixel) in page.enumerate_pixels_mut() {
            let covered = (radius + 0.5 - (f64::from(column) + 0.5 - x).hypot(f64::from(row) + 0.5 - y)).clamp(0.0, 1.0);
            for (level, wanted) in pixel.0.iter_mut().zip(colour.0) {
                *level = (f64::from(*level) * (1.0 - covered) + f64::from(wanted) * covered).round() as u8;
            }
        }
    }

    #[test]
    fn radio_buttons_are_marked_or_not() {
        let mut page = page(WHITE);
        for y in [30, 60] {
            disc(&mut page, (30.0, f64::from(y)), 8.0, INK);
            disc(&mut page, (30.0, f64::from(y)), 7.0, WHITE);
            draw_plate(&mut page, (46, y - 7), "Urgent", 1, WHITE, INK);
        }
        disc(&mut page, (30.0, 60.0), 4.0, INK);
        let expected = [(Form::Radio { marked: false }, (22, 22, 16, 16)), (Form::Radio { marked: true }, (22, 52, 16, 16))];
        assert_eq!(outlines(page), expected);
    }

    #[test]
    fn cells_between_rules_are_told_one_by_one() {
        let mut page = page(WHITE);
        for row in 0..=4 {
            fill(&mut page, (20, 20 + 24 * row, 241, 1), GREY);
        }
        for column in 0..=3 {
            fill(&mut page, (20 + 80 * column, 20, 1, 97), GREY);
        }
        draw_plate(&mut page, (30, 26), "12 mg", 1, WHITE, INK);
        let found = outlines(page);
        assert_eq!(found.len(), 12, "{found:?}");
        assert_eq!(found[..2], [(Form::Bordered, (20, 20, 81, 25)), (Form::Bordered, (100, 20, 81, 25))]);
    }

    #[test]
    fn a_drawing_alone_is_an_icon_and_text_is_none() {
        let mut text = page(WHITE);
        for (line, words) in ["Patients 12 O D Q 80", "Bed 0 CHARGE close do", "nom et prenom du malade"].into_iter().enumerate() {
            draw_plate(&mut text, (10, 10 + 20 * line as i32), words, 1, WHITE, INK);
        }
        for (line, words) in ["PATIENTS QD", "CHARGE BED 47", "DOSSIERS 12"].into_iter().enumerate() {
            draw_plate(&mut text, (10, 80 + 36 * line as i32), words, 2, WHITE, INK);
        }
        assert_eq!(outlines(text), []);
        let mut drawing = page(WHITE);
        draw_filled_circle_mut(&mut drawing, (60, 60), 10, BLUE);
        fill(&mut drawing, (60, 44, 4, 30), BLUE);
        fill(&mut drawing, (52, 74, 20, 4), BLUE);
        let found = seen(drawing);
        assert_eq!((found.len(), found[0].form, found[0].ground), (1, Form::Icon, BLUE.0), "{found:?}");
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        for (width, height) in [(1, 1), (1, 300), (300, 1), (2, 2), (400, 300)] {
            assert_eq!(outlines(RgbImage::from_pixel(width, height, BLUE)), []);
        }
        let mut state = 1_u64;
        let mut noise = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        assert_eq!(outlines(RgbImage::from_fn(400, 300, |_, _| Rgb([noise(), noise(), noise()]))), []);
        assert_eq!(outlines(RgbImage::from_fn(400, 300, |x, y| if (x + y) % 2 == 0 { WHITE } else { INK })), []);
        assert_eq!(outlines(RgbImage::from_fn(400, 300, |x, _| if x % 3 == 0 { WHITE } else { INK })), []);
    }

    #[test]
    fn of_too_many_the_upper_ones_are_told() {
        let found = outlines(RgbImage::from_fn(1600, 1600, |x, y| if x % 20 == 0 || y % 20 == 0 { INK } else { WHITE }));
        assert_eq!(found.len(), MOST_SHAPES);
        assert!(found.iter().all(|(_, (_, y, ..))| *y < 1100), "the lower third is left out");
    }

    proptest! {
        #[test]
        fn whatever_the_picture_places_lie_within_it(
            (width, height) in (1_u32..90, 1_u32..90),
            rectangles in proptest::collection::vec((-10_i32..90, -10_i32..90, 1_u32..60, 1_u32..60, any::<[u8; 3]>(), any::<bool>()), 0..14),
            dots in proptest::collection::vec((0_u32..90, 0_u32..90, any::<[u8; 3]>()), 0..60),
        ) {
            let mut page = RgbImage::from_pixel(width, height, GREY);
            for (x, y, width, height, colour, hollow) in rectangles {
                let place = (x, y, width, height);
                if hollow { frame(&mut page, place, Rgb(colour)) } else { fill(&mut page, place, Rgb(colour)) }
            }
            for (x, y, colour) in dots {
                page.put_pixel(x % width, y % height, Rgb(colour));
            }
            for shape in seen(page) {
                prop_assert_eq!(shape.place.within((width, height)), Some(shape.place));
                prop_assert!((0.0..=1.0).contains(&shape.sureness));
            }
        }
    }
}
