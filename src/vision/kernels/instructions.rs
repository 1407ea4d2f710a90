//! The choice of instructions.

use std::sync::OnceLock;

use super::plain::{Job, Kernel, Plain};
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};

/// Which instructions are used, the slowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::vision) enum Instructions {
    /// What every processor has.
    Plain,
    /// AVX2.
    Avx2,
    /// AVX-512 with byte products (VNNI).
    Avx512,
}

impl Instructions {
    /// The best that this processor has; looked up once.
    pub(in crate::vision) fn best() -> Self {
        static BEST: OnceLock<Instructions> = OnceLock::new();
        *BEST.get_or_init(|| Self::all().last().copied().unwrap_or(Self::Plain))
    }

    /// All that this processor has, the slowest first.
    pub(in crate::vision) fn all() -> Vec<Self> {
        let mut all = vec![Self::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            if avx2::available() {
                all.push(Self::Avx2);
            }
            if avx512::available() {
                all.push(Self::Avx512);
            }
        }
        all
    }

    /// Pixels that stand side by side in one word of an expanded picture and of a packed template.
    pub(in crate::vision) fn group(self) -> usize {
        match self {
            Self::Plain => Plain::GROUP,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::Avx2::GROUP,
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => avx512::Avx512::GROUP,
            #[cfg(not(target_arch = "x86_64"))]
            _ => Plain::GROUP,
        }
    }

    /// Does `job` with these instructions.
    pub(in crate::vision) fn run<J: Job>(self, job: J) -> J::Outcome {
        match self {
            Self::Plain => job.run::<Plain>(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::run(job),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => avx512::run(job),
            #[cfg(not(target_arch = "x86_64"))]
            _ => job.run::<Plain>(),
        }
    }
}
