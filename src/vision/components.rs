//! Connected components, row by row: only what is open at a row is held, and a component is handed on when it ends. Text and widgets are
//! both found by them.

/// What is known of a component: its bounding box, both ends included, in pixels or what blocks of them are, and how it fills it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    /// First column.
    pub left: u32,
    /// First row.
    pub top: u32,
    /// Last column.
    pub right: u32,
    /// Last row.
    pub bottom: u32,
    /// Its blocks.
    pub area: u64,
    /// Over its rows, the blocks from its first to its last: its area with holes and bays filled from the sides.
    pub spans: u64,
}

impl Component {
    /// Columns of its bounding box.
    pub(super) fn width(&self) -> u32 {
        self.right - self.left + 1
    }

    /// Rows of its bounding box.
    pub(super) fn height(&self) -> u32 {
        self.bottom - self.top + 1
    }
}

/// A run of blocks in one row, and the slot of what it belongs to.
#[derive(Clone, Copy)]
struct Run {
    start: u32,
    /// One beyond its last block.
    end: u32,
    slot: u32,
}

/// A component that is still open.
#[derive(Clone, Copy)]
struct Open {
    /// Its own slot, or one that it was joined to.
    parent: u32,
    seen: Component,
    /// The row that was last added to.
    row: u32,
    /// Its first and last block in that row.
    span: (u32, u32),
}

/// Joins blocks of one kind to components as rows come in.
pub(super) struct Tracer {
    /// Blocks that touch by a corner belong together.
    corners: bool,
    before: Vec<Run>,
    now: Vec<Run>,
    slots: Vec<Open>,
    free: Vec<u32>,
    joined: Vec<u32>,
    row: u32,
}

impl Tracer {
    /// `corners`: blocks that touch by a corner belong together.
    pub(super) fn new(corners: bool) -> Self {
        Self { corners, before: Vec::new(), now: Vec::new(), slots: Vec::new(), free: Vec::new(), joined: Vec::new(), row: 0 }
    }

    /// Adds a run of the current row, from `start` to before `end`, to the right of those added before.
    pub(super) fn push(&mut self, start: usize, end: usize) {
        self.now.push(Run { start: start as u32, end: end as u32, slot: 0 });
    }

    /// Ends the current row; what has no block in it is handed to `done`.
    pub(super) fn end_row(&mut self, done: &mut impl FnMut(Component)) {
        self.connect();
        for at in 0..self.now.len() {
            let slot = self.root(self.now[at].slot);
            self.now[at].slot = slot;
            self.slots[slot as usize].add(self.row, self.now[at]);
        }
        for at in 0..self.before.len() {
            let slot = self.root(self.before[at].slot);
            let open = &mut self.slots[slot as usize];
            // A component that ended is met once for each of its runs; the row says that it was handed on.
            if open.row != self.row {
                open.flush();
                open.row = self.row;
                self.free.push(slot);
                done(open.seen);
            }
        }
        self.free.append(&mut self.joined);
        std::mem::swap(&mut self.before, &mut self.now);
        self.now.clear();
        self.row += 1;
    }

    /// Ends the picture: all that is open is handed to `done`.
    pub(super) fn finish(mut self, done: &mut impl FnMut(Component)) {
        self.end_row(done);
    }

    /// Gives each run of this row the slot of a run above that it touches, or a new one.
    fn connect(&mut self) {
        let reach = u32::from(self.corners);
        let mut above = 0;
        for at in 0..self.now.len() {
            let run = self.now[at];
            while above < self.before.len() && self.before[above].end + reach <= run.start {
                above += 1;
            }
            let mut slot = None;
            let mut other = above;
            while other < self.before.len() && self.before[other].start < run.end + reach {
                let root = self.root(self.before[other].slot);
                slot = Some(slot.map_or(root, |slot| self.join(slot, root)));
                other += 1;
            }
            self.now[at].slot = match slot {
                Some(slot) => slot,
                None => self.open(run),
            };
        }
    }

    fn open(&mut self, run: Run) -> u32 {
        let seen = Component { left: run.start, top: self.row, right: run.start, bottom: self.row, area: 0, spans: 0 };
        let slot = self.free.pop().unwrap_or(self.slots.len() as u32);
        let open = Open { parent: slot, seen, row: self.row, span: (u32::MAX, 0) };
        match self.slots.get_mut(slot as usize) {
            Some(old) => *old = open,
            None => self.slots.push(open),
        }
        slot
    }

    fn root(&mut self, mut slot: u32) -> u32 {
        while self.slots[slot as usize].parent != slot {
            let parent = self.slots[slot as usize].parent;
            self.slots[slot as usize].parent = self.slots[parent as usize].parent;
            slot = parent;
        }
        slot
    }

    fn join(&mut self, kept: u32, gone: u32) -> u32 {
        if kept != gone {
            let mut other = self.slots[gone as usize];
            other.flush();
            self.slots[gone as usize].parent = kept;
            self.joined.push(gone);
            let open = &mut self.slots[kept as usize];
            open.flush();
            let (a, b) = (&mut open.seen, other.seen);
            (a.left, a.top) = (a.left.min(b.left), a.top.min(b.top));
            (a.right, a.bottom) = (a.right.max(b.right), a.bottom.max(b.bottom));
            (a.area, a.spans) = (a.area + b.area, a.spans + b.spans);
        }
        kept
    }
}

impl Open {
    /// Counts the row that was last added to.
    fn flush(&mut self) {
        self.seen.spans += u64::from(self.span.1.saturating_sub(self.span.0));
        self.span = (u32::MAX, 0);
    }

