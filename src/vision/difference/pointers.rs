//! The outlines of a mouse cursor, in the usual three shapes, to hold against what changed.
//!
//! `#` is the outline, `.` what it encloses, a space is outside. An I-beam is all outline.

/// The arrow, 12 by 19.
pub(super) const ARROW: &[&str] = &[
    "#           ",
    "##          ",
    "#.#         ",
    "#..#        ",
    "#...#       ",
    "#....#      ",
    "#.....#     ",
    "#......#    ",
    "#.......#   ",
    "#........#  ",
    "#.........# ",
    "#......#####",
    "#...#..#    ",
    "#..# #..#   ",
    "#.#  #..#   ",
    "##    #..#  ",
    "#     #..#  ",
    "       #..# ",
    "       ###  ",
];

/// The hand over what can be clicked, 17 by 22.
pub(super) const HAND: &[&str] = &[
    "     ##          ",
    "    #..#         ",
    "    #..#         ",
    "    #..#         ",
    "    #..#         ",
    "    #..###       ",
    "    #..#..###    ",
    "    #..#..#..##  ",
    "    #..#..#..#.# ",
    "### #..#..#..#..#",
    "#..##........#..#",
    "#...#...........#",
    " #..#...........#",
    "  #.#...........#",
    "  #.............#",
    "   #............#",
    "   #...........# ",
    "    #..........# ",
    "    #.........#  ",
    "     #........#  ",
    "     #........#  ",
    "     ##########  ",
];

/// The I-beam over text, 7 by 16.
pub(super) const I_BEAM: &[&str] = &[
    "### ###", "   #   ", "   #   ", "   #   ", "   #   ", "   #   ", "   #   ", "   #   ", "   #   ", "   #   ", "   #   ", "   #   ",
    "   #   ", "   #   ", "   #   ", "### ###",
];

/// A shape at a size: what each of its pixels is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pointer {
    pub(super) width: usize,
    pub(super) height: usize,
    parts: Vec<Part>,
}

/// What a pixel of a shape is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Outside,
    Outline,
    Inside,
}

impl Pointer {
    /// `rows` at `quarters` of their size, by the nearest pixel.
    pub(super) fn at(rows: &[&str], quarters: usize) -> Self {
        let (width, height) = (rows.first().map_or(0, |row| row.len()) * quarters / 4, rows.len() * quarters / 4);
        let part = |x: usize, y: usize| match rows[y * 4 / quarters].as_bytes().get(x * 4 / quarters) {
            Some(b'#') => Part::Outline,
            Some(b'.') => Part::Inside,
            _ => Part::Outside,
        };
        let parts = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| part(x, y)).collect();
        Self { width, height, parts }
    }

    /// The part at `x`, `y`, which may lie beside the shape.
    pub(super) fn part(&self, x: i64, y: i64) -> Part {
        let inside = x >= 0 && y >= 0 && x < self.width as i64 && y < self.height as i64;
        if inside { self.parts[y as usize * self.width + x as usize] } else { Part::Outside }
    }

    /// Whether `x`, `y` is of the shape or touches it.
    pub(super) fn reaches(&self, x: i64, y: i64) -> bool {
        (-1..=1).any(|dy| (-1..=1).any(|dx| self.part(x + dx, y + dy) != Part::Outside))
    }

    /// Where the pixels of `part` are.
    pub(super) fn of(&self, part: Part) -> impl Iterator<Item = (i64, i64)> {
        let at = |index: usize| ((index % self.width) as i64, (index / self.width) as i64);
        self.parts.iter().enumerate().filter(move |(_, one)| **one == part).map(move |(index, _)| at(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_a_shape_is_as_long_as_the_first() {
        for rows in [ARROW, HAND, I_BEAM] {
            assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{rows:?}");
        }
    }

    #[test]
    fn a_shape_grows_by_quarters() {
        let double = Pointer::at(ARROW, 8);
        assert_eq!((double.width, double.height), (24, 38));
        assert_eq!((double.part(1, 1), double.part(2, 1), double.part(3, 5)), (Part::Outline, Part::Outside, Part::Inside));
        assert_eq!((Pointer::at(HAND, 5).width, Pointer::at(I_BEAM, 6).height), (21, 24));
        assert!(double.reaches(-1, -1) && !double.reaches(-2, 0));
    }
}
