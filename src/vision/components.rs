//! Connected components of a mask, by runs: what is met is boxes and areas, not labels, so memory goes with the runs.

/// A group of set pixels that touch, at their corners too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    /// Set pixels.
    pub(super) area: usize,
}

/// A run of set pixels in one row: first column, one past the last, and its component so far.
#[derive(Debug, Clone, Copy)]
struct Run {
    from: usize,
    to: usize,
    root: usize,
}

/// A component while it grows: its box as left, top, right and bottom, one past the last.
#[derive(Debug, Clone, Copy)]
struct Growing {
    parent: usize,
    bounds: [usize; 4],
    area: usize,
}

/// The components of `mask`, rows of `width` bytes, 0 where it is not set; in the order in which their first pixels come. None
/// when there are more than `most`, counted before those that turn out to be one are joined.
pub(super) fn components(mask: &[u8], width: usize, most: usize) -> Option<Vec<Component>> {
    let mut all: Vec<Growing> = Vec::new();
    let (mut above, mut row): (Vec<Run>, Vec<Run>) = (Vec::new(), Vec::new());
    for (y, line) in mask.chunks_exact(width.max(1)).enumerate() {
        row.clear();
        let (mut x, mut first) = (0, 0);
        while let Some(from) = line[x..].iter().position(|&set| set != 0).map(|ahead| x + ahead) {
            let to = line[from..].iter().position(|&set| set == 0).map_or(width, |ahead| from + ahead);
            let mut root = None;
            // Runs of the row above that touch this one, at corners too, and end before it does, touch no later one but the last.
            while above.get(first).is_some_and(|run| run.to < from) {
                first += 1;
            }
            for run in above[first..].iter().take_while(|run| run.from <= to) {
                let other = find(&mut all, run.root);
                root = Some(match root {
                    None => other,
                    Some(own) => join(&mut all, own, other),
                });
            }
            let root = root.unwrap_or_else(|| {
                all.push(Growing { parent: all.len(), bounds: [from, y, to, y + 1], area: 0 });
                all.len() - 1
            });
            let grown = &mut all[root];
            grown.area += to - from;
            grown.bounds = [grown.bounds[0].min(from), grown.bounds[1], grown.bounds[2].max(to), y + 1];
            row.push(Run { from, to, root });
            x = to;
        }
        if all.len() > most {
            return None;
        }
        std::mem::swap(&mut above, &mut row);
    }
    let whole = |(index, grown): (usize, &Growing)| {
        let [left, top, right, bottom] = grown.bounds;
        let component = Component { x: left, y: top, width: right - left, height: bottom - top, area: grown.area };
        (grown.parent == index).then_some(component)
    };
    Some(all.iter().enumerate().filter_map(whole).collect())
}

fn find(all: &mut [Growing], mut at: usize) -> usize {
    while all[at].parent != at {
        all[at].parent = all[all[at].parent].parent;
        at = all[at].parent;
    }
    at
}

/// Joins two roots into the older one.
fn join(all: &mut [Growing], a: usize, b: usize) -> usize {
    if a == b {
        return a;
    }
    let (old, new) = (a.min(b), a.max(b));
    let joined = all[new];
    let grown = &mut all[old];
    grown.area += joined.area;
    let ([left, top, right, bottom], other) = (grown.bounds, joined.bounds);
    grown.bounds = [left.min(other[0]), top.min(other[1]), right.max(other[2]), bottom.max(other[3])];
    all[new].parent = old;
    old
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same by flooding, pixel by pixel.
    fn flooded(mask: &[u8], width: usize) -> Vec<Component> {
        let height = mask.len() / width;
        let mut left = mask.to_vec();
        let mut all = Vec::new();
        for start in 0..mask.len() {
            if left[start] == 0 {
                continue;
            }
            let mut stack = vec![start];
            left[start] = 0;
            let mut found = Component { x: start % width, y: start / width, width: 1, height: 1, area: 0 };
            while let Some(at) = stack.pop() {
                let (x, y) = (at % width, at / width);
                let (right, bottom) = ((found.x + found.width).max(x + 1), (found.y + found.height).max(y + 1));
                found.x = found.x.min(x);
                (found.width, found.height, found.area) = (right - found.x, bottom - found.y, found.area + 1);
                for (x, y) in (y.saturating_sub(1)..=y + 1).flat_map(|y| (x.saturating_sub(1)..=x + 1).map(move |x| (x, y))) {
                    if x < width && y < height && left[y * width + x] != 0 {
                        left[y * width + x] = 0;
                        stack.push(y * width + x);
                    }
                }
            }
            all.push(found);
        }
        all
    }

    proptest! {
        #[test]
        fn by_runs_as_by_flooding(width in 1_usize..24, rows in 1_usize..24, bits in proptest::collection::vec(0_u8..3, 576)) {
            let mask: Vec<u8> = bits[..width * rows].iter().map(|&bit| u8::from(bit == 0)).collect();
            prop_assert_eq!(components(&mask, width, usize::MAX).unwrap(), flooded(&mask, width));
        }
    }

    #[test]
    fn too_many_are_refused() {
        let dots: Vec<u8> = (0..100_u8).map(|at| u8::from(at % 2 == 0 && (at / 10) % 2 == 0)).collect();
        assert_eq!(components(&dots, 10, 25).unwrap().len(), 25);
        assert!(components(&dots, 10, 24).is_none());
        assert!(components(&[], 0, 0).unwrap().is_empty());
    }
}
