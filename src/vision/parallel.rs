//! Work that falls into parts, on several threads; what comes of it is the same on any number of them.

use std::sync::atomic::{AtomicUsize, Ordering};

/// What `work` gives for each number below `count`, in their order. Each of so many threads takes the next number when it is done with
/// one; the caller's is among them. A panic goes on where it can be caught.
pub(super) fn each<T: Send>(count: usize, threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let share = || {
        let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed)).take_while(|&number| number < count);
        numbers.map(|number| (number, work(number))).collect::<Vec<_>>()
    };
    let mut all = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(count)).map(|_| scope.spawn(share)).collect();
        let mut all = share();
        for other in others {
            all.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        all
    });
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, outcome)| outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_worked_on_once_and_stands_in_its_place() {
        for threads in [0, 1, 2, 7] {
            for count in [0, 1, 2, 100] {
                assert_eq!(each(count, threads, |number| 3 * number), (0..count).map(|number| 3 * number).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    #[should_panic(expected = "the seventh")]
    fn a_panic_reaches_the_caller() {
        each(20, 3, |number| assert!(number != 7, "the seventh"));
    }
}