    fn add(&mut self, row: u32, run: Run) {
        if self.row != row {
            self.flush();
            self.row = row;
        }
        self.span = (self.span.0.min(run.start), self.span.1.max(run.end));
        self.seen.left = self.seen.left.min(run.start);
        self.seen.right = self.seen.right.max(run.end - 1);
        self.seen.bottom = row;
        self.seen.area += u64::from(run.end - run.start);
    }
}

/// Hands in each run of equal bytes, 0 or 1, with its start and its end.
pub(super) fn each_run(row: &[u8], mut see: impl FnMut(u8, usize, usize)) {
    let mut start = 0;
    while let Some(&value) = row.get(start) {
        let mut end = start + 1;
        let pattern = u64::from(value) * 0x0101_0101_0101_0101;
        loop {
            match row.get(end..end + 8).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes) {
                Some(word) if word == pattern => end += 8,
                Some(word) => {
                    end += ((word ^ pattern).trailing_zeros() / 8) as usize;
                    break;
                }
                None => {
                    end += row[end..].iter().take_while(|&&byte| byte == value).count();
                    break;
                }
            }
        }
        see(value, start, end);
        start = end;
    }
}

/// The components of `mask`, rows of `width` bytes, 1 where it is set and else 0, joined at corners too; from top to bottom. None when there are more
/// than `most`.
pub(super) fn components(mask: &[u8], width: usize, most: usize) -> Option<Vec<Component>> {
    let mut all = Vec::new();
    let mut tracer = Tracer::new(true);
    for row in mask.chunks_exact(width.max(1)) {
        each_run(row, |value, start, end| {
            if value != 0 {
                tracer.push(start, end);
            }
        });
        tracer.end_row(&mut |component| all.push(component));
        if all.len() > most {
            return None;
        }
    }
    tracer.finish(&mut |component| all.push(component));
    all.sort_by_key(|component| (component.top, component.left, component.right, component.bottom));
    (all.len() <= most).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Bounding boxes and areas by flooding from every block, in any order.
    fn flooded(blocks: &[bool], width: usize, corners: bool) -> Vec<(u32, u32, u32, u32, u64)> {
        let height = blocks.len() / width;
        let mut open = blocks.to_vec();
        let mut found = Vec::new();
        for start in 0..blocks.len() {
            let mut stack = vec![start];
            let mut seen = (u32::MAX, u32::MAX, 0, 0, 0);
            while let Some(at) = stack.pop() {
                if !std::mem::take(&mut open[at]) {
                    continue;
                }
                let (x, y) = (at % width, at / width);
                seen = (seen.0.min(x as u32), seen.1.min(y as u32), seen.2.max(x as u32), seen.3.max(y as u32), seen.4 + 1);
                for other_y in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                    for other_x in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                        if corners || other_x == x || other_y == y {
                            stack.push(other_y * width + other_x);
                        }
                    }
                }
            }
            if seen.4 > 0 {
                found.push(seen);
            }
        }
        found.sort_unstable();
        found
    }

    fn traced(blocks: &[bool], width: usize, corners: bool) -> Vec<Component> {
        let mut tracer = Tracer::new(corners);
        let mut found = Vec::new();
        for row in blocks.chunks_exact(width) {
            let mut start = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] {
                    tracer.push(start, start + run.len());
                }
                start += run.len();
            }
            tracer.end_row(&mut |component| found.push(component));
        }
        tracer.finish(&mut |component| found.push(component));
        found
    }

    #[test]
    fn a_ring_spans_its_inside() {
        let ring = [true, true, true, true, false, true, true, true, true];
        let found = traced(&ring, 3, false);
        assert_eq!(found, [Component { left: 0, top: 0, right: 2, bottom: 2, area: 8, spans: 9 }]);
    }

    #[test]
    fn too_many_are_refused() {
        let dots: Vec<u8> = (0..100_u8).map(|at| u8::from(at % 2 == 0 && (at / 10) % 2 == 0)).collect();
        let found = components(&dots, 10, 25).unwrap();
        assert_eq!((found.len(), found[1].left, found[5].top), (25, 2, 2));
        assert!(components(&dots, 10, 24).is_none());
        assert!(components(&[], 0, 0).unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn runs_are_those_of_a_walk_byte_by_byte(row in proptest::collection::vec(0_u8..2, 0..70), times in 1_usize..12) {
            let row: Vec<u8> = row.into_iter().flat_map(|byte| vec![byte; times]).collect();
            let mut runs = Vec::new();
            each_run(&row, |value, start, end| runs.push((value, start, end)));
            let mut start = 0;
            let walked: Vec<_> = row.chunk_by(|a, b| a == b).map(|run| { start += run.len(); (run[0], start - run.len(), start) }).collect();
            prop_assert_eq!(runs, walked);
        }

        #[test]
        fn rows_joined_one_by_one_are_what_a_flood_reaches(
            (width, blocks) in (1_usize..14, 0_usize..14)
                .prop_flat_map(|(width, height)| (Just(width), proptest::collection::vec(any::<bool>(), width * height))),
            corners: bool,
        ) {
            let found = traced(&blocks, width, corners);
            for component in &found {
                let boxed = u64::from(component.width()) * u64::from(component.height());
                prop_assert!(component.area <= component.spans && component.spans <= boxed, "{:?}", component);
            }
            let mut found: Vec<_> = found.iter().map(|seen| (seen.left, seen.top, seen.right, seen.bottom, seen.area)).collect();
            found.sort_unstable();
            prop_assert_eq!(found, flooded(&blocks, width, corners));
        }
    }
}
